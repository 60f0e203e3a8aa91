import { html, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

/** JSON as text. What is not JSON yet is kept as the text that it is, so that a draft loses nothing, and is a fault. */
export class JsonFieldElement extends FieldElement {
  static override styles = fieldStyles;

  @state() private draft: string | undefined;

  override render(): TemplateResult {
    const { field, shell } = this;
    return fieldShell(
      shell,
      html`<textarea
        class="control mono"
        part="control"
        id="control"
        rows="5"
        dir="ltr"
        spellcheck="false"
        placeholder=${field.placeholder ?? "{ }"}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        ?required=${this.required}
        ?disabled=${this.disabled}
        .value=${live(this.draft ?? printJson(this.value))}
        @input=${this.#type}
        @change=${() => this.#send(true)}
      ></textarea>`,
    );
  }

  override findFault(): FaultAt | undefined {
    return typeof this.value === "string" && this.value.trim() !== "" ? { code: "type", message: "Enter JSON" } : undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && this.draft !== undefined && !sameJson(readJson(this.draft), this.value)) this.draft = undefined;
  }

  #type = (event: InputEvent) => {
    this.draft = (event.target as HTMLTextAreaElement).value;
    this.#send(false);
  };

  #send(commit: boolean): void {
    const value = readJson(this.draft ?? printJson(this.value));
    const isText = typeof value === "string" && value !== "";
    this.send(value, commit, isText ? { code: "type", message: "Enter JSON" } : undefined);
  }
}

/** The JSON value of `text`; the text itself where it is none (or a mere string); "" for blank text. */
function readJson(text: string): unknown {
  if (text.trim() === "") return "";
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? text : value;
  } catch {
    return text;
  }
}

const printJson = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2);
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

define("inlay-json-field", JsonFieldElement);
