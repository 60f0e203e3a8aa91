import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import { dirOf } from "../ui/control.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { trimText } from "../ui/trim-text.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

const KINDS = {
  email: { type: "email", inputmode: "email", autocomplete: "email", placeholder: "" },
  url: { type: "url", inputmode: "url", autocomplete: "url", placeholder: "https://" },
  text: { type: "text", inputmode: "text", autocomplete: "off", placeholder: "" },
} as const;

/** One line of text; an e-mail or a web address with the keyboard for it. */
export class TextFieldElement extends FieldElement {
  static override styles = fieldStyles;

  override render(): TemplateResult {
    const { field, shell } = this;
    const kind = field.type === "email" || field.type === "url" ? KINDS[field.type] : KINDS.text;
    const text = printText(this.value);
    return fieldShell(
      shell,
      html`<input
        class="control"
        part="control"
        id="control"
        type=${kind.type}
        inputmode=${kind.inputmode}
        autocomplete=${kind.autocomplete}
        autocapitalize=${field.type === "text" ? nothing : "off"}
        spellcheck=${field.type === "text" ? nothing : "false"}
        dir=${field.type === "text" ? dirOf(text) : "ltr"}
        placeholder=${field.placeholder ?? kind.placeholder}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        ?required=${this.required}
        ?disabled=${this.disabled}
        .value=${live(text)}
        @input=${(event: InputEvent) => this.send((event.target as HTMLInputElement).value, false)}
        @change=${(event: Event) => this.send(trimText((event.target as HTMLInputElement).value), true)}
      />`,
    );
  }
}

/** A value as a text control shows it. */
export const printText = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

define("inlay-text-field", TextFieldElement);
