import { css, html, type TemplateResult } from "lit";

/** A spinner that shows itself after 250 ms, so that quick work does not flicker. `label` is read out. */
export const spinner = (label: string): TemplateResult =>
  html`<span class="spinner" role="status"><span class="visually-hidden">${label}</span></span>`;

/** For {@link spinner}; needs `base`. */
export const spinnerStyles = css`
  .spinner {
    display: inline-block;
    inline-size: 18px;
    block-size: 18px;
    border: 2px solid var(--_border-strong);
    border-block-start-color: var(--_accent);
    border-radius: 50%;
    opacity: 0;
    animation:
      spinner-appear var(--_duration) 250ms forwards,
      spinner-turn 800ms linear infinite;
  }

  @keyframes spinner-appear {
    to {
      opacity: 1;
    }
  }

  @keyframes spinner-turn {
    to {
      rotate: 1turn;
    }
  }
`;
