import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import { dirOf } from "../ui/control.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { printText } from "./text-field.ts";

/** Several lines of text. */
export class TextareaFieldElement extends FieldElement {
  static override styles = fieldStyles;

  override render(): TemplateResult {
    const { field, shell } = this;
    const text = printText(this.value);
    return fieldShell(
      shell,
      html`<textarea
        class="control"
        part="control"
        id="control"
        rows="3"
        dir=${dirOf(text)}
        spellcheck="true"
        placeholder=${field.placeholder ?? ""}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        ?required=${this.required}
        ?disabled=${this.disabled}
        .value=${live(text)}
        @input=${(event: InputEvent) => this.send((event.target as HTMLTextAreaElement).value, false)}
        @change=${(event: Event) => this.send((event.target as HTMLTextAreaElement).value, true)}
      ></textarea>`,
    );
  }
}

define("inlay-textarea-field", TextareaFieldElement);
