import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import { isSealed } from "../setup/form-values.ts";
import { buttonStyles } from "../ui/button.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { keyIcon } from "../ui/icons.ts";
import { trimText } from "../ui/trim-text.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { printText } from "./text-field.ts";

const SEALED = { $secret: true };

/** A secret: typed once, kept by the edge, never shown again. A stored one is masked and can be replaced; pasting is welcome. */
export class SecretFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    buttonStyles,
    css`
      .stored {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        padding-block: 0;
        padding-inline-end: var(--_space);
        background: var(--_sunken);
        box-shadow: none;
      }

      .stored > span {
        flex: 1;
        min-inline-size: 0;
        color: var(--_muted);
      }
    `,
  ];

  /** A stored secret is being typed anew; it is there until then. */
  @state() private isReplacing = false;
  @state() private isShown = false;
  #wasSealed = false;

  override render(): TemplateResult {
    if (isSealed(this.value)) this.#wasSealed = true;
    const sealed = isSealed(this.value) && !this.isReplacing;
    return fieldShell(sealed ? { ...this.shell, group: true } : this.shell, sealed ? this.#renderStored() : this.#renderInput());
  }

  #renderStored(): TemplateResult {
    return html`<div class="control stored" part="control" role="group" aria-labelledby="label">
      ${keyIcon}<span>${this.i18n.msg("field.secret.stored")}</span>
      <button class="button ghost compact" type="button" aria-describedby="label" ?disabled=${this.disabled} @click=${this.#replace}>
        ${this.i18n.msg("field.secret.replace")}
      </button>
    </div>`;
  }

  #renderInput(): TemplateResult {
    const { field, shell } = this;
    const { msg } = this.i18n;
    const showWords = msg(this.isShown ? "connect.hideSecret" : "connect.showSecret");
    const keepWords = msg("field.secret.keep");
    // A form may hold several secrets, each with these buttons.
    const named = (words: string) => `${words}: ${shell.label}`;
    return html`<div class="control-row">
      <input
        class="control"
        part="control"
        id="control"
        type=${this.isShown ? "text" : "password"}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        dir="ltr"
        placeholder=${field.placeholder ?? ""}
        aria-describedby=${describedBy(shell)}
        aria-invalid=${shell.fault ? "true" : "false"}
        ?required=${this.required}
        ?disabled=${this.disabled}
        .value=${live(isSealed(this.value) ? "" : printText(this.value))}
        @input=${(event: InputEvent) => this.#type(event, false)}
        @change=${(event: Event) => this.#type(event, true)}
      />
      <button
        class="button"
        type="button"
        aria-label=${named(showWords)}
        aria-pressed=${this.isShown ? "true" : "false"}
        ?disabled=${this.disabled}
        @click=${this.#show}
      >
        ${showWords}
      </button>
      ${
        this.#wasSealed && this.isReplacing
          ? html`<button class="button ghost" type="button" aria-label=${named(keepWords)} ?disabled=${this.disabled} @click=${this.#keep}>${keepWords}</button>`
          : nothing
      }
    </div>`;
  }

  #type(event: Event, commit: boolean): void {
    const text = (event.target as HTMLInputElement).value;
    if (text === "" && isSealed(this.value)) return;
    this.send(commit ? trimText(text) : text, commit);
  }

  #show = () => {
    this.isShown = !this.isShown;
  };

  #replace = async () => {
    this.isReplacing = true;
    await this.updateComplete;
    this.focus();
  };

  #keep = () => {
    this.isReplacing = false;
    this.isShown = false;
    this.send(SEALED, true);
  };
}

define("inlay-secret-field", SecretFieldElement);
