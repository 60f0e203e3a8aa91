import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { Option } from "../../shared/api/flow.ts";
import { define } from "../define.ts";
import { buttonStyles } from "../ui/button.ts";
import "../ui/combobox.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { dirOf } from "../ui/control.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import type { Choice } from "../ui/filter-choices.ts";
import { closeIcon, forwardIcon, plusIcon } from "../ui/icons.ts";
import { comboboxWords } from "./combobox-words.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";
import { begun, isHalf, readBegun } from "./mapping-rows.ts";
import { OptionsController } from "./options-controller.ts";
import { optionsNotice, optionsNoticeStyles } from "./options-notice.ts";
import { pairStyles } from "./pair-styles.ts";
import type { Pair } from "./suggest-pairs.ts";

type Value = Option["value"];
interface Row extends Pair {
  id: number;
}

/** Which value of one app becomes which value of the other. A side with options is chosen from them, a side without is typed. */
export class ValueMapFieldElement extends FieldElement {
  static override styles = [...fieldStyles, buttonStyles, ...optionsNoticeStyles, pairStyles];

  readonly #from = new OptionsController(this, () => ({
    origin: this.field.from,
    field: `${this.path || this.field.key}.from`,
    whole: true,
  }));
  readonly #to = new OptionsController(this, () => ({ origin: this.field.to, field: `${this.path || this.field.key}.to`, whole: true }));
  @state() private rows: readonly Row[] = [];
  #nextId = 1;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("value") || JSON.stringify(readBegun(this.value)) === JSON.stringify(begun(this.rows))) return;
    this.rows = readBegun(this.value).map((pair) => ({ id: this.#nextId++, ...pair }));
  }

  override findFault(): FaultAt | undefined {
    return faultOf(this.rows);
  }

  /** The side that lacks, or the first control. */
  override focus(options?: FocusOptions): void {
    const at = this.rows.findIndex(isHalf);
    const side = this.rows[at]?.from === "" ? 1 : 2;
    const open = this.renderRoot.querySelector<HTMLElement>(
      `.pair:nth-child(${at + 1}) .side:nth-of-type(${side}) :is(input, inlay-combobox)`,
    );
    if (open) open.focus(options);
    else super.focus(options);
  }

  override render(): TemplateResult {
    const { i18n } = this;
    const shell = { ...this.shell, group: true };
    return fieldShell(
      shell,
      html`<div class="pairs" part="mapping" role="group" aria-labelledby="label" aria-describedby=${describedBy(shell)}>
        <div class="head" aria-hidden="true">
          <span>${this.#sideName("from")}<span class="both"> · ${this.#sideName("to")}</span></span><span>${this.#sideName("to")}</span>
        </div>
        ${this.rows.length === 0 ? html`<p class="blank">${i18n.msg("field.valueMap.none")}</p>` : nothing}
        <div role="list">${repeat(
          this.rows,
          (row) => row.id,
          (row, index) => this.#renderRow(row, index + 1),
        )}</div>
        <div class="foot">
          <button class="button ghost compact" id="add" type="button" aria-labelledby="add label" ?disabled=${this.disabled} @click=${this.#add}>${plusIcon} ${i18n.msg("field.list.add")}</button>
          ${[this.#from, this.#to].map((side) => optionsNotice(i18n, side))}
        </div>
      </div>`,
    );
  }

  /** The app that a side's values come from, where one does. */
  #sideName(side: "from" | "to"): string {
    const account = this.field[side]?.account;
    const app = account === undefined ? undefined : this.#from.scope?.neighbour(account)?.label;
    return app ?? this.i18n.msg(side === "from" ? "field.mapping.from" : "field.mapping.to");
  }

  #renderRow(row: Row, number: number): TemplateResult {
    const { i18n } = this;
    const name = i18n.msg("field.list.item", { number });
    return html`<div class="pair" role="listitem">
      <div class="side">${this.#renderSide(row, "from", this.#from, `${i18n.msg("field.mapping.from")}: ${name}`)}</div>
      <span class="arrow">${forwardIcon}</span>
      <div class="side">${this.#renderSide(row, "to", this.#to, `${i18n.msg("field.mapping.to")}: ${name}`)}</div>
      <button
        class="button ghost square compact"
        type="button"
        ?disabled=${this.disabled}
        aria-label=${i18n.msg("field.remove", { label: name })}
        @click=${() => this.#set(this.rows.filter((one) => one.id !== row.id))}
      >
        ${closeIcon}
      </button>
    </div>`;
  }

  #renderSide(row: Row, key: "from" | "to", side: OptionsController, label: string): TemplateResult {
    const put = (value: Value, commit = true) =>
      this.#set(
        this.rows.map((one) => (one.id === row.id ? { ...one, [key]: value } : one)),
        commit,
      );
    if (!this.field[key]) {
      return html`<input
        class="control"
        part="control"
        type="text"
        dir=${dirOf(String(row[key]))}
        aria-label=${label}
        ?disabled=${this.disabled}
        .value=${live(String(row[key]))}
        @input=${(event: InputEvent) => put((event.target as HTMLInputElement).value, false)}
        @change=${(event: Event) => put((event.target as HTMLInputElement).value)}
      />`;
    }
    const taken = new Set(key === "from" ? this.rows.filter((one) => one.id !== row.id).map((one) => one.from) : []);
    return html`<inlay-combobox
      exportparts=${FIELD_PARTS}
      .shell=${{ label, hideLabel: true }}
      .choices=${side.items.filter((item) => !taken.has(item.value))}
      .chosen=${row[key] === "" ? [] : [side.optionOf(row[key])]}
      .words=${comboboxWords(this.i18n)}
      ?busy=${side.isBusy}
      ?disabled=${this.disabled}
      placeholder=${this.i18n.msg("field.choose")}
      @combobox-choose=${(event: CustomEvent<{ choice: Choice }>) => put(event.detail.choice.value)}
    ></inlay-combobox>`;
  }

  #add = async () => {
    this.rows = [...this.rows, { id: this.#nextId++, from: "", to: "" }];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".pair:last-child :is(input, inlay-combobox)")?.focus();
  };

  #set(rows: readonly Row[], commit = true): void {
    this.rows = rows;
    this.send(begun(rows), commit, this.fault && faultOf(rows));
  }
}

const faultOf = (rows: readonly Pair[]): FaultAt | undefined =>
  rows.some(isHalf) ? { code: "rule", message: "", say: "field.fault.required" } : undefined;

define("inlay-value-map-field", ValueMapFieldElement);
