// Buttons are native: `<button class="button primary">`. Busy is `aria-busy="true"`: the label stays, a spinner joins after 250 ms.
import { css } from "lit";

/** Looks of `.button` (secondary unless it is `primary`, `ghost` or `danger`; `compact`, `square`) and of `.link`, a button that reads as
 * text; `.link.back` leads back, its arrow in line with what stands below. */
export const buttonStyles = css`
  .button {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_space) * 1.5);
    min-block-size: var(--_control);
    padding: calc(var(--_space) * 1) calc(var(--_space) * 3);
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow-control);
    color: var(--_text);
    font-size: var(--_size);
    font-weight: 500;
    line-height: 1.3;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    transition:
      background-color var(--_duration),
      border-color var(--_duration),
      color var(--_duration),
      opacity var(--_duration);
  }

  .button:hover {
    background: var(--_sunken);
  }

  .button:active {
    background: var(--_border);
  }

  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:hover {
    background: var(--_accent-hover);
  }

  .button.danger {
    border-color: transparent;
    background: var(--_danger-fill);
    color: #fff;
  }

  .button.danger:hover {
    background: oklch(from var(--_danger-fill) calc(l - 0.04) c h);
  }

  .button.ghost {
    border-color: transparent;
    background: transparent;
    box-shadow: none;
    color: var(--_muted);
  }

  .button.ghost:hover {
    background: var(--_sunken);
    color: var(--_text);
  }

  .button.compact {
    min-block-size: calc(var(--_space) * 7);
    padding-block: 0;
    padding-inline: calc(var(--_space) * 2.5);
    font-size: var(--_size-s);
  }

  .button.square {
    inline-size: var(--_control);
    padding-inline: 0;
  }

  .button.square.compact {
    inline-size: calc(var(--_space) * 7);
  }

  .button:disabled,
  .button[aria-disabled="true"] {
    opacity: 0.5;
    cursor: default;
  }

  .button[aria-busy="true"] {
    cursor: progress;
  }

  .button[aria-busy="true"]::before {
    content: "";
    inline-size: 14px;
    block-size: 14px;
    flex: none;
    border: 2px solid currentColor;
    border-block-start-color: transparent;
    border-radius: 50%;
    animation:
      button-appear 1ms linear 250ms both,
      button-turn 800ms linear 250ms infinite;
  }

  .button .icon {
    margin-inline: -2px;
  }

  .link {
    min-block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_accent-text);
    font-weight: 500;
    cursor: pointer;
  }

  .link:hover {
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .link.back {
    display: inline-flex;
    align-items: center;
    gap: var(--_space);
    overflow-x: clip;
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .back .icon {
    margin-inline-start: calc(var(--_space) * -1);
  }

  .icon.flips:dir(rtl) {
    scale: -1 1;
  }

  @keyframes button-appear {
    from {
      display: none;
    }
  }

  @keyframes button-turn {
    to {
      rotate: 1turn;
    }
  }

  @media (forced-colors: active) {
    .button.primary {
      border-color: ButtonText;
    }

    .button[aria-pressed="true"] {
      border-color: Highlight;
      forced-color-adjust: none; /* words have no ground of their own then */
      background: Highlight !important;
      color: HighlightText !important;
    }
  }
`;
