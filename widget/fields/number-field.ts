import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { trimText } from "../ui/trim-text.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

const FAULT: FaultAt = { code: "type", message: "Enter a number" };

/** A number, typed as the user writes it: `1,5` and `1.5` are both read. A text control, because a wheel must not change a number. */
export class NumberFieldElement extends FieldElement {
  static override styles = fieldStyles;

  @state() private draft: string | undefined;

  override render(): TemplateResult {
    const { field, shell } = this;
    const { min, max } = field.validate ?? {};
    return fieldShell(
      shell,
      html`<input
        class="control"
        part="control"
        id="control"
        type="text"
        role="spinbutton"
        inputmode=${typeof min === "number" && min >= 0 ? "decimal" : "text"}
        autocomplete="off"
        dir="ltr"
        placeholder=${field.placeholder ?? ""}
        aria-valuenow=${typeof this.value === "number" ? this.value : nothing}
        aria-valuemin=${min ?? nothing}
        aria-valuemax=${max ?? nothing}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        aria-required=${this.required ? "true" : nothing}
        ?disabled=${this.disabled}
        .value=${live(this.draft ?? (typeof this.value === "number" ? String(this.value) : ""))}
        @input=${this.#type}
        @change=${() => this.#send(true)}
        @keydown=${this.#key}
      />`,
    );
  }

  override findFault(): FaultAt | undefined {
    return this.draft !== undefined && readNumber(this.draft) === undefined && trimText(this.draft) !== "" ? FAULT : undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && this.draft !== undefined && (readNumber(this.draft) ?? null) !== (this.value ?? null))
      this.draft = undefined;
  }

  #type = (event: InputEvent) => {
    this.draft = (event.target as HTMLInputElement).value;
    this.#send(false);
  };

  #send(commit: boolean): void {
    const text = this.draft ?? "";
    if (this.draft === undefined) return;
    this.send(readNumber(text) ?? null, commit, this.findFault());
  }

  #key = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const { min, max } = this.field.validate ?? {};
    const next = (typeof this.value === "number" ? this.value : 0) + by;
    const value = Math.min(typeof max === "number" ? max : next, Math.max(typeof min === "number" ? min : next, next));
    this.draft = undefined;
    this.send(value, true);
  };
}

/** The number that `text` writes with `.` or `,` before its decimals; undefined where it writes none. */
export function readNumber(text: string): number | undefined {
  const plain = text.replace(/[\s\u200b\u2060_]/g, "").replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

define("inlay-number-field", NumberFieldElement);
