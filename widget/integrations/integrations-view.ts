import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FlowSummary } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { Run } from "../../shared/api/run.ts";
import { AppsController } from "../accounts/apps-controller.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { ResourceController } from "../api/resource.ts";
import type { LiveMessage } from "../api/stream.ts";
import { apiContext, type ConnectAccount, connectContext, hostEventsContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { PARTS } from "../host/parts.ts";
import { describeError } from "../i18n/describe-error.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { empty, emptyStyles } from "../ui/empty.ts";
import { backIcon, plugIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import "./integration-row.ts";
import type { RunsListElement } from "./runs-list.ts";
import "./runs-list.ts";
import "./slots-list.ts";
import { tellApart } from "../ui/tell-apart.ts";
import { withRun } from "./with-run.ts";

/**
 * The user's integrations, or one of them with its runs.
 *
 * @fires setup-open - `{flow, integration}`, key and id
 * @fires browse-open - to the marketplace
 * @fires integration-open - `{integration}`: id of the one to show, empty for the list
 */
export class IntegrationsViewElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    calloutStyles,
    emptyStyles,
    skeletonStyles,
    css`
      .rows {
        display: grid;
        gap: calc(var(--_space) * 3);
      }

      .rows > .callout {
        grid-column: 1 / -1;
      }

      .rows.grid {
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
        align-items: start;
      }

      /* Each lays itself out by its own width. */
      .rows.grid > * {
        container-type: inline-size;
      }

      .row {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 4);
        border: 1px solid var(--_border);
        border-radius: var(--_radius-l);
      }

      .row div {
        flex: 1;
      }

      .back {
        margin-block-end: calc(var(--_space) * 3);
      }
    `,
  ];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;
  @consume({ context: connectContext }) private connect!: ConnectAccount;

  /** Only integrations of flows that this tag expression selects. */
  @property() tag = "";
  @property() category = "";
  @property() search = "";
  @property() layout: "grid" | "list" = "list";
  /** The id of the integration to show alone. */
  @property() shown = "";
  /** Whether there is a marketplace to lead to from the empty list. */
  @property({ type: Boolean, attribute: "no-browse" }) noBrowse = false;

  @query("inlay-runs-list") private runs?: RunsListElement;

  readonly #list = new ResourceController<Integration[]>(this, {
    key: () => this.client && [this.client, this.tag],
    load: (signal) => this.#loadAll(signal),
    settled: (outcome) => {
      if (outcome.status === "failed") {
        const { code, retryable } = outcome.error;
        this.fire("inlay-error", { code, message: describeError(this.i18n, outcome.error), retryable });
      }
      this.updateComplete.then(() => this.fire("inlay-ready", { view: "integrations" }));
    },
  });

  /** For icons and names alone; a flow that was withdrawn has none. */
  readonly #flows = new ResourceController<Map<string, FlowSummary>>(this, {
    key: () => this.client && [this.client],
    load: async (signal) => new Map((await this.#client.listFlows({ limit: 100 }, signal)).items.map((flow) => [flow.key, flow])),
  });

  /** Of flows that are not among the first: read one by one, since few of many are set up. */
  readonly #further = new ResourceController<FlowSummary[]>(this, {
    key: () => (this.client && this.#missing.length ? [this.client, this.#missing.join(" ")] : undefined),
    load: async (signal) => {
      const read = this.#missing.map((key) => this.#client.readFlow(key, signal).catch(() => undefined));
      return (await Promise.all(read)).filter((flow) => flow !== undefined);
    },
  });

  /** The last run that the stream told of, by integration and block. */
  readonly #news = new Map<string, Run>();

  readonly #apps = new AppsController(this, () => this.client);

  constructor() {
    super();
    new LiveController(this, (messages) => this.#take(messages));
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    const broken = this.#list.value?.filter(({ attention }) => attention?.some(({ account }) => account)) ?? [];
    this.#apps.need(broken);
  }

  override render(): TemplateResult {
    const { state: list } = this.#list;
    const { msg } = this.i18n;
    const known = this.#integrations;
    if (!list.value && list.status === "failed") return this.#renderError(describeError(this.i18n, list.error));
    if (!known)
      return html`<div class="rows ${this.layout}" aria-busy="true">
        <span class="visually-hidden" role="status">${msg("loading")}</span>
        ${Array.from({ length: 3 }, () => html`<div class="row" aria-hidden="true">${bone("tile")}<div>${bone("half")}</div></div>`)}
      </div>`;
    const shown = known.find(({ id }) => id === this.shown);
    if (shown) return this.#renderShown(shown);
    const items = this.#filtered(known);
    if (!items.length) return this.#renderNone();
    const names = tellApart(
      items.map(({ name }) => name),
      items.map(({ flow }) => this.#flowOf(flow)?.name ?? flow),
    );
    return html`<div class="rows ${this.layout}">
        ${list.status === "failed" ? this.#renderError(describeError(this.i18n, list.error)) : nothing}
        ${repeat(
          items,
          ({ id }) => id,
          (integration, index) => this.#renderRow(integration, false, names[index]),
        )}
      </div>`;
  }

  #renderRow(integration: Integration, opened: boolean, spoken = integration.name): TemplateResult {
    return html`<inlay-integration-row
      exportparts=${PARTS}
      .integration=${integration}
      .spoken=${spoken}
      .flow=${this.#flowOf(integration.flow)}
      ?opened=${opened}
      .isRenewable=${(account: string) => this.#apps.accountIn(integration.flow, account) !== undefined}
      @integration-change=${this.#changed}
      @integration-open=${this.#show}
      @setup-open=${this.#openSetup}
      @account-fix=${this.#fixAccount}
    ></inlay-integration-row>`;
  }

  #renderShown(integration: Integration): TemplateResult {
    const leave = () => this.#open("");
    return html`
      <button class="link back" type="button" @click=${leave}>${backIcon} ${this.i18n.msg("view.integrations")}</button>
      <div class="rows">
        ${this.#renderRow(integration, true)}
        <inlay-runs-list exportparts=${PARTS} .integration=${integration}></inlay-runs-list>
        ${
          integration.blocks.some(({ trigger }) => trigger.type === "schedule" || trigger.type === "poll")
            ? html`<inlay-slots-list .integration=${integration} @run-open=${({ detail }: CustomEvent<{ run: string }>) => this.runs?.show(detail.run)}></inlay-slots-list>`
            : nothing
        }
      </div>
    `;
  }

  #renderNone(): TemplateResult {
    const { msg } = this.i18n;
    const browse = html`<button class="button" type="button" @click=${() => this.dispatchEvent(new CustomEvent("browse-open"))}>
      ${msg("integrations.browse")}
    </button>`;
    return html`<slot name="empty"
      >${empty({
        icon: plugIcon,
        title: msg("integrations.noneTitle"),
        text: msg("integrations.noneText"),
        action: this.noBrowse ? nothing : browse,
      })}</slot
    >`;
  }

  #renderError(text: string): TemplateResult {
    const { msg } = this.i18n;
    const action = html`<button class="button compact" type="button" @click=${() => this.#list.reload()}>${msg("action.retry")}</button>`;
    return callout({ tone: "danger", title: msg("integrations.failed"), text, action });
  }

  async #loadAll(signal: AbortSignal): Promise<Integration[]> {
    const all: Integration[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#client.listIntegrations({ tag: this.tag, ...(cursor ? { cursor } : {}) }, signal);
      all.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return all;
  }

  #filtered(items: Integration[]): Integration[] {
    const words = this.search.trim().toLocaleLowerCase();
    return items.filter(({ name, flow }) => {
      const summary = this.#flowOf(flow);
      const isNamed = !words || `${name} ${summary?.name ?? ""}`.toLocaleLowerCase().includes(words);
      return isNamed && (!this.category || summary?.category?.toLocaleLowerCase() === this.category.toLocaleLowerCase());
    });
  }

  #flowOf = (key: string): FlowSummary | undefined => this.#flows.value?.get(key) ?? this.#further.value?.find((flow) => flow.key === key);

  /** Keys of flows that are set up and not among the first. */
  get #missing(): string[] {
    const known = this.#flows.value;
    return known ? [...new Set((this.#list.value ?? []).map(({ flow }) => flow))].filter((key) => !known.has(key)) : [];
  }

  #take(messages: LiveMessage[]): void {
    if (messages.some(({ type }) => type !== "run")) this.#list.reload();
    if (this.#flows.state.status === "failed") this.#flows.reload();
    const runs = messages.flatMap((message) => (message.type === "run" ? [message.run] : []));
    for (const run of runs) this.#news.set(`${run.integration} ${run.block}`, run);
    if (runs.length) this.requestUpdate();
  }

  /** The list with what the stream has told since it was read. */
  get #integrations(): Integration[] | undefined {
    return this.#list.value && [...this.#news.values()].reduce(withRun, this.#list.value);
  }

  #changed = ({ detail }: CustomEvent<{ integration: Integration; isRemoved: boolean }>) => {
    const { integration, isRemoved } = detail;
    const list = this.#list.value ?? [];
    const isNew = !isRemoved && !list.some(({ id }) => id === integration.id);
    if (isRemoved) this.#list.set(list.filter(({ id }) => id !== integration.id));
    else if (isNew) this.#list.set([integration, ...list]);
    else this.#list.set(list.map((one) => (one.id === integration.id ? integration : one)));
    if (isRemoved && this.shown === integration.id) this.#open("");
  };

  #show = async ({ detail }: CustomEvent<{ integration: string; run?: string }>) => {
    this.#open(detail.integration);
    if (!detail.run) return;
    await this.updateComplete;
    this.runs?.show(detail.run);
  };

  #open(integration: string): void {
    this.shown = integration;
    this.dispatchEvent(new CustomEvent("integration-open", { detail: { integration } }));
  }

  #openSetup = ({ detail }: CustomEvent) => this.dispatchEvent(new CustomEvent("setup-open", { detail }));

  /** In the click. An account that is gone cannot be renewed: the setup form asks for another. */
  #fixAccount = async ({ detail }: CustomEvent<{ integration: string; account: string }>) => {
    const integration = this.#list.value?.find(({ id }) => id === detail.integration);
    if (!integration) return;
    const found = this.#apps.accountIn(integration.flow, detail.account);
    if (!found) {
      this.dispatchEvent(new CustomEvent("setup-open", { detail: { flow: integration.flow, integration: integration.id } }));
      return;
    }
    await this.connect({ app: found.app, auth: found.account.auth, account: found.account.id }).then(
      () => this.#list.reload(),
      () => undefined,
    );
  };

  get #client(): ApiClient {
    if (!this.client) throw new Error("asked before there was a token");
    return this.client;
  }
}

define("inlay-integrations-view", IntegrationsViewElement);
