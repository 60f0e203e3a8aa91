import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Account } from "../../shared/api/account.ts";
import type { ApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { asApiError } from "../api/resource.ts";
import { apiContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { PARTS } from "../host/parts.ts";
import { describeError } from "../i18n/describe-error.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../ui/dialog.ts";
import { formStyles } from "../ui/form-fields.ts";
import { renameAccount } from "./account-calls.ts";

/**
 * Gives an account another name than the one that its app told.
 *
 * @fires rename-done - the `Account` as it is now
 * @fires rename-close - closed without it
 */
export class RenameDialogElement extends LitElement {
  static override styles = [base, buttonStyles, calloutStyles, formStyles];

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: apiContext }) private client: ApiClient | undefined;
  @property({ attribute: false }) account!: Account;
  @state() private busy = false;
  @state() private refusal: ApiError | undefined;
  @query("input") private input!: HTMLInputElement;

  override render(): TemplateResult {
    const { msg } = this.i18n;
    return html`<inlay-dialog
      exportparts=${PARTS}
      open
      heading=${msg("integrations.rename")}
      close-label=${msg("action.close")}
      @dialog-close=${this.#close}
    >
      <form class="fields" @submit=${this.#rename}>
        <div class="field" part="field">
          <label class="label" for="label">${msg("integrations.name")}</label>
          <input class="input" id="label" maxlength="200" dir="auto" required autofocus .value=${this.account.label} />
        </div>
        ${this.refusal ? callout({ tone: "danger", text: describeError(this.i18n, this.refusal) }) : nothing}
      </form>
      <button slot="footer" class="button" type="button" @click=${this.#close}>${msg("action.cancel")}</button>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.busy} @click=${this.#rename}>${msg("integrations.save")}</button>
    </inlay-dialog>`;
  }

  readonly #rename = async (event: Event): Promise<void> => {
    event.preventDefault();
    const label = this.input.value.trim();
    if (!label) return this.input.focus();
    if (this.busy || !this.client) return;
    this.busy = true;
    this.refusal = undefined;
    try {
      const detail = await renameAccount(this.client, this.account.id, label);
      this.dispatchEvent(new CustomEvent("rename-done", { detail }));
    } catch (error) {
      this.refusal = asApiError(error);
    } finally {
      this.busy = false;
    }
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("rename-close"));
  };
}

define("inlay-rename-dialog", RenameDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-rename-dialog": RenameDialogElement;
  }
}
