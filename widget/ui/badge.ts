import { css, html, type TemplateResult } from "lit";

export type Tone = "neutral" | "accent" | "success" | "warning" | "danger";

/** A status in a word, with a dot that says the same in colour. */
export const badge = (tone: Tone, text: string): TemplateResult => html`<span class="badge ${tone}" part="badge">${text}</span>`;

/** For {@link badge}; `plain` leaves out the pill and keeps dot and word. */
export const badgeStyles = css`
  .badge {
    display: inline-flex;
    align-items: center;
    gap: calc(var(--_space) * 1.5);
    min-block-size: 20px;
    padding-inline: calc(var(--_space) * 2);
    border-radius: 99px;
    background: var(--_sunken);
    color: var(--_muted);
    font-size: var(--_size-xs);
    font-weight: 500;
    line-height: 1.3;
    white-space: nowrap;
  }

  .badge::before {
    content: "";
    flex: none;
    border: 3px solid;
    border-radius: 50%;
  }

  .badge.accent {
    background: var(--_accent-soft);
    color: var(--_accent-text);
  }

  .badge.success {
    background: var(--_success-soft);
    color: var(--_success);
  }

  .badge.warning {
    background: var(--_warning-soft);
    color: var(--_warning);
  }

  .badge.danger {
    background: var(--_danger-soft);
    color: var(--_danger);
  }

  .plain .badge {
    padding: 0;
    background: none;
  }

  @media (forced-colors: active) {
    .badge {
      border: 1px solid CanvasText;
    }

    .plain .badge {
      border: 0;
    }
  }
`;
