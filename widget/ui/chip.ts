import { css, html, type TemplateResult } from "lit";

/** A filter that is on or off. */
export const chip = (label: string, isOn: boolean, onToggle: () => void): TemplateResult => html`
  <button class="chip" part="chip" type="button" aria-pressed=${isOn ? "true" : "false"} @click=${onToggle}>${label}</button>
`;

/** For {@link chip}. */
export const chipStyles = css`
  .chip {
    min-block-size: 28px;
    padding: 2px calc(var(--_space) * 2.75);
    border: 1px solid var(--_border);
    border-radius: 99px;
    background: transparent;
    color: var(--_muted);
    font-size: var(--_size-s);
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background-color var(--_duration),
      border-color var(--_duration),
      color var(--_duration);
  }

  .chip:hover {
    border-color: var(--_border-strong);
    color: var(--_text);
  }

  .chip[aria-pressed="true"] {
    border-color: transparent;
    background: var(--_accent-soft);
    color: var(--_accent-text);
  }

  @media (forced-colors: active) {
    .chip[aria-pressed="true"] {
      border-color: Highlight;
      forced-color-adjust: none; /* words have no ground of their own then */
      background: Highlight;
      color: HighlightText;
    }
  }
`;
