import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { findJsonFault } from "../../shared/flow/find-json-fault.ts";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { buttonStyles } from "../ui/button.ts";
import "../ui/code-area.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";

/** JSON as text. What is not JSON yet is kept as the text that it is, so that a draft loses nothing, and is a fault. */
export class JsonFieldElement extends FieldElement {
  static override styles = [...fieldStyles, buttonStyles];

  @state() private draft: string | undefined;

  override render(): TemplateResult {
    const { field, i18n } = this;
    const text = this.draft ?? printJson(this.value);
    const canTidy = !this.disabled && text.trim() !== "" && typeof readJson(text) !== "string" && text !== printJson(readJson(text));
    const aside = canTidy ? html`<button class="link" type="button" @click=${this.#tidy}>${i18n.msg("field.json.tidy")}</button>` : nothing;
    return html`<inlay-code-area
      exportparts=${FIELD_PARTS}
      .shell=${{ ...this.shell, aside }}
      .text=${text}
      language="json"
      hint=${i18n.msg("field.code.leave")}
      placeholder=${field.placeholder ?? "{ }"}
      ?required=${this.required}
      ?disabled=${this.disabled}
      @code-input=${this.#type}
    ></inlay-code-area>`;
  }

  override findFault(): FaultAt | undefined {
    return typeof this.value === "string" && this.value.trim() !== "" ? this.#faultOf(this.value) : undefined;
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>("inlay-code-area")?.focus(options);
  }

  #faultOf(text: string): FaultAt {
    return jsonFault(text) ?? { code: "type", message: "Enter JSON" };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("value") && this.draft !== undefined && !sameJson(readJson(this.draft), this.value)) this.draft = undefined;
  }

  #type = ({ detail }: CustomEvent<{ text: string; commit: boolean }>) => {
    this.draft = detail.text;
    this.#send(detail.commit);
  };

  #tidy = () => {
    this.draft = printJson(readJson(this.draft ?? printJson(this.value)));
    this.#send(true);
  };

  #send(commit: boolean): void {
    const value = readJson(this.draft ?? printJson(this.value));
    const isText = typeof value === "string" && value !== "";
    this.send(value, commit, isText ? this.#faultOf(value) : undefined);
  }
}

/** Where `text` stops being JSON. */
function jsonFault(text: string): FaultAt | undefined {
  const place = findJsonFault(text);
  return place && { code: "json", message: "", params: { ...place } };
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
