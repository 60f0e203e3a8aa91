// What surrounds every control: label, help and fault, in the control's own shadow root so that ids can tie them together.
import { css, html, nothing, type TemplateResult } from "lit";
import { errorIcon } from "./icons.ts";

/** Ids in each field's shadow root: the control is `control`; label, help and fault are named after what they are. */
export interface FieldShell {
  label?: string | undefined;
  /** Keeps the label for those who listen, where the place says it to those who see. */
  hideLabel?: boolean | undefined;
  help?: string | undefined;
  fault?: string | undefined;
  required?: boolean | undefined;
  /** A group of controls (radio buttons, rows) has no single control for its label. */
  group?: boolean | undefined;
  /** At the end of the label's line: a small button or a count. */
  aside?: TemplateResult | typeof nothing | undefined;
}

/** A control with its label, help and fault. The control carries `aria-describedby=${describedBy(shell)}`. */
export const fieldShell = (shell: FieldShell, control: TemplateResult): TemplateResult => html`
  <div class="field" part="field">
    ${shell.label ? renderHead(shell) : nothing}
    ${shell.help ? html`<p class="field-help" id="help" part="field-help"><bdi>${shell.help}</bdi></p>` : nothing}
    ${control}
    <div class="field-fault" id="fault" part=${shell.fault ? "field-fault" : nothing} aria-live="polite">
      ${shell.fault ? html`${errorIcon}<span><bdi>${shell.fault}</bdi></span>` : nothing}
    </div>
  </div>
`;

const renderHead = ({ label, required, hideLabel, group, aside }: FieldShell): TemplateResult => {
  const words = html`<bdi>${label}</bdi>${required ? html`<span class="field-required" aria-hidden="true">*</span>` : nothing}`;
  return html`<div class=${hideLabel ? "visually-hidden" : "field-head"}>
    ${
      group
        ? html`<span class="field-label" id="label" part="field-label">${words}</span>`
        : html`<label class="field-label" id="label" part="field-label" for="control">${words}</label>`
    }
    ${aside ?? nothing}
  </div>`;
};

/** The ids for a control's `aria-describedby`. */
export const describedBy = ({ help, fault }: FieldShell): string | typeof nothing =>
  [help && "help", fault && "fault"].filter(Boolean).join(" ") || nothing;

/** For {@link fieldShell}; needs `base`. */
export const fieldShellStyles = css`
  .field {
    display: flex;
    flex-direction: column;
    gap: calc(var(--_space) * 1.5);
    min-inline-size: 0;
  }

  .field-head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: var(--_space) calc(var(--_space) * 3);
  }

  .field-label {
    font-weight: 500;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .field-required {
    margin-inline-start: 0.2em;
    color: var(--_danger);
  }

  .field-help {
    margin-block-start: calc(var(--_space) * -1);
    color: var(--_muted);
    font-size: var(--_size-s);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }

  .field-fault {
    display: flex;
    gap: calc(var(--_space) * 1.5);
    color: var(--_danger);
    font-size: var(--_size-s);
    line-height: 1.45;
    overflow-wrap: anywhere;
    animation: fault-in var(--_duration) ease-out;
  }

  .field-fault:not(:has(*)) {
    margin-block-start: calc(var(--_space) * -1.5);
  }

  .field-fault .icon {
    margin-block-start: 0.2em;
  }

  @keyframes fault-in {
    from {
      opacity: 0;
      translate: 0 -2px;
    }
  }
`;
