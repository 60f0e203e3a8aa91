import { html, type TemplateResult } from "lit";
import { findJsonFault } from "../../shared/flow/find-json-fault.ts";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import "../ui/code-area.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";
import { printText } from "./text-field.ts";

/** Code in the language that the form names, JavaScript where it names none. */
export class CodeFieldElement extends FieldElement {
  static override styles = fieldStyles;

  override render(): TemplateResult {
    const { field, shell, i18n } = this;
    return html`<inlay-code-area
      exportparts=${FIELD_PARTS}
      .shell=${shell}
      hint=${i18n.msg("field.code.leave")}
      .text=${printText(this.value)}
      language=${field.language?.toLowerCase() ?? "javascript"}
      placeholder=${field.placeholder ?? ""}
      ?required=${this.required}
      ?disabled=${this.disabled}
      @code-input=${({ detail }: CustomEvent<{ text: string; commit: boolean }>) => this.send(detail.text, detail.commit, this.#faultOf(detail.text))}
    ></inlay-code-area>`;
  }

  /** JSON is judged as such; other languages are not. */
  #faultOf(text: string): FaultAt | undefined {
    const isJson = this.field.language?.toLowerCase() === "json" && text.trim() !== "";
    const place = isJson ? findJsonFault(text) : undefined;
    return place && { code: "json", message: "", params: { ...place } };
  }

  override findFault(): FaultAt | undefined {
    return this.#faultOf(printText(this.value));
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>("inlay-code-area")?.focus(options);
  }
}

define("inlay-code-field", CodeFieldElement);
