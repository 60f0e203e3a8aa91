import { css, html, nothing, type TemplateResult } from "lit";
import { define } from "../define.ts";
import { describedBy } from "../ui/field-shell.ts";
import { errorIcon } from "../ui/icons.ts";
import { switchStyles } from "../ui/switch.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

/** On or off: a switch beside its words, which can be clicked as well. */
export class ToggleFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    switchStyles,
    css`
      .toggle {
        display: flex;
        align-items: flex-start;
        gap: calc(var(--_space) * 3);
      }

      .words {
        display: grid;
        flex: 1;
        gap: calc(var(--_space) * 1.5);
        min-inline-size: 0;
      }

      label {
        min-block-size: 24px;
        padding-block: 2px;
        cursor: pointer;
      }
    `,
  ];

  override render(): TemplateResult {
    const { shell } = this;
    const isOn = this.value === true;
    return html`<div class="field" part="field">
      <div class="toggle">
        <button
          class="switch"
          part="switch"
          id="control"
          type="button"
          role="switch"
          aria-checked=${isOn ? "true" : "false"}
          aria-labelledby="label"
          aria-describedby=${describedBy(shell)}
          ?disabled=${this.disabled}
          @click=${() => this.send(!isOn, true)}
        ></button>
        <div class="words">
          <label class="field-label" id="label" for="control" part="field-label"><bdi>${shell.label}</bdi></label>
          ${shell.help ? html`<p class="field-help" id="help" part="field-help"><bdi>${shell.help}</bdi></p>` : nothing}
        </div>
      </div>
      <div class="field-fault" id="fault" part="field-fault" aria-live="polite">${shell.fault ? html`${errorIcon}<span>${shell.fault}</span>` : nothing}</div>
    </div>`;
  }
}

define("inlay-toggle-field", ToggleFieldElement);
