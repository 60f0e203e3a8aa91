import { html, nothing, type TemplateResult } from "lit";
import type { Option } from "../../shared/api/flow.ts";
import { define } from "../define.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { OptionsController } from "./options-controller.ts";
import { optionsNotice, optionsNoticeStyles } from "./options-notice.ts";

/** Radio buttons or checkboxes: all options in sight. */
export class ChoiceFieldElement extends FieldElement {
  static override styles = [...fieldStyles, ...optionsNoticeStyles];

  readonly #options = new OptionsController(this, () => ({ origin: this.field.options, field: this.path || this.field.key, whole: true }));

  override render(): TemplateResult {
    const shell = { ...this.shell, group: true };
    const isRadio = this.field.type === "radio";
    return fieldShell(
      shell,
      html`<div
        class="choices"
        role=${isRadio ? "radiogroup" : "group"}
        aria-labelledby="label"
        aria-describedby=${describedBy(shell)}
        aria-required=${this.required && isRadio ? "true" : nothing}
        aria-invalid=${shell.fault && isRadio ? "true" : nothing}
      >
        ${this.#options.items.map((option) => this.#renderChoice(option, isRadio))}
        ${optionsNotice(this.i18n, this.#options)}
      </div>`,
    );
  }

  #renderChoice(option: Option, isRadio: boolean): TemplateResult {
    const isChosen = isRadio ? this.value === option.value : this.#chosen.includes(option.value);
    return html`<label class="choice">
      <input
        type=${isRadio ? "radio" : "checkbox"}
        name="choice"
        ?disabled=${this.disabled}
        .checked=${isChosen}
        @change=${() => this.send(isRadio ? option.value : this.#toggled(option.value), true)}
      />
      <span><bdi>${option.label}</bdi></span>
    </label>`;
  }

  get #chosen(): unknown[] {
    return Array.isArray(this.value) ? this.value : [];
  }

  /** In the order of the options, whatever the order of the clicks. */
  #toggled(value: Option["value"]): unknown[] {
    const chosen = this.#chosen;
    if (chosen.includes(value)) return chosen.filter((one) => one !== value);
    const order = this.#options.items.map((option) => option.value as unknown);
    return [...chosen, value].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  }
}

define("inlay-choice-field", ChoiceFieldElement);
