import { css, html, nothing, type TemplateResult } from "lit";
import { checkIcon, errorIcon, infoIcon, warningIcon } from "./basic-icons.ts";

export interface Callout {
  tone: "info" | "success" | "warning" | "danger";
  title?: string | undefined;
  text?: string | TemplateResult | undefined;
  /** A button or link, in `.button` looks. */
  action?: TemplateResult | typeof nothing | undefined;
}

const ICON = { info: infoIcon, success: checkIcon, warning: warningIcon, danger: errorIcon };

/** Words that need attention, with what to do. A danger is announced at once, the others politely. */
export const callout = ({ tone, title, text, action }: Callout): TemplateResult => html`
  <div class="callout ${tone}" part="callout callout-${tone}" role=${tone === "danger" ? "alert" : "status"}>
    ${ICON[tone]}
    <div class="callout-words">
      ${title ? html`<strong><bdi>${title}</bdi></strong>` : nothing}
      ${text ? html`<div>${typeof text === "string" ? html`<bdi>${text}</bdi>` : text}</div>` : nothing}
    </div>
    ${action ? html`<div class="callout-action">${action}</div>` : nothing}
  </div>
`;

/** For {@link callout}; needs `base` and `buttonStyles` where there is an action. */
export const calloutStyles = css`
  .callout {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 3) calc(var(--_space) * 2.5);
    padding: calc(var(--_space) * 2.5) calc(var(--_space) * 3);
    border-radius: var(--_radius);
    background: var(--_sunken);
    font-size: var(--_size-s);
  }

  .callout > .icon {
    align-self: flex-start;
    margin-block-start: 0.15em;
    color: var(--_muted);
  }

  .callout-words {
    flex: 1 1 12em;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .callout-words strong {
    font-weight: 600;
  }

  /* Taller than a line, it must not push the first line off the icon beside it. */
  .callout-action {
    margin-block: calc(var(--_space) * -1);
  }

  /* Beside it, the words would stand in a narrow column: there it has a line of its own, under them. */
  @container (width < 400px) {
    .callout-words {
      flex-basis: 75%;
    }

    .callout-action {
      margin-block: 0;
      margin-inline-start: calc(16px + var(--_space) * 2.5);
    }
  }

  .callout.success {
    background: var(--_success-soft);
  }

  .callout.warning {
    background: var(--_warning-soft);
  }

  .callout.danger {
    background: var(--_danger-soft);
  }

  .callout.success > .icon {
    color: var(--_success);
  }

  .callout.warning > .icon {
    color: var(--_warning);
  }

  .callout.danger > .icon {
    color: var(--_danger);
  }

  @media (forced-colors: active) {
    .callout {
      border: 1px solid CanvasText;
    }
  }
`;
