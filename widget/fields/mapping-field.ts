import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { Option } from "../../shared/api/flow.ts";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { buttonStyles } from "../ui/button.ts";
import "../ui/combobox.ts";
import type { ComboboxElement } from "../ui/combobox.ts";
import { describedBy, type FieldShell, fieldShell } from "../ui/field-shell.ts";
import type { Choice } from "../ui/filter-choices.ts";
import { closeIcon, forwardIcon, plusIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { comboboxWords } from "./combobox-words.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";
import { begun, findUnmapped, findVanished, isExpression, isHalf, layRows, type MappingRow, type Row, readBegun } from "./mapping-rows.ts";
import { OptionsController } from "./options-controller.ts";
import { optionsNotice, optionsNoticeStyles } from "./options-notice.ts";
import { pairStyles } from "./pair-styles.ts";
import { type Pair, suggestPairs } from "./suggest-pairs.ts";

type Value = Option["value"];

/**
 * Which source field goes into which target field. Held as `[{from, to}]`, the values of the options. Targets that must be mapped stand
 * there from the start; rows that the apps offer no longer are kept and marked, and one that lacks a side is kept as it was begun.
 */
export class MappingFieldElement extends FieldElement {
  static override styles = [...fieldStyles, buttonStyles, skeletonStyles, ...optionsNoticeStyles, pairStyles];

  readonly #from = new OptionsController(this, () => ({
    origin: this.field.from,
    field: `${this.path || this.field.key}.from`,
    whole: true,
  }));
  readonly #to = new OptionsController(this, () => ({ origin: this.field.to, field: `${this.path || this.field.key}.to`, whole: true }));
  @state() private rows: readonly Row[] = [];
  /** Rows whose source is being written as an expression, by id. */
  @state() private computed: ReadonlySet<string> = new Set();
  /** An expression as it is typed, before it is made one. */
  @state() private typed: { id: string; text: string } | undefined;
  @state() private said = "";
  #nextId = 1;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const read = readBegun(this.value);
    if (changed.has("value") && JSON.stringify(read) !== JSON.stringify(begun(this.rows))) this.rows = read.map(this.#toRow);
  }

  readonly #toRow = (pair: Pair): Row => ({ id: `row-${this.#nextId++}`, ...pair });

  get #suggested(): Pair[] {
    return this.#isKnown
      ? suggestPairs(
          this.#from.items,
          this.#to.items,
          this.rows.filter(({ from }) => from !== ""),
        )
      : [];
  }

  /** Both sides have answered. */
  get #isKnown(): boolean {
    return this.#from.items.length > 0 && this.#to.items.length > 0;
  }

  override render(): TemplateResult {
    const shell: FieldShell = { ...this.shell, group: true, aside: this.#renderSuggest() };
    return fieldShell(
      shell,
      html`<div class="pairs" part="mapping" role="group" aria-labelledby="label" aria-describedby=${describedBy(shell)}>
          ${this.#renderHead()} ${this.#renderBody()}
        </div>
        <span class="visually-hidden" role="status">${this.said}</span>`,
    );
  }

  #renderSuggest(): TemplateResult | typeof nothing {
    const count = this.#suggested.length;
    if (count === 0 || this.disabled) return nothing;
    return html`<button class="link" type="button" aria-describedby="label" @click=${this.#suggest}>${this.i18n.msg("field.mapping.suggest", { count })}</button>`;
  }

  #renderHead(): TemplateResult {
    const nameOf = (slot: string | undefined) => (slot === undefined ? undefined : this.#to.scope?.neighbour(slot)?.label);
    const from = nameOf(this.field.from?.account) ?? this.i18n.msg("field.mapping.from");
    const to = nameOf(this.field.to?.account) ?? this.i18n.msg("field.mapping.to");
    return html`<div class="head" aria-hidden="true">
      <span>${from}<span class="both"> · ${to}</span></span><span>${to}</span>
    </div>`;
  }

  #renderBody(): TemplateResult {
    const { i18n } = this;
    const stuck = [this.#from, this.#to].find((side) => side.missing !== undefined || side.error !== undefined);
    const rows = layRows(this.rows, this.#to.items);
    if (stuck && rows.length === 0) return html`<div class="blank">${optionsNotice(i18n, stuck)}</div>`;
    if (rows.length === 0 && (this.#from.isBusy || this.#to.isBusy)) {
      return html`<div class="waiting" aria-busy="true">${bone("long")}${bone("half")}${bone("long")}</div>`;
    }
    const vanished = this.#vanished;
    return html`
      ${rows.length === 0 ? html`<p class="blank">${i18n.msg("field.mapping.none")}</p>` : nothing}
      ${stuck ? html`<div class="blank">${optionsNotice(i18n, stuck)}</div>` : nothing}
      <div role="list">${repeat(
        rows,
        (row) => row.id,
        (row, index) => this.#renderRow(row, vanished, index + 1),
      )}</div>
      ${this.#renderFoot(vanished)}
    `;
  }

  #renderRow(row: MappingRow, vanished: readonly Row[], number: number): TemplateResult {
    const { i18n } = this;
    const target = row.to === "" ? undefined : this.#to.optionOf(row.to);
    const name = target?.label ?? i18n.msg("field.list.item", { number });
    const isGone = vanished.some(({ id }) => id === row.id);
    const isOpen = row.from === "" || row.to === "";
    const canClear = !this.disabled && (!row.isFixed || row.from !== "");
    return html`<div class=${["pair", isOpen && "open", row.id.startsWith("new") && "new"].filter(Boolean).join(" ")} role="listitem" data-row=${row.id}>
      <div class="side">${this.#renderSource(row, name)}${this.#renderSample(row.from)}${this.#renderMode(row, name)}</div>
      <span class="arrow">${forwardIcon}</span>
      <div class="side">
        ${row.isFixed && target ? this.#renderFixed(target) : this.#renderTarget(row, number)}
        ${isGone ? html`<p class="gone">${i18n.msg("field.mapping.gone")}</p>` : nothing}
      </div>
      ${
        canClear
          ? html`<button
              class="button ghost square compact"
              type="button"
              aria-label=${i18n.msg("field.mapping.clear", { label: name })}
              @click=${() => this.#clear(row)}
            >
              ${closeIcon}
            </button>`
          : nothing
      }
    </div>`;
  }

  #renderFixed(target: Option): TemplateResult {
    return html`<div class="fixed">
      <span><bdi>${target.label}</bdi><span class="field-required" aria-hidden="true">*</span></span>
      <span class="type">${[target.type, target.sample].filter(Boolean).join(" · ")}</span>
    </div>`;
  }

  #renderSource(row: MappingRow, name: string): TemplateResult {
    const fault = this.#faultAt(row, "from");
    const label = this.i18n.msg("field.mapping.source", { label: name });
    if (this.#isComputed(row)) return this.#renderExpression(row, label);
    return this.#renderSide(this.#from, { label, hideLabel: true, required: row.isFixed, fault }, row.from, this.#from.items, (from) =>
      this.#change(row, from, row.to),
    );
  }

  /** What the side of a row lacks, once the field has been found wanting. */
  #faultAt(row: MappingRow, side: "from" | "to"): string | undefined {
    return this.fault && isHalf(row) && row[side] === "" ? this.i18n.msg("field.fault.choose") : undefined;
  }

  #isComputed(row: MappingRow): boolean {
    return isExpression(row.from) || this.computed.has(row.id);
  }

  #renderExpression(row: MappingRow, label: string): TemplateResult {
    const example = this.#from.items[0]?.value ?? "name";
    const write = ({ target, type }: Event) => {
      const text = (target as HTMLInputElement).value;
      if (type === "input") this.typed = { id: row.id, text };
      else if (this.typed) this.typed = undefined;
      else return;
      const from = text.trim();
      this.#change(row, from === "" || isExpression(from) ? from : `{{ ${from} }}`, row.to, type !== "input");
    };
    return html`<input
      class="control mono"
      part="control"
      type="text"
      dir="ltr"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      placeholder="{{ item.${example} }}"
      aria-label=${label}
      ?disabled=${this.disabled}
      .value=${live(this.typed?.id === row.id ? this.typed.text : isExpression(row.from) ? row.from : "")}
      @input=${write}
      @blur=${write}
    />`;
  }

  /** For those who can: a source that is computed, in flows that apply the mapping themselves. */
  #renderMode(row: MappingRow, name: string): TemplateResult | typeof nothing {
    if (this.field.expressions !== true || this.disabled) return nothing;
    const isOn = this.#isComputed(row);
    const words = this.i18n.msg(isOn ? "field.mapping.choose" : "field.mapping.expression");
    return html`<button class="link mode" type="button" aria-label="${words}: ${name}" @click=${() => this.#turnMode(row, !isOn)}>${words}</button>`;
  }

  async #turnMode(row: MappingRow, isOn: boolean): Promise<void> {
    const computed = new Set(this.computed);
    if (isOn) computed.add(row.id);
    else computed.delete(row.id);
    this.computed = computed;
    if (isOn ? row.from !== "" : isExpression(row.from)) this.#change(row, isOn ? `{{ item.${row.from} }}` : "", row.to);
    await new Promise((resolve) => setTimeout(resolve));
    await this.updateComplete;
    const shown = [...this.renderRoot.querySelectorAll<HTMLElement>(".pair")].find((one) => one.dataset.row === row.id);
    shown?.querySelector<HTMLElement>("input, inlay-combobox")?.focus();
  }

  /** What stands in the source, as far as its app gives an example. */
  #renderSample(from: Value): TemplateResult | typeof nothing {
    const { sample, type } = (from === "" ? undefined : this.#from.optionOf(from)) ?? {};
    if (sample === undefined) return nothing;
    return html`<p class="sample" title=${type ?? nothing}>${this.i18n.msg("field.mapping.sample", { sample: cutSample(sample) })}</p>`;
  }

  #renderTarget(row: MappingRow, number: number): TemplateResult {
    const used = new Set(this.rows.map(({ to }) => to));
    const free = this.#to.items.filter((item) => item.value === row.to || (!used.has(item.value) && !item.required));
    const label = `${this.i18n.msg("field.mapping.target")}: ${this.i18n.msg("field.list.item", { number })}`;
    return this.#renderSide(this.#to, { label, hideLabel: true, fault: this.#faultAt(row, "to") }, row.to, free, (to) =>
      this.#change(row, row.from, to),
    );
  }

  #renderSide(
    side: OptionsController,
    shell: ComboboxElement["shell"],
    value: Value,
    items: readonly Option[],
    choose: (value: Value) => void,
  ) {
    const isGone = findVanished([{ from: "", to: value }], { to: side.isComplete ? side.items : undefined }).length > 0;
    return html`<inlay-combobox
      exportparts=${FIELD_PARTS}
      .shell=${shell}
      .choices=${items.map(toChoice)}
      .chosen=${value === "" ? [] : [toChoice(side.optionOf(value))]}
      .vanished=${new Set(isGone ? [value] : [])}
      .words=${comboboxWords(this.i18n)}
      ?busy=${side.isBusy}
      ?disabled=${this.disabled}
      placeholder=${this.i18n.msg("field.choose")}
      @combobox-choose=${(event: CustomEvent<{ choice: Choice }>) => choose(event.detail.choice.value)}
    ></inlay-combobox>`;
  }

  #renderFoot(vanished: readonly Row[]): TemplateResult {
    const { i18n } = this;
    const unmapped = findUnmapped(this.rows, this.#to.items);
    const isFull = this.#to.isComplete && this.#to.items.every((item) => item.required || this.rows.some((row) => row.to === item.value));
    const names = i18n.list(unmapped.map((target) => target.label));
    return html`<div class="foot">
      <button class="button ghost compact" id="add" type="button" aria-labelledby="add label" ?disabled=${this.disabled || isFull || !this.#isKnown} @click=${this.#add}>
        ${plusIcon} ${i18n.msg("field.mapping.add")}
      </button>
      ${
        vanished.length > 0 && !this.disabled
          ? html`<button class="link" type="button" @click=${this.#dropVanished}>${i18n.msg("field.mapping.dropGone", { count: vanished.length })}</button>`
          : unmapped.length > 0 && this.fault?.code !== "unmapped"
            ? html`<span>${i18n.msg("field.mapping.open", { count: unmapped.length, names })}</span>`
            : nothing
      }
    </div>`;
  }

  get #vanished(): Row[] {
    return findVanished(this.rows, {
      from: this.#from.isComplete ? this.#from.items : undefined,
      to: this.#to.isComplete ? this.#to.items : undefined,
    });
  }

  override findFault(): FaultAt | undefined {
    const unmapped = this.#to.isComplete ? findUnmapped(this.rows, this.#to.items) : [];
    if (unmapped.length > 0)
      return { code: "unmapped", message: "", params: { label: this.i18n.list(unmapped.map((target) => target.label)) } };
    return this.rows.some(isHalf) ? { code: "required", message: "" } : undefined;
  }

  /** The first side that lacks, or the first control. */
  override focus(options?: FocusOptions): void {
    const rows = layRows(this.rows, this.#to.items);
    const at = rows.findIndex(isHalf);
    const side = `.pair:nth-child(${at + 1}) .side:nth-of-type(${rows[at]?.from === "" ? 1 : 2})`;
    (
      this.renderRoot.querySelector<HTMLElement>(`${side} :is(input, inlay-combobox)`) ??
      this.renderRoot.querySelector<HTMLElement>("inlay-combobox, button")
    )?.focus(options);
  }

  #change(row: MappingRow, from: Value, to: Value, commit = true): void {
    const changed = { id: row.id, from, to };
    const isNew = this.rows.every(({ id }) => id !== row.id);
    this.#set(isNew ? [...this.rows, changed] : this.rows.map((one) => (one.id === row.id ? changed : one)), commit);
  }

  #clear(row: MappingRow): void {
    const index = [...this.renderRoot.querySelectorAll<HTMLElement>(".pair")].findIndex((one) => one.dataset.row === row.id);
    this.#set(this.rows.filter(({ id }) => id !== row.id));
    void this.#focusRow(index);
  }

  #add = () => {
    this.rows = [...this.rows, { id: `new-${this.#nextId++}`, from: "", to: "" }];
    void this.#focusRow(Number.POSITIVE_INFINITY);
  };

  async #focusRow(index: number): Promise<void> {
    await this.updateComplete;
    await Promise.resolve();
    const rows = this.renderRoot.querySelectorAll(".pair");
    const row = rows[Math.min(index, rows.length - 1)];
    (row?.querySelector<HTMLElement>("inlay-combobox") ?? this.renderRoot.querySelector<HTMLElement>(".foot button"))?.focus();
  }

  #suggest = () => {
    const suggested = this.#suggested;
    this.said = this.i18n.msg("field.mapping.suggested", { count: suggested.length });
    const rows = this.rows.filter((row) => row.from !== "" || !suggested.some(({ to }) => to === row.to));
    this.#set([...rows, ...suggested.map(this.#toRow)]);
  };

  #dropVanished = () => {
    const vanished = this.#vanished;
    this.#set(this.rows.filter((row) => !vanished.includes(row)));
  };

  /** A fault that is shown is judged anew with every change, so that it leaves when the last required target is mapped. */
  #set(rows: readonly Row[], commit = true): void {
    this.rows = rows;
    this.send(begun(rows), commit, this.fault && this.findFault());
  }
}

/** Cut by letters: at the end of its line, whatever way the page runs, its beginning would be lost. */
const cutSample = (sample: string) => (sample.length > 40 ? `${sample.slice(0, 40)}…` : sample);

const toChoice = ({ value, label, group, type, sample, required }: Option): Choice => ({
  value,
  label,
  group,
  detail: sample ?? type,
  required,
});

define("inlay-mapping-field", MappingFieldElement);
