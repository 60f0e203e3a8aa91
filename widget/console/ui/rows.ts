import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../../define.ts";
import { go } from "../app/place.ts";
import { styled } from "./styled.ts";
import { viewStyles } from "./view-styles.ts";

/** One column of {@link RowsElement}. `width` is a grid track; on a phone `main` stands first, `below` under it, `end` beside it, others are left out. `cell` is told whether it is drawn for a phone. */
export interface Column<T> {
  key: string;
  label: string;
  width: string;
  cell: (row: T, isNarrow: boolean) => unknown;
  narrow?: "main" | "below" | "end";
  align?: "end";
}

const TALL = 56;
const LOW = 42;
/** Rows drawn beyond what is seen, either way. */
const SPARE = 8;
const NARROW = 620;

/**
 * A list of any length that draws only what is seen: 10,000 rows scroll as ten do. `j`, `k` and arrows move, Enter opens, `x` selects
 * (Shift with a click selects up to there). Fires `rows-end` near the end of what it has, and `rows-select` with the ids that are chosen.
 */
export class RowsElement<T = unknown> extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-block-size: 0;
      }

      .table {
        flex: 1;
        min-block-size: 0;
        overflow: auto;
        overscroll-behavior: contain;
      }

      .heads,
      .row {
        display: grid;
        grid-template-columns: var(--tracks);
        align-items: center;
        column-gap: calc(var(--_space) * 3);
        padding-inline: calc(var(--_space) * 5);
      }

      .top {
        position: sticky;
        inset-block-start: 0;
        z-index: 2;
      }

      .heads {
        min-block-size: 32px;
        border-block-end: 1px solid var(--_border);
        background: var(--_background);
        color: var(--_muted);
        font-size: var(--_size-xs);
        font-weight: 500;
      }

      .space {
        position: relative;
      }

      .row {
        --tile-size: 22px;

        position: absolute;
        inset-inline: 0;
        border-block-end: 1px solid color-mix(in oklab, var(--_border) 60%, transparent);
      }

      .row:hover,
      .row:focus-within {
        background: color-mix(in oklab, var(--_sunken) 70%, transparent);
      }

      .row.chosen {
        background: var(--_accent-soft);
      }

      .cell {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        min-inline-size: 0;
        white-space: nowrap;
        overflow: hidden;
      }

      .cell > * {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .cell .badge,
      .cell .more,
      .cell .tile,
      .cell .tiles {
        flex: none;
      }

      .cell.end,
      .title.end {
        justify-content: flex-end;
        text-align: end;
      }

      .cell a {
        color: inherit;
        font-weight: 500;
        text-decoration: none;
      }

      .cell a.open {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
      }

      .cell a.open > * {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .cell a.open::after {
        content: "";
        position: absolute;
        inset: 0;
      }

      .cell a.open:focus-visible {
        outline: none;
      }

      .cell a.open:focus-visible::after {
        outline: 2px solid var(--_focus);
        outline-offset: -2px;
      }

      .cell button,
      .cell wa-switch,
      .cell inlay-menu {
        position: relative;
        z-index: 1;
      }

      .check {
        position: relative;
        z-index: 1;
      }

      .two {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        column-gap: calc(var(--_space) * 3);
        align-content: center;
        padding-inline: calc(var(--_space) * 4);
      }

      .two.choosing {
        grid-template-columns: auto minmax(0, 1fr) auto;
      }

      .two .pick {
        grid-row: 1 / 3;
      }

      .two .main,
      .two .below {
        grid-column: 1;
      }

      .two.choosing .main,
      .two.choosing .below {
        grid-column: 2;
      }

      .two .below {
        justify-content: flex-start;
        color: var(--_muted);
        font-size: var(--_size-s);
      }

      /* Below the words, not below the icon before them. */
      .two:has(.main .tile) .below {
        padding-inline-start: calc(var(--tile-size) + var(--_space) * 2);
      }

      .row:not(.two) .only-narrow {
        display: none;
      }

      .two .ends {
        grid-column: -2;
        grid-row: 1 / 3;
        justify-content: flex-end;
      }
    `,
  ];

  @property({ attribute: false }) columns: Column<T>[] = [];
  @property({ attribute: false }) rows: readonly T[] = [];
  @property({ attribute: false }) idOf: (row: T) => string = () => "";
  @property({ attribute: false }) hrefOf: (row: T) => string | undefined = () => undefined;
  /** Ids of the chosen rows; undefined where rows cannot be chosen. */
  @property({ attribute: false }) chosen: ReadonlySet<string> | undefined;
  @property() label = "";
  /** Read out for the box of a row. */
  @property({ attribute: "choose-label" }) chooseLabel = "Select";
  @state() private from = 0;
  @state() private count = 30;
  @state() private isNarrow = false;
  @query(".table") private table?: HTMLElement;
  #lastChosen: number | undefined;
  #focusAt: number | undefined;
  readonly #sizes = new ResizeObserver(() => this.#measure());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
    window.addEventListener("keydown", this.#press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    window.removeEventListener("keydown", this.#press);
  }

  get #height(): number {
    return this.isNarrow ? TALL : LOW;
  }

  override render(): TemplateResult {
    const height = this.#height;
    const shown = this.rows.slice(this.from, this.from + this.count);
    const tracks = [...(this.chosen ? ["24px"] : []), ...this.columns.map(({ width }) => width)].join(" ");
    // Where no row is a link, the keyboard scrolls the table itself.
    const hasLinks = shown.some((row) => this.hrefOf(row) !== undefined);
    return html`<div class="table" role="table" aria-label=${this.label} aria-rowcount=${this.rows.length + 1} tabindex=${hasLinks ? nothing : 0} @scroll=${this.#scroll} ${styled({ "--tracks": tracks })}>
      <div class="top" role="rowgroup">
        <div class=${this.isNarrow ? "visually-hidden" : "heads"} role="row">
          ${this.chosen ? html`<span role="columnheader"><span class="visually-hidden">${this.chooseLabel}</span></span>` : nothing}
          ${this.columns.map(({ label, align }) => html`<span class="title ${align ?? ""}" role="columnheader">${label || html`<span class="visually-hidden">–</span>`}</span>`)}
        </div>
      </div>
      <div class="space" role="rowgroup" ${styled({ "block-size": `${this.rows.length * height}px` })}>
        ${repeat(
          shown,
          (row) => this.idOf(row),
          (row, index) => this.#renderRow(row, this.from + index, height),
        )}
      </div>
    </div>`;
  }

  #renderRow(row: T, index: number, height: number): TemplateResult {
    const id = this.idOf(row);
    const isChosen = this.chosen?.has(id) ?? false;
    const { isNarrow } = this;
    const place = styled({ "block-size": `${height}px`, transform: `translateY(${index * height}px)` });
    const columns = isNarrow ? this.columns.filter(({ narrow }) => narrow) : this.columns;
    return html`<div class="row ${isNarrow ? "two" : ""} ${this.chosen ? "choosing" : ""} ${isChosen ? "chosen" : ""}" role="row" aria-rowindex=${index + 2} data-index=${index} ${place}>
      ${this.chosen ? html`<span class="cell pick" role="cell"><input class="check" type="checkbox" aria-label=${`${this.chooseLabel} ${id}`} .checked=${isChosen} @click=${(event: MouseEvent) => this.#choose(index, event.shiftKey)} /></span>` : nothing}
      ${columns.map(
        (column, at) =>
          html`<span class="cell ${column.align ?? ""} ${isNarrow ? (column.narrow === "end" ? "ends" : (column.narrow ?? "")) : ""}" role="cell">${at === 0 ? this.#renderFirst(row, column) : column.cell(row, isNarrow)}</span>`,
      )}
    </div>`;
  }

  #renderFirst(row: T, { cell }: Column<T>): unknown {
    const href = this.hrefOf(row);
    const words = cell(row, this.isNarrow);
    return href === undefined ? words : html`<a class="open" href=${href}>${words}</a>`;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("rows")) this.#measure();
    if (this.#focusAt === undefined) return;
    const link = this.#rowAt(this.#focusAt)?.querySelector<HTMLElement>("a.open, input, button");
    if (link) this.#focusAt = undefined;
    link?.focus({ preventScroll: true });
  }

  #rowAt(index: number): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`);
  }

  readonly #scroll = (): void => this.#measure();

  #measure(): void {
    const { table } = this;
    if (!table) return;
    this.isNarrow = this.clientWidth > 0 && this.clientWidth < NARROW;
    const height = this.#height;
    const first = Math.max(0, Math.floor(table.scrollTop / height) - SPARE);
    // In steps, so that a small move of the wheel draws nothing anew.
    this.from = first - (first % 4);
    this.count = Math.ceil(table.clientHeight / height) + SPARE * 2 + 4;
    const isNearEnd = table.scrollTop + table.clientHeight > this.rows.length * height - 600;
    if (isNearEnd && this.rows.length) this.dispatchEvent(new CustomEvent("rows-end"));
  }

  #choose(index: number, isRange: boolean): void {
    const chosen = new Set(this.chosen);
    const from = isRange && this.#lastChosen !== undefined ? Math.min(this.#lastChosen, index) : index;
    const to = isRange && this.#lastChosen !== undefined ? Math.max(this.#lastChosen, index) : index;
    const ids = this.rows.slice(from, to + 1).map(this.idOf);
    const isOn = !chosen.has(this.idOf(this.rows[index] as T));
    for (const id of ids) {
      if (isOn) chosen.add(id);
      else chosen.delete(id);
    }
    this.#lastChosen = index;
    this.dispatchEvent(new CustomEvent("rows-select", { detail: chosen }));
  }

  /** The row that has the focus; -1 where none has. */
  #focused(): number {
    const row = (this.renderRoot as ShadowRoot).activeElement?.closest<HTMLElement>("[data-index]");
    return row ? Number(row.dataset.index) : -1;
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || !this.rows.length || !this.checkVisibility()) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLElement && (/^(textarea|select)$/.test(target.localName) || target.isContentEditable)) return;
    if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
    const focused = this.#focused();
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isArrow && focused < 0) return;
    if (event.key === "j" || event.key === "ArrowDown") this.#moveTo(Math.min(focused + 1, this.rows.length - 1));
    else if (event.key === "k" || event.key === "ArrowUp") this.#moveTo(Math.max(focused - 1, 0));
    else if (event.key === "x" && focused >= 0 && this.chosen) this.#choose(focused, event.shiftKey);
    else if (event.key === "Enter" && focused >= 0 && target instanceof HTMLInputElement) {
      const href = this.hrefOf(this.rows[focused] as T);
      if (href) go(href);
    } else return;
    event.preventDefault();
  };

  #moveTo(index: number): void {
    const { table } = this;
    if (!table) return;
    const height = this.#height;
    const head = this.isNarrow ? 0 : 32;
    if (index * height < table.scrollTop) table.scrollTop = index * height;
    else if ((index + 1) * height + head > table.scrollTop + table.clientHeight)
      table.scrollTop = (index + 1) * height + head - table.clientHeight;
    this.#focusAt = index;
    this.#measure();
    this.requestUpdate();
  }
}

define("inlay-console-rows", RowsElement);
