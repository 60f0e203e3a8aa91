import { ContextConsumer } from "@lit/context";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { Account } from "../../shared/api/account.ts";
import { define } from "../define.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { appIcon, appIconStyles } from "../ui/app-icon.ts";
import { badge, badgeStyles, type Tone } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { plusIcon, warningIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { accountFieldStyles } from "./account-field-styles.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { fieldScopeContext, sayer } from "./field-scope.ts";

const TONES: Record<Account["status"], Tone> = { connected: "success", expired: "warning", revoked: "danger", error: "danger" };

/** The user's accounts of one app: choose one, connect another, reconnect one that has expired. Its value is the account's id. */
export class AccountFieldElement extends FieldElement {
  static override styles = [...fieldStyles, appIconStyles, badgeStyles, buttonStyles, skeletonStyles, accountFieldStyles];

  readonly #scope = new ContextConsumer(this, { context: fieldScopeContext, subscribe: true, callback: () => this.requestUpdate() });
  @state() private accounts: readonly Account[] | undefined;
  @state() private error: (() => string) | undefined;
  @state() private isConnecting = false;
  #loaded: string | undefined;
  #wantsFocus = false;
  #running: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#running?.abort();
    this.#loaded = undefined;
  }

  get #app() {
    const key = this.field.app ?? this.field.key;
    return this.#scope.value?.appOf(key) ?? { key, name: this.field.label ?? key, icon: null };
  }

  protected override get shell() {
    const { fault } = super.shell;
    const words = this.fault?.code === "account" && this.#brokenAccount ? this.i18n.msg("field.account.broken") : fault;
    return { ...super.shell, fault: words, label: this.field.label ?? this.#app.name };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const question = this.#scope.value && `${this.#app.key} ${this.#scope.value.accountsRevision}`;
    if (question !== undefined && question !== this.#loaded) {
      this.#loaded = question;
      this.accounts ??= this.#scope.value?.knownAccounts.get(this.#app.key);
      void this.#load();
    }
  }

  protected override updated(): void {
    if (this.#wantsFocus && (this.accounts || this.error !== undefined)) this.focus({ preventScroll: true });
  }

  override render(): TemplateResult {
    const shell = { ...this.shell, group: true };
    return fieldShell(
      shell,
      html`<div class="accounts" part="accounts" role="radiogroup" aria-labelledby="label" aria-describedby=${describedBy(shell)} aria-required=${this.required ? "true" : nothing}>
        ${this.#renderBody()}
      </div>`,
    );
  }

  #renderBody(): TemplateResult {
    const { accounts, i18n } = this;
    const failed =
      this.error === undefined
        ? nothing
        : html`<p class="blank failed" role="status">
            ${warningIcon}<span>${this.error() || i18n.msg("accounts.failed")}</span>
            <button class="link" type="button" @click=${() => this.#load()}>${i18n.msg("action.retry")}</button>
          </p>`;
    if (!accounts?.length && this.error !== undefined) return html`${failed}`;
    if (!accounts) return html`<div class="waiting" aria-busy="true">${bone("tile")}<div>${bone("half")}${bone("short")}</div></div>`;
    const chosen = typeof this.value === "string" ? this.value : "";
    const isGone = chosen !== "" && !accounts.some((account) => account.id === chosen);
    if (accounts.length === 0) return this.#renderNone(isGone);
    return html`
      ${failed} ${isGone ? html`<p class="blank failed">${warningIcon}<span>${i18n.msg("field.account.gone")}</span></p>` : nothing}
      ${accounts.map((account) => this.#renderAccount(account, account.id === chosen))}
      <button class="another" type="button" ?disabled=${this.disabled} aria-busy=${this.isConnecting ? "true" : "false"} @click=${() => this.#connect()}>
        ${plusIcon} ${i18n.msg("field.account.another")}
      </button>
    `;
  }

  #renderNone(isGone: boolean): TemplateResult {
    const { i18n } = this;
    return html`<div class="none">
      ${appIcon(this.#app)}
      <span class="words">${i18n.msg(isGone ? "field.account.gone" : "flow.notConnected")}</span>
      <button
        class="button"
        type="button"
        aria-busy=${this.isConnecting ? "true" : "false"}
        aria-describedby=${this.shell.fault ? "fault" : nothing}
        ?disabled=${this.disabled}
        @click=${() => this.#connect()}
      >
        ${i18n.msg("accounts.connectApp", { app: this.#app.name })}
      </button>
    </div>`;
  }

  #renderAccount(account: Account, isChosen: boolean): TemplateResult {
    const { i18n } = this;
    const isHealthy = account.status === "connected";
    return html`<div class=${isChosen ? "account chosen" : "account"}>
      <label>
        <input type="radio" name="account" .checked=${isChosen} ?disabled=${this.disabled} @change=${() => this.send(account.id, true)} />
        ${appIcon(this.#app)}
        <span class="words">
          <span class="name"><bdi>${account.label}</bdi></span>
          <span class="meta">${account.owner === "workspace" ? i18n.msg("accounts.owner") : this.#app.name}</span>
        </span>
        ${badge(TONES[account.status], i18n.msg(`status.${account.status}`))}
      </label>
      ${
        isHealthy
          ? nothing
          : html`<button class="button compact" type="button" ?disabled=${this.disabled} @click=${() => this.#connect(account.id)}>
              ${i18n.msg("accounts.reconnect")}<span class="visually-hidden"> ${account.label}</span>
            </button>`
      }
    </div>`;
  }

  /** The edge refuses an account that is gone or no longer works; better told here than on the last page. */
  override findFault(): FaultAt | undefined {
    if (!this.accounts || typeof this.value !== "string" || this.value === "") return undefined;
    const isGone = !this.accounts.some((account) => account.id === this.value);
    return isGone || this.#brokenAccount ? { code: "account", message: "" } : undefined;
  }

  get #brokenAccount(): Account | undefined {
    return this.accounts?.find(({ id, status }) => id === this.value && status !== "connected");
  }

  #load = async () => {
    const scope = this.#scope.value;
    if (!scope) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.error = undefined;
    try {
      const accounts = await scope.listAccounts(this.#app.key, running.signal);
      if (running.signal.aborted) return;
      this.#take(accounts);
      this.#preselect(accounts);
    } catch (error) {
      if (!running.signal.aborted) this.error = sayer(error);
    }
  };

  /** Also for when this page of the form is shown again, perhaps offline. */
  #take(accounts: readonly Account[]): void {
    this.accounts = accounts;
    this.#scope.value?.knownAccounts.set(this.#app.key, accounts);
  }

  /** The only account that works is the one to take. */
  #preselect(accounts: readonly Account[]): void {
    const [only, ...more] = accounts.filter((account) => account.status === "connected");
    if (!this.value && !this.disabled && only && more.length === 0) this.send(only.id, true);
  }

  /** Runs inside the click, up to the call: the journey opens a window. Its failures are told there. */
  #connect = async (account?: string) => {
    const scope = this.#scope.value;
    if (!scope || this.isConnecting) return;
    const connecting = scope.connect(this.#app.key, account);
    this.isConnecting = true;
    try {
      const connected = await connecting;
      const others = (this.accounts ?? []).filter((one) => one.id !== connected.id);
      this.#take([...others, connected]);
      this.send(connected.id, true);
    } catch {
      // The user has read why in the journey itself, and can try again here.
    } finally {
      this.isConnecting = false;
    }
  };

  /** Also while the accounts are on their way. */
  override focus(options?: FocusOptions): void {
    this.#wantsFocus = !this.accounts && this.error === undefined;
    this.renderRoot.querySelector<HTMLElement>("input:checked, input, button")?.focus(options);
  }
}

define("inlay-account-field", AccountFieldElement);
