import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Account } from "../../shared/api/account.ts";
import type { AppDetail, AppSummary } from "../../shared/api/flow.ts";
import type { ApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { asApiError, ResourceController } from "../api/resource.ts";
import {
  apiContext,
  type Config,
  type ConnectAccount,
  configContext,
  connectContext,
  hostEventsContext,
  i18nContext,
  type ShowToast,
  toastContext,
} from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { PARTS } from "../host/parts.ts";
import { describeError } from "../i18n/describe-error.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { accountTone } from "../integrations/status-words.ts";
import { base } from "../styles/base.ts";
import { appIcon, appIconStyles } from "../ui/app-icon.ts";
import { badge, badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../ui/dialog.ts";
import { empty, emptyStyles } from "../ui/empty.ts";
import { checkIcon, editIcon, forwardIcon, keyIcon, plusIcon, refreshIcon, trashIcon } from "../ui/icons.ts";
import "../ui/menu.ts";
import type { MenuItem } from "../ui/menu.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { tellApart } from "../ui/tell-apart.ts";
import { removeAccount, testAccount } from "./account-calls.ts";
import { accountsViewStyles } from "./accounts-view-styles.ts";
import { type ConnectableApp, findConnectableApps } from "./find-app.ts";
import type { MoveDone } from "./move-dialog.ts";
import { readAccounts } from "./read-accounts.ts";

interface Apps {
  apps: ConnectableApp[];
  details: Map<string, AppDetail>;
}

/** The user's accounts: what uses each, whether it works, and connecting, checking, reconnecting and disconnecting. */
export class AccountsViewElement extends LitElement {
  static override styles = [base, buttonStyles, badgeStyles, calloutStyles, emptyStyles, skeletonStyles, appIconStyles, accountsViewStyles];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;
  @consume({ context: connectContext }) private connect!: ConnectAccount;
  @consume({ context: toastContext }) private toast!: ShowToast;

  /** Only accounts of this app. */
  @property() app = "";
  @state() private busy = "";
  @state() private refusals = new Map<string, () => string>();
  @state() private removing: Account | undefined;
  @state() private moving: Account | undefined;
  @state() private naming: Account | undefined;
  @state() private isPicking = false;

  readonly #accounts = new ResourceController<Account[]>(this, {
    key: () => this.client && [this.client, this.app],
    load: (signal) => readAccounts(this.#client, this.app, signal),
    settled: (outcome) => {
      const apps = this.#apps.state;
      if (outcome.status === "failed") this.#tellFailure(outcome.error);
      else if (apps.status === "failed") this.#tellFailure(apps.error);
      this.updateComplete.then(() => this.fire("inlay-ready", { view: "accounts" }));
    },
  });

  /** What can be connected, with how: at hand before the click that opens a window. */
  readonly #apps = new ResourceController<Apps>(this, {
    key: () => this.client && [this.client, this.app],
    load: (signal) => this.#readApps(signal),
    settled: (outcome) => {
      // Where there are no accounts either, one is said for both.
      if (outcome.status === "failed" && this.#accounts.value) this.#tellFailure(outcome.error);
    },
  });
  /** What is known of them while more flows are on their way. */
  @state() private found: Apps | undefined;

  constructor() {
    super();
    new LiveController(this, (messages) => {
      if (messages.some(({ type }) => type === "account" || type === "integration" || type === "missed")) this.#accounts.reload();
    });
  }

  /** Page by page of the flows; how an app is connected is asked while the next page is on its way. */
  async #readApps(signal: AbortSignal): Promise<Apps> {
    const details = new Map<string, AppDetail>();
    const asked = new Map<string, Promise<void>>();
    let apps: ConnectableApp[] = [];
    const show = () => {
      if (!signal.aborted) this.found = { apps, details };
    };
    const ask = async (flow: string) => {
      for (const app of (await this.#client.readFlow(flow, signal)).appDetails) details.set(app.key, app);
      show();
    };
    this.found = undefined;
    for await (const found of findConnectableApps(this.#client, signal)) {
      apps = found.filter(({ key }) => !this.app || key === this.app);
      for (const { flow } of apps) {
        if (asked.has(flow)) continue;
        const asking = ask(flow);
        // Awaited below, once the flows are read.
        asking.catch(() => undefined);
        asked.set(flow, asking);
      }
      show();
      if (this.app && apps.length) break;
    }
    await Promise.all(asked.values());
    return { apps, details };
  }

  get #known(): Apps {
    return this.#apps.value ?? this.found ?? { apps: [], details: new Map() };
  }

  override render(): TemplateResult {
    return html`${this.#renderAppsFailed()} ${this.#renderHead()} ${this.#renderList()} ${this.#renderRemove()} ${this.#renderMove()} ${this.#renderRename()} ${this.#renderPicker()}`;
  }

  #reloadAll = () => {
    void this.#accounts.reload();
    if (this.#apps.state.status === "failed") void this.#apps.reload();
  };

  #tellFailure(error: ApiError): void {
    const { code, retryable } = error;
    this.fire("inlay-error", { code, message: describeError(this.i18n, error), retryable });
  }

  #renderAppsFailed(): TemplateResult | typeof nothing {
    const { state: apps } = this.#apps;
    if (apps.status !== "failed" || !this.#accounts.value) return nothing;
    const action = html`<button class="button compact" type="button" @click=${() => this.#apps.reload()}>${this.i18n.msg("action.retry")}</button>`;
    return html`<div class="notice">${callout({ tone: "danger", text: describeError(this.i18n, apps.error), action })}</div>`;
  }

  #renderHead(): TemplateResult | typeof nothing {
    if (this.config.readonly || !this.#accounts.value?.length) return nothing;
    if (this.#apps.state.status === "ready" && !this.#connectable.length) return nothing;
    return html`<div class="head">${this.#renderConnect(false)}</div>`;
  }

  #renderConnect(isPrimary: boolean): TemplateResult | typeof nothing {
    const apps = this.#connectable;
    const [only] = apps;
    if (this.config.readonly || !only) return nothing;
    const { msg } = this.i18n;
    const isOne = apps.length === 1 && this.#apps.state.status !== "loading";
    const start = () => {
      if (isOne) this.#connect(only.key);
      else this.isPicking = true;
    };
    return html`<button class="button ${isPrimary ? "primary" : ""}" part="button" type="button" @click=${start}>
      ${plusIcon} ${isOne ? msg("accounts.connectApp", { app: only.name }) : msg("accounts.connect")}
    </button>`;
  }

  #renderList(): TemplateResult {
    const { state: accounts } = this.#accounts;
    const { msg } = this.i18n;
    if (!accounts.value && accounts.status === "failed") {
      const action = html`<button class="button compact" type="button" @click=${this.#reloadAll}>${msg("action.retry")}</button>`;
      return callout({ tone: "danger", title: msg("accounts.failed"), text: describeError(this.i18n, accounts.error), action });
    }
    if (!accounts.value)
      return html`<div class="accounts" aria-busy="true">
        <span class="visually-hidden" role="status">${msg("loading")}</span>
        ${Array.from({ length: 2 }, () => html`<div class="account" aria-hidden="true">${bone("tile")}<div class="words">${bone("half")}${bone("short")}</div></div>`)}
      </div>`;
    if (!accounts.value.length)
      return html`<slot name="empty"
        >${empty({ icon: keyIcon, title: msg("accounts.noneTitle"), text: msg("accounts.noneText"), action: this.#renderConnect(true) })}</slot
      >`;
    const names = tellApart(accounts.value.map((account) => [...new Set([account.label, this.#appOf(account).name])].join(", ")));
    return html`<ul class="accounts">
      ${repeat(
        accounts.value,
        ({ id }) => id,
        (account, index) => this.#renderAccount(account, names[index] ?? ""),
      )}
    </ul>`;
  }

  /** `name` tells it apart from the others. */
  #renderAccount(account: Account, name: string): TemplateResult {
    const { id, label, status, usedBy, owner } = account;
    const { i18n } = this;
    const app = this.#appOf(account);
    const refusal = this.refusals.get(id);
    const isOwn = owner === "user" && !this.config.readonly;
    const canConnect = this.#known.details.has(account.app);
    const used = usedBy.length
      ? i18n.msg("accounts.usedBy", { names: i18n.list(usedBy.map(({ name }) => name)), count: usedBy.length })
      : i18n.msg("accounts.unused");
    return html`<li class="account" part="row">
      ${appIcon(app)}
      <div class="words">
        <strong part="row-title"><bdi>${label}</bdi></strong>
        <span class="muted small">${app.name} · ${owner === "workspace" ? i18n.msg("accounts.owner") : used}</span>
      </div>
      ${badge(accountTone(status), i18n.msg(`status.${status}`))}
      ${isOwn && status !== "connected" ? html`<button class="button compact" type="button" aria-label="${i18n.msg("accounts.reconnect")}: ${name}" ?disabled=${!canConnect} @click=${() => this.#connect(account.app, account)}>${i18n.msg("accounts.reconnect")}</button>` : nothing}
      ${isOwn ? html`<inlay-menu exportparts=${PARTS} label="${i18n.msg("action.more")}: ${name}" .items=${this.#menu(account)}></inlay-menu>` : nothing}
      ${refusal ? callout({ tone: "danger", title: i18n.msg("accounts.testFailed", { label }), text: refusal() }) : nothing}
    </li>`;
  }

  #menu(account: Account): MenuItem[] {
    const { msg } = this.i18n;
    const ask = () => {
      this.refusals = new Map();
      this.removing = account;
    };
    return [
      { label: msg("accounts.test"), icon: checkIcon, disabled: this.busy === account.id, run: () => void this.#test(account) },
      { label: msg("integrations.rename"), icon: editIcon, run: () => void this.#startRename(account) },
      {
        label: msg("accounts.reconnect"),
        icon: refreshIcon,
        disabled: !this.#known.details.has(account.app),
        run: () => this.#connect(account.app, account),
      },
      ...(account.usedBy.length && this.#choicesFor(account).length
        ? [{ label: msg("accounts.move"), icon: forwardIcon, run: () => this.#startMove(account) }]
        : []),
      { label: msg("accounts.remove"), icon: trashIcon, tone: "danger", divided: true, run: ask },
    ];
  }

  #renderRemove(): TemplateResult | typeof nothing {
    const account = this.removing;
    if (!account) return nothing;
    const { msg } = this.i18n;
    const { id, label, usedBy } = account;
    const refusal = this.refusals.get(`remove ${id}`);
    const close = () => {
      this.removing = undefined;
    };
    const names = this.i18n.list(usedBy.map(({ name }) => name));
    return html`<inlay-dialog
      exportparts=${PARTS}
      open
      kind="alertdialog"
      heading=${msg("accounts.removeTitle", { label })}
      close-label=${msg("action.close")}
      @dialog-close=${close}
    >
      <p class="muted">${usedBy.length ? msg("accounts.removeUsed", { names }) : msg("accounts.removeUnused")}</p>
      ${refusal ? callout({ tone: "danger", text: refusal() }) : nothing}
      <button slot="footer" class="button" type="button" autofocus @click=${close}>${msg("action.cancel")}</button>
      <button slot="footer" class="button danger" type="button" aria-busy=${this.busy === id ? "true" : "false"} @click=${() => this.#remove(account)}>
        ${msg("accounts.remove")}
      </button>
    </inlay-dialog>`;
  }

  /** Accounts that the integrations of `account` could use instead. */
  #choicesFor({ id, app }: Account): Account[] {
    const accounts = this.#accounts.value ?? [];
    return accounts.filter((one) => one.id !== id && one.app === app && one.owner === "user" && one.status === "connected");
  }

  async #startMove(account: Account): Promise<void> {
    await import("./move-dialog.ts");
    this.moving = account;
  }

  #renderMove(): TemplateResult | typeof nothing {
    const account = this.moving;
    if (!account) return nothing;
    const close = () => {
      this.moving = undefined;
    };
    const done = ({ detail }: CustomEvent<MoveDone>) => {
      close();
      this.toast(this.i18n.msg("accounts.moved", { label: detail.to.label }));
      this.#accounts.reload();
    };
    return html`<inlay-move-dialog
      .account=${account}
      .choices=${this.#choicesFor(account)}
      @move-close=${close}
      @move-done=${done}
    ></inlay-move-dialog>`;
  }

  async #startRename(account: Account): Promise<void> {
    await import("./rename-dialog.ts");
    this.naming = account;
  }

  #renderRename(): TemplateResult | typeof nothing {
    if (!this.naming) return nothing;
    const close = () => {
      this.naming = undefined;
    };
    const done = ({ detail }: CustomEvent<Account>) => {
      close();
      this.#replace(detail);
      this.toast(this.i18n.msg("integrations.renamed"));
    };
    return html`<inlay-rename-dialog .account=${this.naming} @rename-close=${close} @rename-done=${done}></inlay-rename-dialog>`;
  }

  #replace(account: Account): void {
    this.#accounts.set((this.#accounts.value ?? []).map((one) => (one.id === account.id ? account : one)));
  }

  #renderPicker(): TemplateResult | typeof nothing {
    if (!this.isPicking) return nothing;
    const { msg } = this.i18n;
    const close = () => {
      this.isPicking = false;
    };
    const pick = (app: AppSummary) => {
      close();
      this.#connect(app.key);
    };
    return html`<inlay-dialog exportparts=${PARTS} open no-footer heading=${msg("accounts.pick")} close-label=${msg("action.close")} @dialog-close=${close}>
      <ul class="apps">
        ${this.#connectable.map((app) => html`<li><button class="app" type="button" @click=${() => pick(app)}>${appIcon(app)} ${app.name}</button></li>`)}
      </ul>
    </inlay-dialog>`;
  }

  /** Those that a click can connect at once. */
  get #connectable(): ConnectableApp[] {
    const { apps, details } = this.#known;
    return apps.filter(({ key }) => details.has(key));
  }

  #appOf({ app }: Account): AppSummary {
    return this.#known.apps.find(({ key }) => key === app) ?? { key: app, name: app, icon: null };
  }

  /** In the click: no await before `connect`. Failures are told in its dialog. */
  #connect(key: string, account?: Account): void {
    const app = this.#known.details.get(key);
    if (!app) return;
    this.connect({ app, ...(account ? { auth: account.auth, account: account.id } : {}) }).then(
      () => this.#accounts.reload(),
      () => undefined,
    );
  }

  async #test(account: Account): Promise<void> {
    await this.#perform(account.id, account.id, async () => {
      const { ok, account: tested, message, why } = await testAccount(this.#client, account.id);
      this.#replace(tested);
      if (ok) this.toast(this.i18n.msg("accounts.tested", { label: tested.label }));
      else {
        const { describeOutcome } = await import("../i18n/describe-refusal.ts");
        const words = () => (message ? describeOutcome(this.i18n, message, why) : this.i18n.msg(`status.${tested.status}`));
        this.#refuse(account.id, words, { code: "app_failed", retryable: true });
      }
    });
  }

  async #remove(account: Account): Promise<void> {
    const { id, app, label } = account;
    if (!this.fire("inlay-before-disconnect", { account: id })) {
      this.removing = undefined;
      return;
    }
    await this.#perform(id, `remove ${id}`, async () => {
      await removeAccount(this.#client, id);
      this.#accounts.set((this.#accounts.value ?? []).filter((one) => one.id !== id));
      this.fire("inlay-account-disconnected", { account: id, app });
      this.toast(this.i18n.msg("accounts.removed", { label }));
      this.removing = undefined;
    });
  }

  async #perform(id: string, place: string, act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = id;
    this.refusals = new Map();
    try {
      await act();
    } catch (error) {
      const refusal = asApiError(error);
      this.#refuse(place, () => describeError(this.i18n, refusal), refusal);
    } finally {
      this.busy = "";
    }
  }

  #refuse(place: string, words: () => string, { code, retryable }: { code: string; retryable: boolean }): void {
    this.refusals = new Map([[place, words]]);
    this.fire("inlay-error", { code, message: words(), retryable });
  }

  get #client(): ApiClient {
    if (!this.client) throw new Error("asked before there was a token");
    return this.client;
  }
}

define("inlay-accounts-view", AccountsViewElement);
