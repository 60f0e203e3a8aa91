import { html, nothing, type TemplateResult } from "lit";
import type { Option } from "../../shared/api/flow.ts";
import { define } from "../define.ts";
import type { ComboboxElement } from "../ui/combobox.ts";
import "../ui/combobox.ts";
import type { Choice } from "../ui/filter-choices.ts";
import { comboboxWords } from "./combobox-words.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";
import { OptionsController } from "./options-controller.ts";
import { optionsNotice, optionsNoticeStyles } from "./options-notice.ts";

/** Choose one (select) or several (multiselect) options, given or asked for. */
export class SelectFieldElement extends FieldElement {
  static override styles = [...fieldStyles, ...optionsNoticeStyles];

  readonly #options = new OptionsController(this, () => ({ origin: this.field.options, field: this.path || this.field.key }));

  override render(): TemplateResult {
    const { field, i18n } = this;
    const options = this.#options;
    const isMany = field.type === "multiselect";
    const chosen = this.#values.map((value) => options.optionOf(value));
    const known = new Set(options.items.map((option) => option.value));
    const vanished = new Set(options.isComplete ? this.#values.filter((value) => !known.has(value)) : []);
    const gone = vanished.size > 0 && !this.fault;
    const notice = optionsNotice(i18n, options);
    const isWaiting = options.missing !== undefined;
    const failed = i18n.msg("field.optionsFailed");
    return html`<div class="field">
      <inlay-combobox
      exportparts=${FIELD_PARTS}
        .shell=${this.shell}
        .choices=${options.items.map(toChoice)}
        .chosen=${chosen.map(toChoice)}
        .vanished=${vanished}
        ?unnamed=${this.#values.some((value) => options.isUnnamed(value))}
        .words=${options.error === undefined ? comboboxWords(i18n) : { ...comboboxWords(i18n), empty: failed, noMatch: failed }}
        .hasMore=${options.hasMore}
        .remote=${options.isRemote}
        ?multiple=${isMany}
        ?clearable=${!this.required || isMany}
        ?busy=${options.isBusy}
        ?disabled=${this.disabled || (isWaiting && chosen.length === 0)}
        placeholder=${field.placeholder ?? i18n.msg(isMany ? "field.chooseMany" : "field.choose")}
        @combobox-search=${(event: CustomEvent<{ text: string }>) => options.search(event.detail.text)}
        @combobox-more=${() => options.more()}
        @combobox-choose=${(event: CustomEvent<{ choice: Choice }>) => this.#choose(event.detail.choice.value)}
        @combobox-clear=${() => this.send(isMany ? [] : null, true)}
      ></inlay-combobox>
      ${isWaiting || options.error !== undefined ? notice : nothing}
      ${gone ? html`<p class="notice warning" role="status">${i18n.msg("field.vanished", { names: i18n.list([...vanished].map(String)) })}</p>` : nothing}
    </div>`;
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<ComboboxElement>("inlay-combobox")?.focus(options);
  }

  get #values(): Option["value"][] {
    return (Array.isArray(this.value) ? this.value : [this.value]).filter(isScalar);
  }

  #choose(value: Option["value"]): void {
    if (this.field.type !== "multiselect") this.send(value, true);
    else this.send(this.#values.includes(value) ? this.#values.filter((one) => one !== value) : [...this.#values, value], true);
  }
}

const isScalar = (value: unknown): value is Option["value"] =>
  typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value !== "");
const toChoice = ({ value, label, group, type, sample }: Option): Choice => ({ value, label, group, detail: sample ?? type });

define("inlay-select-field", SelectFieldElement);
