import { consume } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FormField } from "../../shared/api/flow.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import { i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import "../i18n/more-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { formStyles } from "../ui/form-fields.ts";
import { errorIcon } from "../ui/icons.ts";
import { trimText } from "../ui/trim-text.ts";

const INPUT_TYPE: Partial<Record<FormField["type"], string>> = { secret: "password", url: "url", email: "email", number: "number" };

/**
 * The fields of an auth kind. What is typed stays until the form leaves the page; it never goes into an attribute or an event but the submit.
 *
 * @fires key-submit - `{fields}`, every required field filled in
 */
export class KeyFormElement extends LitElement {
  static override styles = [base, buttonStyles, formStyles];

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @property({ attribute: false }) fields: FormField[] = [];
  /** The edge's refusal, by field path. */
  @property({ attribute: false }) problems: readonly FieldProblem[] = [];
  @state() private missing = new Set<string>();
  @state() private revealed = new Set<string>();
  readonly #values = new Map<string, string>();

  /** Checks, and emits `key-submit` or moves to the first field that wants something. */
  submit(): void {
    this.missing = new Set(this.fields.filter(({ key, required }) => required && !this.#values.get(key)).map(({ key }) => key));
    if (this.missing.size) this.updateComplete.then(() => this.#focusFault());
    else this.dispatchEvent(new CustomEvent("key-submit", { detail: { fields: Object.fromEntries(this.#values) } }));
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("problems") && this.problems.length) this.#focusFault();
  }

  override render(): TemplateResult {
    return html`
      <form class="fields" novalidate autocomplete="off" @submit=${this.#submitted}>
        ${repeat(
          this.fields,
          ({ key }) => key,
          (field) => this.#renderField(field),
        )}
        <button type="submit" hidden></button>
      </form>
    `;
  }

  #renderField(field: FormField): TemplateResult {
    const { key, label, help } = field;
    const fault = this.#faultOf(key);
    const described = [help ? `${key}-help` : "", fault ? `${key}-fault` : ""].filter(Boolean).join(" ");
    return html`
      <div class="field" part="field">
        <label class="label" for=${key}>${label ?? key}</label>
        ${this.#renderControl(field, fault !== undefined, described)}
        ${help ? html`<p class="help" id="${key}-help">${help}</p>` : nothing}
        ${fault ? html`<p class="fault" id="${key}-fault">${errorIcon} ${fault}</p>` : nothing}
      </div>
    `;
  }

  #renderControl(field: FormField, isInvalid: boolean, described: string): TemplateResult {
    const { key, type, placeholder, required, options } = field;
    const invalid = isInvalid ? "true" : "false";
    const take = (event: Event) => this.#take(key, trimText((event.target as HTMLInputElement).value));
    if (options?.items)
      return html`<select class="input" id=${key} aria-required=${required} aria-invalid=${invalid} aria-describedby=${described || nothing} @change=${take}>
        <option value=""></option>
        ${options.items.map(({ value, label }) => html`<option dir="auto" value=${String(value)}>${label}</option>`)}
      </select>`;
    const isSecret = type === "secret" || field.secret;
    const shown = isSecret && !this.revealed.has(key) ? "password" : (INPUT_TYPE[type] ?? "text");
    const input = html`<input
      class="input"
      id=${key}
      type=${isSecret && this.revealed.has(key) ? "text" : shown}
      dir=${isSecret || INPUT_TYPE[type] ? "ltr" : this.#values.get(key) ? "auto" : nothing}
      placeholder=${placeholder ?? nothing}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-required=${required}
      aria-invalid=${invalid}
      aria-describedby=${described || nothing}
      @input=${take}
    />`;
    if (!isSecret) return input;
    const isRevealed = this.revealed.has(key);
    return html`<div class="with-button">
      ${input}
      <button class="button" type="button" aria-pressed=${isRevealed} aria-label="${this.i18n.msg(isRevealed ? "connect.hideSecret" : "connect.showSecret")}: ${field.label ?? key}" @click=${() => this.#reveal(key)}>
        ${this.i18n.msg(isRevealed ? "connect.hideSecret" : "connect.showSecret")}
      </button>
    </div>`;
  }

  #faultOf(key: string): string | undefined {
    if (this.missing.has(key)) return this.i18n.msg("connect.required");
    return this.problems.find(({ path }) => path === `fields.${key}`)?.message;
  }

  #take(key: string, value: string): void {
    this.#values.set(key, value);
    this.missing.delete(key);
    this.requestUpdate();
  }

  #reveal(key: string): void {
    const revealed = new Set(this.revealed);
    if (!revealed.delete(key)) revealed.add(key);
    this.revealed = revealed;
  }

  #submitted = (event: Event) => {
    event.preventDefault();
    this.submit();
  };

  #focusFault(): void {
    this.renderRoot.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }
}

define("inlay-key-form", KeyFormElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-key-form": KeyFormElement;
  }
}
