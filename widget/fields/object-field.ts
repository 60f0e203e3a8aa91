import { html, type TemplateResult } from "lit";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { findItemFault, subFieldStyles, subFields, toItem } from "./sub-fields.ts";

/** Fields that belong together, held as one object. */
export class ObjectFieldElement extends FieldElement {
  static override styles = [...fieldStyles, subFieldStyles];

  override render(): TemplateResult {
    const { field } = this;
    const shell = { ...this.shell, group: true, ...(this.fault?.path && { fault: undefined }) };
    return fieldShell(
      shell,
      html`<div class="item" role="group" aria-labelledby="label" aria-describedby=${describedBy(shell)}>
        ${subFields(field.fields ?? [], toItem(this.value), {
          path: this.path || field.key,
          disabled: this.disabled,
          fault: this.fault,
          state: this.items?.[0],
          onInput: (item, { commit, fault }) => this.send(item, commit, fault),
        })}
      </div>`,
    );
  }

  override findFault(): FaultAt | undefined {
    const item = toItem(this.value);
    return this.required || Object.keys(item).length > 0 ? findItemFault(this.field.fields ?? [], item, this.items?.[0]) : undefined;
  }

  override focus(options?: FocusOptions): void {
    const key = this.fault?.path?.split(".")[0];
    const field = [...this.renderRoot.querySelectorAll<HTMLElement>("inlay-field")].find((one) => one.getAttribute("data-key") === key);
    if (field) field.focus(options);
    else super.focus(options);
  }
}

define("inlay-object-field", ObjectFieldElement);
