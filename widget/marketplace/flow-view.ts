import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Account } from "../../shared/api/account.ts";
import type { FlowDetail, OperationUse } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import { readAccounts } from "../accounts/read-accounts.ts";
import { isAbort } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { readPages } from "../api/read-pages.ts";
import { ResourceController } from "../api/resource.ts";
import {
  apiContext,
  type Config,
  type ConnectAccount,
  configContext,
  connectContext,
  hostEventsContext,
  i18nContext,
} from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { MessageKey } from "../i18n/en.ts";
import "../i18n/more-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { integrationTone } from "../integrations/status-words.ts";
import { base } from "../styles/base.ts";
import { appIcon, appIconStyles } from "../ui/app-icon.ts";
import { badge, badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { backIcon, checkIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { tellApart } from "../ui/tell-apart.ts";
import { blockWords, tellingBlocks, triggerIcon } from "./block-words.ts";
import { picturesOf } from "./flow-card.ts";
import { flowViewStyles } from "./flow-view-styles.ts";

/** Operations that a block is told by. */
const MOST_USES = 5;

interface Loaded {
  flow: FlowDetail;
  integrations: Integration[];
}

/**
 * One flow: what it does, what it needs, and the way to set it up.
 *
 * @fires flow-close - back to the list
 * @fires setup-open - `{flow, integration?}`, the whole objects
 * @fires integration-open - `{integration}`, its id
 */
export class FlowViewElement extends LitElement {
  static override styles = [base, buttonStyles, badgeStyles, calloutStyles, skeletonStyles, appIconStyles, flowViewStyles];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;
  @consume({ context: connectContext }) private connect!: ConnectAccount;

  /** The flow's key. */
  @property() flow = "";
  @query("h2") private heading?: HTMLElement;
  #opened = "";

  readonly #page = new ResourceController<Loaded>(this, {
    key: () => this.client && [this.client, this.flow],
    load: async (signal) => {
      const client = this.#client;
      const [flow, { items }] = await Promise.all([
        client.readFlow(this.flow, signal),
        readPages((cursor) => client.listIntegrations({ flow: this.flow, cursor }, signal), Number.POSITIVE_INFINITY),
      ]);
      return { flow, integrations: items };
    },
    settled: (outcome) => {
      if (outcome.status === "ready") this.#announce();
      if (outcome.status === "failed") {
        const { code, retryable } = outcome.error;
        this.fire("inlay-error", { code, message: this.#words(outcome.error.status), retryable });
      }
      this.updateComplete.then(() => this.fire("inlay-ready", { view: "marketplace" }));
    },
  });

  readonly #accounts = new ResourceController<Account[]>(this, {
    key: () => this.client && [this.client],
    load: (signal) => readAccounts(this.#client, undefined, signal),
  });

  constructor() {
    super();
    new LiveController(this, (messages) => {
      if (messages.some(({ type }) => type === "account" || type === "missed")) this.#accounts.reload();
      if (messages.some(({ type }) => type === "integration" || type === "flow" || type === "missed")) this.#page.reload();
    });
  }

  override render(): TemplateResult {
    const { state: page } = this.#page;
    return html`
      <button class="link back" type="button" @click=${() => this.dispatchEvent(new CustomEvent("flow-close"))}>
        ${backIcon} ${this.i18n.msg("flow.all")}
      </button>
      ${page.value && page.value.flow.key === this.flow ? this.#renderFlow(page.value) : page.status === "failed" ? this.#renderError(page.error.status) : this.#renderBones()}
    `;
  }

  #renderFlow({ flow, integrations }: Loaded): TemplateResult {
    return html`
      <article class="flow" part="flow">
        <header>
          <div class="tiles">${picturesOf(flow).map(appIcon)}</div>
          <div class="title">
            <h2 part="flow-title" tabindex="-1"><bdi>${flow.name}</bdi></h2>
            ${flow.description ? html`<p class="muted"><bdi>${flow.description}</bdi></p>` : nothing}
          </div>
          ${this.#renderMainAction(flow, integrations)}
        </header>
        <div class="columns">
          <div class="column">${this.#renderBlocks(flow)}</div>
          <div class="column">${this.#renderSlots(flow)} ${this.#renderAccess(flow)} ${this.#renderInstalled(integrations)}</div>
        </div>
      </article>
    `;
  }

  #renderMainAction(flow: FlowDetail, integrations: Integration[]): TemplateResult | typeof nothing {
    if (this.config.readonly) return nothing;
    const [existing] = integrations;
    const isOne = flow.instances === "one" && existing !== undefined;
    const label = isOne ? "flow.edit" : existing ? "flow.setUpAnother" : "flow.setUp";
    return html`<button class="button primary" part="button-primary" type="button" @click=${() => this.#setUp(flow, isOne ? existing : undefined)}>
      ${this.i18n.msg(label)}
    </button>`;
  }

  #renderBlocks(flow: FlowDetail): TemplateResult {
    return html`<section>
      <h3>${this.i18n.msg("flow.does")}</h3>
      <ul class="lines">
        ${tellingBlocks(flow.blocks).map(
          ({ name, trigger, uses = [] }) => html`<li class="line" part="block">
            <span class="line-icon">${triggerIcon(trigger.type)}</span>
            <span class="line-words"><strong><bdi>${name}</bdi></strong><small>${blockWords(trigger, flow.apps, this.i18n)}</small>${this.#renderUses(flow, uses)}</span>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  /** What a block does in the apps, one after the other. */
  #renderUses(flow: FlowDetail, uses: readonly OperationUse[]): TemplateResult | typeof nothing {
    if (!uses.length) return nothing;
    return html`<span class="uses"
      >${uses.slice(0, MOST_USES).map(({ app: key, title }) => {
        const app = flow.apps.find((one) => one.key === key) ?? { name: key, icon: null };
        return html`<span class="use">${appIcon(app)}<bdi>${title}</bdi></span>`;
      })}</span
    >`;
  }

  #renderAccess({ access = [], callsWeb = false, apps }: FlowDetail): TemplateResult | typeof nothing {
    const told = access.filter(({ reads, writes, listens }) => reads.length + writes.length + listens.length > 0);
    if (!told.length && !callsWeb) return nothing;
    const { i18n } = this;
    const line = (key: MessageKey, titles: readonly string[]) =>
      titles.length
        ? html`<div><dt>${i18n.msg(key)}</dt><dd>${i18n.list(titles.map((title) => `\u2068${title}\u2069`))}</dd></div>`
        : nothing;
    return html`<section>
      <h3>${i18n.msg("flow.access")}</h3>
      <ul class="lines">
        ${told.map(
          ({ app: key, reads, writes, listens }) => html`<li class="access">
            <strong><bdi>${apps.find((one) => one.key === key)?.name ?? key}</bdi></strong>
            <dl>${line("flow.reads", reads)}${line("flow.writes", writes)}${line("flow.listens", listens)}</dl>
          </li>`,
        )}
        ${callsWeb ? html`<li class="access"><strong>${i18n.msg("flow.web")}</strong></li>` : nothing}
      </ul>
    </section>`;
  }

  #renderSlots(flow: FlowDetail): TemplateResult | typeof nothing {
    if (!flow.accounts.length) return nothing;
    return html`<section>
      <h3>${this.i18n.msg("flow.needs")}</h3>
      <ul class="lines boxed">
        ${flow.accounts.map((slot) => this.#renderSlot(flow, slot))}
      </ul>
    </section>`;
  }

  #renderSlot(flow: FlowDetail, slot: FlowDetail["accounts"][number]): TemplateResult {
    const { msg } = this.i18n;
    const app = flow.apps.find(({ key }) => key === slot.app) ?? { key: slot.app, name: slot.app, icon: null };
    const accounts = this.#accounts.value?.filter((account) => account.app === slot.app);
    const healthy = accounts?.filter(({ status }) => status === "connected") ?? [];
    const [broken] = accounts?.filter(({ status }) => status !== "connected") ?? [];
    const words = healthy.length
      ? this.i18n.list(healthy.map(({ label }) => label))
      : broken
        ? msg(`status.${broken.status}`)
        : msg(slot.optional ? "flow.optional" : "flow.notConnected");
    const button = (key: "flow.connect" | "accounts.reconnect", account?: string) =>
      this.config.readonly || !accounts
        ? nothing
        : html`<button class="button compact" type="button" aria-label="${msg(key)}: ${app.name}" @click=${() => this.#connect(flow, slot.app, account)}>${msg(key)}</button>`;
    return html`<li class="line" part="slot-row">
      ${appIcon(app)}
      <span class="line-words"><strong><bdi>${app.name}</bdi></strong><small>${accounts ? words : bone("half")}</small></span>
      ${healthy.length ? html`<span class="done">${checkIcon}<span class="visually-hidden">${msg("status.connected")}</span></span>` : broken ? button("accounts.reconnect", broken.id) : button("flow.connect")}
    </li>`;
  }

  #renderInstalled(integrations: Integration[]): TemplateResult | typeof nothing {
    if (!integrations.length) return nothing;
    const { msg } = this.i18n;
    const names = tellApart(integrations.map(({ name }) => name));
    const open = (id: string) => this.dispatchEvent(new CustomEvent("integration-open", { detail: { integration: id } }));
    return html`<section>
      <h3>${msg("flow.yours")}</h3>
      <ul class="lines boxed">
        ${integrations.map(
          ({ id, name, status }, index) => html`<li class="line" part="row">
            <span class="line-words"><strong><bdi>${name}</bdi></strong>${badge(integrationTone(status), msg(`status.${status}`))}</span>
            <button class="button compact" type="button" aria-label="${msg("flow.manage")}: ${names[index]}" @click=${() => open(id)}>${msg("flow.manage")}</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #renderError(status: number): TemplateResult {
    const action = html`<button class="button compact" type="button" @click=${() => this.#page.reload()}>${this.i18n.msg("action.retry")}</button>`;
    const isGone = status === 404 || status === 410;
    return callout({
      tone: isGone ? "warning" : "danger",
      title: this.i18n.msg("flow.failed"),
      text: this.#words(status),
      action: isGone ? nothing : action,
    });
  }

  #renderBones(): TemplateResult {
    return html`<div class="flow" aria-busy="true">
      <span class="visually-hidden" role="status">${this.i18n.msg("loading")}</span>
      <header aria-hidden="true">
        ${bone("tile")}
        <div class="title">${bone("title")}${bone("half")}</div>
      </header>
      <div class="columns" aria-hidden="true">
        <div class="column">${bone("short")}${bone("long")}${bone("long")}</div>
        <div class="column">${bone("short")}${bone("long")}${bone("half")}</div>
      </div>
    </div>`;
  }

  #words(status: number): string {
    const { state: page } = this.#page;
    if (status === 404 || status === 410) return this.i18n.msg("flow.gone");
    return page.status === "failed" ? describeError(this.i18n, page.error) : "";
  }

  #setUp(flow: FlowDetail, integration: Integration | undefined): void {
    this.dispatchEvent(new CustomEvent("setup-open", { detail: { flow, integration } }));
  }

  /** In the click: no await before `connect`. Failures are told in its dialog. */
  #connect(flow: FlowDetail, key: string, account?: string): void {
    const app = flow.appDetails.find((one) => one.key === key);
    if (!app) return;
    this.connect({ app, ...(account ? { account } : {}) }).then(
      () => this.#accounts.reload(),
      (error: unknown) => isAbort(error),
    );
  }

  #announce(): void {
    if (this.#opened === this.flow) return;
    this.#opened = this.flow;
    this.fire("inlay-flow-opened", { flow: this.flow });
    this.updateComplete.then(() => this.heading?.focus({ preventScroll: true }));
  }

  get #client(): ApiClient {
    if (!this.client) throw new Error("asked before there was a token");
    return this.client;
  }
}

define("inlay-flow-view", FlowViewElement);
