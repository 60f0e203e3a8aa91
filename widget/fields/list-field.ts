import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { buttonStyles } from "../ui/button.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { downIcon, forwardIcon, plusIcon, trashIcon } from "../ui/icons.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { itemWords } from "./item-words.ts";
import { findItemFault, type Item, inner, subFieldStyles, subFields, toItem } from "./sub-fields.ts";

/** A list that is found with more items than this shows them closed. */
const OPEN_AT_ONCE = 2;

/** Any number of items in an order, each with the same fields. Held as a list of objects. */
export class ListFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    buttonStyles,
    subFieldStyles,
    css`
      .turn {
        display: flex;
        flex: 1;
        align-items: center;
        gap: calc(var(--_space) * 2);
        min-inline-size: 0;
        min-block-size: 28px;
        padding: 0;
        border: 0;
        border-radius: var(--_radius-s);
        background: none;
        text-align: start;
        cursor: pointer;
      }

      .turn .icon {
        color: var(--_muted);
        transition: rotate var(--_duration);
      }

      .turn[aria-expanded="true"] .icon {
        rotate: 90deg;
      }

      .turn[aria-expanded="true"] .icon:dir(rtl) {
        rotate: -90deg;
      }

      .turn .about {
        overflow: hidden;
        color: var(--_text);
        font-weight: 500;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .bar .up .icon {
        rotate: 180deg;
      }

      .none {
        padding: calc(var(--_space) * 3.5);
        border: 1px dashed var(--_border-strong);
        border-radius: calc(var(--_radius) + var(--_space));
        color: var(--_muted);
        font-size: var(--_size-s);
        text-align: center;
      }
    `,
  ];

  @state() private closed: ReadonlySet<number> | undefined;
  /** One id an item, so that removing or moving one takes none of the others' controls. */
  #ids: number[] = [];
  #nextId = 1;

  get #items(): Item[] {
    return Array.isArray(this.value) ? this.value.map(toItem) : [];
  }

  protected override willUpdate(): void {
    const { length } = this.#items;
    while (this.#ids.length < length) this.#ids.push(this.#nextId++);
    this.#ids.length = length;
    if (!this.closed && length > 0) this.closed = new Set(length > OPEN_AT_ONCE ? this.#ids : []);
  }

  override render(): TemplateResult {
    const { field, i18n } = this;
    const items = this.#items;
    const shell = { ...this.shell, group: true, ...(this.fault?.path && { fault: undefined }) };
    const isFull = items.length >= (field.validate?.maxLength ?? Number.POSITIVE_INFINITY);
    return fieldShell(
      shell,
      html`<div class="items" role="group" aria-labelledby="label" aria-describedby=${describedBy(shell)}>
        ${items.length === 0 ? html`<p class="none">${i18n.msg("field.list.none")}</p>` : nothing}
        ${repeat(
          items,
          (_, index) => this.#ids[index],
          (item, index) => this.#renderItem(item, index, items.length),
        )}
        <div>
          <button class="button compact add" id="add" type="button" aria-labelledby="add label" ?disabled=${this.disabled || isFull} @click=${this.#add}>${plusIcon} ${i18n.msg("field.list.add")}</button>
        </div>
      </div>`,
    );
  }

  #renderItem(item: Item, index: number, count: number): TemplateResult {
    const { field, i18n, fault } = this;
    const number = String(index);
    const mine = fault?.path === number || fault?.path?.startsWith(`${number}.`) ? inner(fault, number) : undefined;
    const name = i18n.msg("field.list.item", { number: index + 1 });
    const id = this.#ids[index] ?? 0;
    const isOpen = mine !== undefined || !this.closed?.has(id);
    return html`<div class="item" role="group" aria-label=${name}>
      <div class="bar">
        <button class="turn" type="button" aria-expanded=${isOpen ? "true" : "false"} @click=${() => this.#turn(id, isOpen)}>
          ${forwardIcon}<span>${name}</span><span class="about" dir="auto">${itemWords(field.fields ?? [], item, this.items?.[index])}</span>
        </button>
        ${count > 1 ? html`${this.#renderMove(index, -1, name)}${this.#renderMove(index, 1, name)}` : nothing}
        <button class="button ghost square compact" type="button" aria-label=${i18n.msg("field.remove", { label: name })} ?disabled=${this.disabled} @click=${() => this.#remove(index)}>
          ${trashIcon}
        </button>
      </div>
      ${
        isOpen
          ? subFields(field.fields ?? [], item, {
              path: this.path || field.key,
              disabled: this.disabled,
              fault: mine,
              state: this.items?.[index],
              onInput: (next, { commit, fault: found }) =>
                this.send(
                  this.#items.map((one, at) => (at === index ? next : one)),
                  commit,
                  found && { ...found, path: `${index}${found.path ? `.${found.path}` : ""}` },
                ),
            })
          : nothing
      }
    </div>`;
  }

  #renderMove(index: number, by: 1 | -1, name: string): TemplateResult {
    const to = index + by;
    const label = this.i18n.msg(by < 0 ? "field.list.up" : "field.list.down", { label: name });
    return html`<button
      class=${`button ghost square compact ${by < 0 ? "up" : "down"}`}
      type="button"
      aria-label=${label}
      ?disabled=${this.disabled || to < 0 || to >= this.#items.length}
      @click=${() => this.#move(index, to)}
    >
      ${downIcon}
    </button>`;
  }

  override findFault(): FaultAt | undefined {
    for (const [index, item] of this.#items.entries()) {
      const fault = findItemFault(this.field.fields ?? [], item, this.items?.[index]);
      if (fault) return { ...fault, path: `${index}.${fault.path}` };
    }
    return undefined;
  }

  override focus(options?: FocusOptions): void {
    const [index, key] = this.fault?.path?.split(".") ?? [];
    const item = index === undefined ? undefined : this.renderRoot.querySelectorAll(".item")[Number(index)];
    const field = [...(item?.querySelectorAll<HTMLElement>("inlay-field") ?? [])].find((one) => one.getAttribute("data-key") === key);
    if (field) field.focus(options);
    else this.renderRoot.querySelector<HTMLElement>("inlay-field, .turn, .add")?.focus(options);
  }

  #turn(id: number, isOpen: boolean): void {
    const closed = new Set(this.closed);
    if (isOpen) closed.add(id);
    else closed.delete(id);
    this.closed = closed;
  }

  #add = async () => {
    this.closed ??= new Set();
    this.send([...this.#items, {}], true);
    await new Promise((resolve) => setTimeout(resolve));
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".item:nth-last-child(2) inlay-field")?.focus();
  };

  async #remove(index: number): Promise<void> {
    this.#ids.splice(index, 1);
    this.send(
      this.#items.filter((_, at) => at !== index),
      true,
    );
    await new Promise((resolve) => setTimeout(resolve));
    await this.updateComplete;
    const turns = this.renderRoot.querySelectorAll<HTMLElement>(".turn");
    (turns[Math.min(index, turns.length - 1)] ?? this.renderRoot.querySelector<HTMLElement>(".add"))?.focus();
  }

  async #move(from: number, to: number): Promise<void> {
    const [items, ids] = [this.#items, this.#ids];
    const [item] = items.splice(from, 1);
    const [id] = ids.splice(from, 1);
    if (!item || id === undefined) return;
    items.splice(to, 0, item);
    ids.splice(to, 0, id);
    this.send(items, true);
    await new Promise((resolve) => setTimeout(resolve));
    await this.updateComplete;
    const moved = this.renderRoot.querySelectorAll(".item")[to];
    const same = moved?.querySelector<HTMLElement>(`.${to < from ? "up" : "down"}:not(:disabled)`);
    (same ?? moved?.querySelector<HTMLElement>(".up:not(:disabled), .down:not(:disabled)"))?.focus();
  }
}

define("inlay-list-field", ListFieldElement);
