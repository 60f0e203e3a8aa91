import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Account, Attempt, AuthorizeResponse, WorkspaceAccount } from "../../../shared/api/account.ts";
import type { AppDetail } from "../../../shared/api/flow.ts";
import "../../accounts/connect-dialog.ts";
import type { ConnectApi } from "../../accounts/connect-dialog.ts";
import { define } from "../../define.ts";
import { at, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { dialogStyles, formDialog, SendController } from "../ui/form-dialog.ts";
import { say } from "./words.ts";

/** The connect dialog's calls, on behalf of the workspace. `more`: what the account is called, by members and by flow files. */
const connectApi = (more: { label?: string; key?: string }): ConnectApi => ({
  createAccount: (account, signal) => workspace<Account>("accounts", { method: "POST", body: { ...account, ...more }, signal }),
  authorizeAccount: (request, signal) =>
    workspace<AuthorizeResponse>("accounts/authorize", { method: "POST", body: { ...request, ...more }, signal }),
  readAttempt: (attempt, signal) => workspace<Attempt>(`accounts/attempts/${at(attempt)}`, { signal }),
});

/**
 * Connects an account of the workspace, by key or by signing in at the app: first which app and what it is called, then the widget's own
 * dialog. Give `renew` to connect one anew.
 *
 * @fires connect-done - an account is connected
 * @fires connect-close
 */
export class ConnectAccountElement extends LitElement {
  static override styles = dialogStyles;

  @property({ attribute: false }) apps: readonly { key: string; name: string }[] = [];
  @property({ attribute: false }) renew: WorkspaceAccount | undefined;
  @state() private dialog: HTMLElement | undefined;
  readonly #sending = new SendController(this);

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.renew) void this.#read(this.renew.app, {});
  }

  override render(): TemplateResult | typeof nothing {
    if (this.dialog) return html`${this.dialog}`;
    if (this.renew) return nothing;
    return formDialog({
      ...{ heading: say("connectTitle"), closeLabel: say("close"), label: say("goOn") },
      ...{ sending: this.#sending, isDisabled: !this.apps.length, close: this.#close, submit: this.#choose },
      body: html`
        <p class="muted">${say("connectText")}</p>
        <div class="field">
          <label for="app">${say("app")}</label>
          <select class="input" id="app" name="app" required autofocus>${this.apps.map(({ key, name }) => html`<option value=${key}>${name}</option>`)}</select>
        </div>
        <div class="field">
          <label for="label">${say("label")}</label>
          <input class="input" id="label" name="label" maxlength="200" autocomplete="off" aria-describedby="label-help" />
          <span class="help" id="label-help">${say("labelHelp")}</span>
        </div>
        <div class="field">
          <label for="key">${say("key")}</label>
          <input class="input code" id="key" name="key" pattern="[a-zA-Z][a-zA-Z0-9_\\-]{0,63}" autocomplete="off" spellcheck="false" aria-describedby="key-help" />
          <span class="help" id="key-help">${say("keyHelp")}</span>
        </div>
      `,
    });
  }

  readonly #choose = (data: FormData): void => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const [label, key] = [text("label"), text("key")];
    void this.#read(text("app"), { ...(label ? { label } : {}), ...(key ? { key } : {}) });
  };

  /** Reads how the app is signed in to, and shows it. */
  async #read(app: string, more: { label?: string; key?: string }): Promise<void> {
    await this.#sending.send(async () => {
      const detail = await workspace<AppDetail>(`apps/${at(app)}`);
      if (this.isConnected) this.#connect(detail, more);
    });
    if (!this.renew || !this.#sending.fault) return;
    notify(this, { text: this.#sending.fault, tone: "failed" });
    this.#close();
  }

  #connect(app: AppDetail, more: { label?: string; key?: string }): void {
    const dialog = document.createElement("inlay-connect-dialog");
    dialog.api = connectApi(more);
    dialog.request = { app, ...(this.renew ? { auth: this.renew.auth, account: this.renew.id } : {}) };
    dialog.outcome
      .then(({ account }) => {
        notify(this, { text: say("isConnected", { name: account.label }) });
        this.dispatchEvent(new CustomEvent("connect-done"));
      })
      .catch(() => undefined)
      .finally(this.#close);
    this.dialog = dialog;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("connect-close"));
  };
}

define("inlay-console-connect-account", ConnectAccountElement);
