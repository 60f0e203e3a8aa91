import { css, html, type TemplateResult } from "lit";

/** The shape of text that is on its way; `size` is a class: `short`, `half`, `long`, `tile` or `title`. */
export const bone = (size: "short" | "half" | "long" | "tile" | "title" = "long"): TemplateResult =>
  html`<span class="bone ${size}"></span>`;

/**
 * For {@link bone}. Put `aria-hidden` on the group and say "Loading" once in a live region. It breathes late and by its colour: what comes
 * soon has nothing to draw, and an opacity that changes needs a layer of its own, which put off the first cards.
 */
export const skeletonStyles = css`
  .bone {
    display: block;
    block-size: 0.8em;
    inline-size: 92%;
    border-radius: var(--_radius-s);
    background: var(--_border);
    animation: bone-breathe 1.6s ease-in-out 0.4s infinite alternate;
  }

  .bone.short {
    inline-size: 28%;
  }

  .bone.half {
    inline-size: 55%;
  }

  .bone.title {
    block-size: 1.1em;
    inline-size: 45%;
  }

  .bone.tile {
    block-size: 36px;
    inline-size: 36px;
    border-radius: var(--_radius);
  }

  @keyframes bone-breathe {
    to {
      background: color-mix(in srgb, var(--_border) 50%, transparent);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .bone {
      animation: none;
    }
  }
`;
