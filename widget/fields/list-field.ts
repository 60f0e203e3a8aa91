import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { buttonStyles } from "../ui/button.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { plusIcon, trashIcon } from "../ui/icons.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { findItemFault, type Item, inner, subFieldStyles, subFields, toItem } from "./sub-fields.ts";

/** Any number of items, each with the same fields. Held as a list of objects. */
export class ListFieldElement extends FieldElement {
  static override styles = [...fieldStyles, buttonStyles, subFieldStyles];

  /** One id an item, so that removing one moves none of the others' controls. */
  #ids: number[] = [];
  #nextId = 1;

  get #items(): Item[] {
    return Array.isArray(this.value) ? this.value.map(toItem) : [];
  }

  override render(): TemplateResult {
    const { field, i18n } = this;
    const items = this.#items;
    while (this.#ids.length < items.length) this.#ids.push(this.#nextId++);
    const shell = { ...this.shell, group: true, ...(this.fault?.path && { fault: undefined }) };
    const isFull = items.length >= (field.validate?.maxLength ?? Number.POSITIVE_INFINITY);
    return fieldShell(
      shell,
      html`<div class="items" role="group" aria-labelledby="label" aria-describedby=${describedBy(shell)}>
        ${repeat(
          items,
          (_, index) => this.#ids[index],
          (item, index) => this.#renderItem(item, index),
        )}
        <div>
          <button class="button compact" type="button" ?disabled=${this.disabled || isFull} @click=${this.#add}>${plusIcon} ${i18n.msg("field.list.add")}</button>
        </div>
      </div>`,
    );
  }

  #renderItem(item: Item, index: number): TemplateResult {
    const { field, i18n, fault } = this;
    const number = String(index);
    const mine = fault?.path === number || fault?.path?.startsWith(`${number}.`) ? inner(fault, number) : undefined;
    const name = i18n.msg("field.list.item", { number: index + 1 });
    return html`<div class="item" role="group" aria-label=${name}>
      <div class="bar">
        <span>${name}</span>
        <button class="button ghost square compact" type="button" aria-label=${i18n.msg("field.remove", { label: name })} ?disabled=${this.disabled} @click=${() => this.#remove(index)}>
          ${trashIcon}
        </button>
      </div>
      ${subFields(field.fields ?? [], item, {
        path: this.path || field.key,
        disabled: this.disabled,
        fault: mine,
        onInput: (next, { commit, fault: found }) =>
          this.send(
            this.#items.map((one, at) => (at === index ? next : one)),
            commit,
            found && { ...found, path: `${index}${found.path ? `.${found.path}` : ""}` },
          ),
      })}
    </div>`;
  }

  override findFault(): FaultAt | undefined {
    for (const [index, item] of this.#items.entries()) {
      const fault = findItemFault(this.field.fields ?? [], item);
      if (fault) return { ...fault, path: `${index}.${fault.path}` };
    }
    return undefined;
  }

  override focus(options?: FocusOptions): void {
    const [index, key] = this.fault?.path?.split(".") ?? [];
    const item = index === undefined ? undefined : this.renderRoot.querySelectorAll(".item")[Number(index)];
    const field = [...(item?.querySelectorAll<HTMLElement>("inlay-field") ?? [])].find((one) => one.getAttribute("data-key") === key);
    if (field) field.focus(options);
    else super.focus(options);
  }

  #add = async () => {
    this.send([...this.#items, {}], true);
    await new Promise((resolve) => setTimeout(resolve));
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".item:nth-last-child(2) inlay-field")?.focus();
  };

  #remove(index: number): void {
    this.#ids.splice(index, 1);
    this.send(
      this.#items.filter((_, at) => at !== index),
      true,
    );
  }
}

define("inlay-list-field", ListFieldElement);
