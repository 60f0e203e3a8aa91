import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import { base } from "../styles/base.ts";
import { comboboxList, listRows } from "./combobox-list.ts";
import { comboboxStyles } from "./combobox-styles.ts";
import { controlStyles } from "./control.ts";
import { describedBy, type FieldShell, fieldShell, fieldShellStyles } from "./field-shell.ts";
import { type Choice, filterChoices } from "./filter-choices.ts";
import { closeIcon, downIcon } from "./icons.ts";
import { placePopover } from "./place-popover.ts";
import { spinner, spinnerStyles } from "./spinner.ts";

/** The words that a combobox says by itself. */
export interface ComboboxWords {
  loading: string;
  empty: string;
  noMatch: string;
  clear: string;
  remove: (label: string) => string;
}

/** Rows drawn at first; the rest follow as the list is scrolled or searched. */
const DRAWN = 100;

/**
 * Choose one or several of a list that can be searched (ARIA 1.2 combobox with a listbox). It shows what is `chosen`; the caller changes it.
 *
 * @event combobox-open - the list opens
 * @event combobox-search - `{text}`, as typed
 * @event combobox-more - the end of the list came into view and `hasMore`
 * @event combobox-choose - `{choice}` to take, or to take away where it is chosen already (`multiple`)
 * @event combobox-clear - the choice is taken back
 */
export class ComboboxElement extends LitElement {
  static override styles = [base, controlStyles, fieldShellStyles, spinnerStyles, comboboxStyles];

  @property({ attribute: false }) shell: FieldShell = {};
  @property({ attribute: false }) choices: readonly Choice[] = [];
  @property({ attribute: false }) chosen: readonly Choice[] = [];
  /** Chosen values that the source no longer offers: struck through. */
  @property({ attribute: false }) vanished: ReadonlySet<Choice["value"]> = new Set();
  /** What is chosen shows as the value itself, whose name is not known. */
  @property({ type: Boolean, reflect: true }) unnamed = false;
  @property({ attribute: false }) words: ComboboxWords = { loading: "", empty: "", noMatch: "", clear: "", remove: (label) => label };
  @property({ type: Boolean }) multiple = false;
  @property({ type: Boolean }) clearable = false;
  @property({ type: Boolean }) disabled = false;
  /** The choices are on their way. */
  @property({ type: Boolean }) busy = false;
  @property({ attribute: false }) hasMore = false;
  /** The caller answers the search; otherwise `choices` are filtered here. */
  @property({ attribute: false }) remote = false;
  @property() placeholder = "";
  /** In the list's place: why there is nothing to choose. */
  @property({ attribute: false }) notice: TemplateResult | undefined;

  @state() private isOpen = false;
  @state() private isFocused = false;
  @state() private search = "";
  @state() private active = -1;
  @state() private drawn = DRAWN;

  @query("input") private input?: HTMLInputElement;
  @query("[popover]") private list?: HTMLElement;
  @query(".box") private box?: HTMLElement;

  override focus(options?: FocusOptions): void {
    this.input?.focus(options);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch(false);
    this.isOpen = false;
  }

  get #filtered(): Choice[] {
    return this.remote ? [...this.choices] : filterChoices(this.choices, this.search);
  }

  /** The rows in the order in which they are drawn. */
  get #rows(): Choice[] {
    return listRows(this.#filtered.slice(0, this.drawn));
  }

  override render(): TemplateResult {
    return fieldShell(this.shell, html`${this.#renderBox()}${this.#renderPopover()}`);
  }

  #renderBox(): TemplateResult {
    const { shell, disabled, multiple, chosen } = this;
    const single = multiple ? undefined : chosen[0];
    const clearable = this.clearable && !disabled && chosen.length > 0;
    const looks = [
      "control",
      "box",
      this.isFocused && "focused",
      shell.fault && "invalid",
      disabled && "disabled",
      clearable && "clearable",
    ];
    const isGone = single !== undefined && this.vanished.has(single.value);
    const rows = this.isOpen ? this.#rows : [];
    const text = this.isOpen && (this.search !== "" || multiple) ? this.search : (single?.label ?? "");
    return html`<div class=${[...looks, isGone && "vanished"].filter(Boolean).join(" ")} part="control" @mousedown=${this.#press}>
      ${multiple ? chosen.map((choice) => this.#renderChip(choice)) : nothing}
      <input
        id="control"
        role="combobox"
        type="text"
        dir=${text ? "auto" : nothing}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-autocomplete="list"
        aria-expanded=${this.isOpen ? "true" : "false"}
        aria-controls="list"
        aria-activedescendant=${rows[this.active] ? `option-${this.active}` : nothing}
        aria-label=${shell.label ? nothing : (this.ariaLabel ?? nothing)}
        aria-describedby=${describedBy(shell)}
        aria-required=${shell.required ? "true" : nothing}
        aria-invalid=${shell.fault ? "true" : "false"}
        placeholder=${chosen.length > 0 && multiple ? "" : this.placeholder}
        ?disabled=${disabled}
        .value=${live(text)}
        @input=${this.#type}
        @keydown=${this.#key}
        @focus=${this.#focused}
        @blur=${this.#blurred}
      />
      <div class="tools">
        ${
          clearable
            ? html`<button class="tool" type="button" tabindex="-1" aria-label=${this.words.clear} @click=${this.#clear}>${closeIcon}</button>`
            : nothing
        }
        <span>${this.busy && !this.isOpen ? spinner(this.words.loading) : downIcon}</span>
      </div>
    </div>`;
  }

  #renderChip(choice: Choice): TemplateResult {
    return html`<span class=${this.vanished.has(choice.value) ? "chip vanished" : "chip"}>
      <span dir="auto">${choice.label}</span>
      <button class="tool" type="button" aria-label=${this.words.remove(choice.label)} ?disabled=${this.disabled} @click=${() => this.#choose(choice)}>
        ${closeIcon}
      </button>
    </span>`;
  }

  #renderPopover(): TemplateResult {
    const list = comboboxList({
      label: this.shell.label ?? this.ariaLabel ?? "",
      choices: this.isOpen ? this.#filtered.slice(0, this.drawn) : [],
      chosen: this.chosen,
      active: this.active,
      isMultiple: this.multiple,
      onHover: (index) => {
        this.active = index;
      },
      onChoose: (choice) => this.#choose(choice),
    });
    return html`<div popover="manual" part="list" @scroll=${this.#scrolled} @mousedown=${(event: Event) => event.preventDefault()}>
      ${list} ${this.isOpen ? this.#renderNote() : nothing}
    </div>`;
  }

  #renderNote(): TemplateResult | typeof nothing {
    if (this.notice) return html`<div class="note" role="status">${this.notice}</div>`;
    if (this.busy) return html`<div class="note">${spinner(this.words.loading)}<span aria-hidden="true">${this.words.loading}</span></div>`;
    if (this.#filtered.length > 0) return nothing;
    return html`<div class="note" role="status">${this.search ? this.words.noMatch : this.words.empty}</div>`;
  }

  /** Enter takes the first match of what was typed, also where the choices came after the words. */
  protected override willUpdate(changed: PropertyValues): void {
    const isNew = (changed as Map<string, unknown>).has("choices");
    if (isNew && this.isOpen && this.search && this.active < 0 && this.#rows.length > 0) this.active = 0;
  }

  protected override updated(changed: PropertyValues): void {
    if (this.isOpen && this.list && this.box) placePopover(this.list, this.box);
    if ((changed as Map<string, unknown>).has("active")) this.renderRoot.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  /** `byKey`: somebody who goes on by keys stands on a row at once. */
  #open(byKey = false): void {
    if (this.isOpen || this.disabled || !this.list || !this.box) return;
    this.isOpen = true;
    this.drawn = DRAWN;
    if (!this.search) this.input?.select();
    const chosen = this.multiple ? -1 : this.#rows.findIndex((choice) => choice.value === this.chosen[0]?.value);
    this.active = byKey ? Math.max(chosen, 0) : chosen;
    this.list.showPopover();
    placePopover(this.list, this.box);
    this.#watch(true);
    this.#tell("combobox-open");
  }

  #close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.active = -1;
    this.list?.hidePopover();
    this.#watch(false);
    if (this.search) this.#setSearch("");
  }

  /** An open list follows its box while anything scrolls or the window changes. */
  #watch(on: boolean): void {
    const change = on ? addEventListener : removeEventListener;
    change("scroll", this.#follow, true);
    change("resize", this.#follow);
  }

  #follow = (event: Event) => {
    if (this.list && this.box && !event.composedPath().includes(this.list)) placePopover(this.list, this.box);
  };

  #press = (event: MouseEvent) => {
    if (this.disabled || event.composedPath().some((target) => target instanceof HTMLButtonElement)) return;
    const isCaretMove = this.isFocused && event.target === this.input;
    if (!isCaretMove) event.preventDefault();
    this.input?.focus();
    if (this.isOpen && !isCaretMove) this.#close();
    else this.#open();
  };

  #focused = () => {
    this.isFocused = true;
    this.input?.select();
  };

  #blurred = () => {
    this.isFocused = false;
    this.#close();
    this.#tell("combobox-blur");
  };

  #type = () => {
    const text = this.input?.value ?? "";
    this.#open();
    this.#setSearch(text);
    this.active = text && this.#rows.length > 0 ? 0 : -1;
  };

  #setSearch(text: string): void {
    this.search = text;
    this.drawn = DRAWN;
    this.#tell("combobox-search", { text });
  }

  #key = (event: KeyboardEvent) => {
    const rows = this.isOpen ? this.#rows : [];
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (this.isOpen) this.#step(event.key === "ArrowDown" ? 1 : -1, rows.length);
        else this.#open(true);
        break;
      case "Enter": {
        const choice = rows[this.active];
        if (!this.isOpen) return;
        event.preventDefault();
        event.stopPropagation();
        if (choice) this.#choose(choice);
        else if (!this.busy) this.#close();
        break;
      }
      case "Escape":
        if (!this.isOpen) return;
        event.preventDefault();
        event.stopPropagation();
        this.#close();
        break;
      case "Backspace": {
        const last = this.chosen.at(-1);
        if (this.multiple && this.input?.value === "" && last) this.#choose(last);
        break;
      }
      case "Tab":
        this.#close();
    }
  };

  #step(by: number, count: number): void {
    if (count === 0) return;
    this.active = this.active < 0 ? (by > 0 ? 0 : count - 1) : (this.active + by + count) % count;
    if (by > 0 && this.active >= count - 2) this.#more();
  }

  #choose(choice: Choice): void {
    if (this.multiple) {
      this.input?.focus();
      if (this.search) this.#setSearch("");
    } else this.#close();
    this.#tell("combobox-choose", { choice });
  }

  #clear = () => {
    this.input?.focus();
    this.#tell("combobox-clear");
  };

  #scrolled = () => {
    const { list } = this;
    if (list && list.scrollTop + list.clientHeight > list.scrollHeight - 80) this.#more();
  };

  #more(): void {
    if (this.#filtered.length > this.drawn) this.drawn += DRAWN;
    else if (this.hasMore && !this.busy) this.#tell("combobox-more");
  }

  #tell(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

define("inlay-combobox", ComboboxElement);
