import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Account, AccountMoved } from "../../shared/api/account.ts";
import { ApiError } from "../api/api-error.ts";
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
import { controlStyles, selectBox } from "../ui/control.ts";
import "../ui/dialog.ts";
import { formStyles } from "../ui/form-fields.ts";
import { moveAccount } from "./account-calls.ts";

/**
 * Lets the integrations of one account use another of the same app.
 *
 * @fires move-done - `AccountMoved` and the account that they use now
 * @fires move-close - closed without it
 */
export class MoveDialogElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    calloutStyles,
    formStyles,
    controlStyles,
    css`
      .stack {
        display: grid;
        gap: calc(var(--_space) * 4);
      }
    `,
  ];

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: apiContext }) private client: ApiClient | undefined;
  /** What to move away from. */
  @property({ attribute: false }) account!: Account;
  /** What to move to: accounts that work. */
  @property({ attribute: false }) choices: readonly Account[] = [];
  @state() private busy = false;
  @state() private refusal: (() => string) | undefined;
  @query("select") private select!: HTMLSelectElement;

  override render(): TemplateResult {
    const { i18n } = this;
    const { msg } = i18n;
    const { label, usedBy } = this.account;
    return html`<inlay-dialog
      exportparts=${PARTS}
      open
      heading=${msg("accounts.moveTitle", { label })}
      close-label=${msg("action.close")}
      @dialog-close=${this.#close}
    >
      <div class="stack">
      <p class="muted">${msg("accounts.moveText", { names: i18n.list(usedBy.map(({ name }) => name)) })}</p>
      ${this.refusal ? callout({ tone: "danger", text: this.refusal() }) : nothing}
      <div class="field" part="field">
        <label class="label" for="to">${msg("accounts.moveTo")}</label>
        ${selectBox(html`<select class="control" id="to" autofocus>
          ${this.choices.map((one) => html`<option dir="auto" value=${one.id}>${one.label}</option>`)}
        </select>`)}
      </div>
      </div>
      <button slot="footer" class="button" type="button" @click=${this.#close}>${msg("action.cancel")}</button>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.busy} @click=${() => void this.#move()}>
        ${msg("accounts.moveNow")}
      </button>
    </inlay-dialog>`;
  }

  async #move(): Promise<void> {
    const to = this.choices.find(({ id }) => id === this.select.value);
    if (this.busy || !to || !this.client) return;
    this.busy = true;
    this.refusal = undefined;
    try {
      const moved = await moveAccount(this.client, this.account.id, { to: to.id });
      const [first] = moved.refused;
      const why = first && new ApiError(first.code as ApiError["code"], first.message, 422);
      if (why) this.refusal = () => this.i18n.msg("accounts.moveRefused", { name: first.name, reason: describeError(this.i18n, why) });
      else this.dispatchEvent(new CustomEvent<MoveDone>("move-done", { detail: { moved, to } }));
    } catch (error) {
      this.refusal = () => describeError(this.i18n, asApiError(error));
    } finally {
      this.busy = false;
    }
  }

  #close = () => this.dispatchEvent(new CustomEvent("move-close"));
}

export interface MoveDone {
  moved: AccountMoved;
  to: Account;
}

define("inlay-move-dialog", MoveDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-move-dialog": MoveDialogElement;
  }
}
