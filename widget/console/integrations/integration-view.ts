import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { WorkspaceAccount } from "../../../shared/api/account.ts";
import type { IntegrationBlock } from "../../../shared/api/integration.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { badge } from "../../ui/badge.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import type { MenuItem } from "../../ui/menu.ts";
import "../../ui/menu.ts";
import { at, listAll } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, canOperate, type Session } from "../app/session.ts";
import "../runs/run-list.ts";
import { bones, failure, tabs, when } from "../ui/parts.ts";
import { accountBadge, integrationBadge, runBadge } from "../ui/status.ts";
import { viewStyles } from "../ui/view-styles.ts";
import {
  type MemberIntegration,
  patchIntegration,
  readIntegration,
  removeIntegration,
  runBlock,
  upgradeIntegration,
} from "./integration-api.ts";
import { say } from "./words.ts";

/** One user's integration: whose, what it needs, its blocks, values and runs. */
export class IntegrationViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .attention {
        display: grid;
        gap: calc(var(--_space) * 2);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() integration = "";
  @property() tab = "overview";
  @state() private asking: WorkspaceAccount | undefined;
  @state() private isRemoving = false;
  @state() private isRenaming = false;
  @state() private isBusy = false;
  readonly #one = new ResourceController<MemberIntegration>(this, {
    key: () => [this.integration],
    load: (signal) => readIntegration(this.integration, signal),
  });

  /** What the integration's accounts are called. */
  readonly #accounts = new ResourceController<Map<string, WorkspaceAccount>>(this, {
    key: () => [this.#one.value?.user.externalId, ...Object.values(this.#one.value?.accounts ?? {})],
    load: async (signal) => {
      const { user, accounts } = this.#one.value ?? {};
      if (!user || !accounts || !Object.keys(accounts).length) return new Map();
      const [theirs, ours] = await Promise.all([
        listAll<WorkspaceAccount>("accounts", { user: user.externalId }, signal),
        listAll<WorkspaceAccount>("accounts", { owner: "workspace" }, signal),
      ]);
      return new Map([...theirs, ...ours].map((account) => [account.id, account]));
    },
  });

  constructor() {
    super();
    new PulseController(this, () => this.tab === "overview" && this.#one.reload(), { of: ["integration", "account", "run"] });
  }

  override updated(): void {
    if (this.tab === "schedule") void import("./slot-list.ts");
  }

  override render(): TemplateResult {
    const { state } = this.#one;
    const one = state.value?.id === this.integration ? state.value : undefined;
    if (!one) return state.status === "failed" ? failure(state.error, () => this.#one.reload()) : bones();
    const path = `/integrations/${at(one.id)}`;
    return html`
      <header class="head">
        <h1><a class="way" href=${hrefOf(`/flows/${at(one.flow)}/integrations`)}>${one.flow}</a> <span class="name" title=${one.name}>${one.name}</span> ${integrationBadge(one.status)}</h1>
        <span class="gap"></span>
        ${
          can(this.session, "write")
            ? html`<button class="button compact" type="button" ?disabled=${this.isBusy} @click=${() => this.#turn(one)}>${one.status === "disabled" ? say("enable") : say("disable")}</button>
                <inlay-menu label=${one.name} .items=${this.#actions(one)}></inlay-menu>`
            : nothing
        }
      </header>
      ${tabs(one.name, this.tab, [
        { name: "overview", label: say("name"), href: hrefOf(path) },
        { name: "runs", label: say("runs"), href: hrefOf(`${path}/runs`) },
        { name: "schedule", label: say("schedule"), href: hrefOf(`${path}/schedule`) },
      ])}
      ${
        this.tab === "runs"
          ? html`<inlay-console-run-list .session=${this.session} .query=${this.query} .only=${{ integration: one.id }}></inlay-console-run-list>`
          : this.tab === "schedule"
            ? html`<inlay-console-slots .query=${this.query} .integration=${one}></inlay-console-slots>`
            : this.#renderOverview(one)
      }
      ${
        this.asking
          ? html`<inlay-console-ask-reconnect .account=${this.asking} @ask-done=${() => this.#accounts.reload()} @ask-close=${() => {
              this.asking = undefined;
            }}></inlay-console-ask-reconnect>`
          : nothing
      }
      ${this.isRemoving ? this.#renderRemoval(one) : nothing} ${this.isRenaming ? this.#renderRenaming(one) : nothing}
    `;
  }

  #renderOverview(one: MemberIntegration): TemplateResult {
    const { user } = one;
    const accounts = Object.entries(one.accounts);
    const values = Object.entries(one.values);
    return html`<div class="scroll"><div class="column">
      ${
        one.attention?.length
          ? html`<div class="attention">${one.attention.map(({ message, code }) => callout({ tone: "warning", title: message, text: code }))}</div>`
          : nothing
      }
      <dl class="facts">
        <div><dt>${say("user")}</dt><dd><a href=${hrefOf(`/users/${at(user.id)}`)}>${user.name ?? user.externalId}</a>${user.org ? html` <span class="muted">${user.org}</span>` : nothing}</dd></div>
        <div><dt>${say("flow")}</dt><dd><a href=${hrefOf(`/flows/${at(one.flow)}`)}>${one.flow}</a></dd></div>
        <div><dt>${say("version")}</dt><dd class="number">${one.version} ${one.upgradeTo ? badge("accent", say("upgradeTo", { number: one.upgradeTo })) : nothing}</dd></div>
        <div><dt>${say("created")}</dt><dd>${when(one.createdAt)}</dd></div>
      </dl>
      <section>
        <h2>${say("blocks")}</h2>
        <ul class="panel">${one.blocks.map((block) => this.#renderBlock(one, block))}</ul>
      </section>
      <section>
        <h2>${say("accounts")}</h2>
        ${
          accounts.length
            ? html`<ul class="panel">${accounts.map(([slot, id]) => this.#renderAccount(one, slot, id))}</ul>`
            : html`<p class="muted">${say("noAccounts")}</p>`
        }
      </section>
      <section>
        <h2>${say("values")}</h2>
        ${
          values.length
            ? html`<ul class="panel">${values.map(([key, value]) => html`<li class="line"><span class="words"><strong>${key}</strong></span><span class="mono">${printValue(value)}</span></li>`)}</ul>`
            : html`<p class="muted">${say("noValues")}</p>`
        }
      </section>
    </div></div>`;
  }

  #renderAccount({ user }: MemberIntegration, slot: string, id: string): TemplateResult {
    const account = this.#accounts.value?.get(id);
    const href =
      account && account.user === null ? hrefOf("/connections", { owner: "workspace" }) : hrefOf(`/users/${at(user.id)}/accounts`);
    return html`<li class="line">
      <span class="words"><strong>${slot}</strong></span>
      <a href=${href}>${account ? account.label : html`<span class="mono">${id}</span>`}</a>
      ${account ? accountBadge(account.status) : nothing}
      ${
        account && account.user !== null && account.status !== "connected" && can(this.session, "write")
          ? html`<button class="button compact" type="button" @click=${() => this.#ask(account)}>${say("askReconnect")}</button>`
          : nothing
      }
    </li>`;
  }

  async #ask(account: WorkspaceAccount): Promise<void> {
    await import("../connections/ask-reconnect.ts");
    this.asking = account;
  }

  #renderBlock(one: MemberIntegration, { key, name, url, lastRun, nextRunAt, trigger }: IntegrationBlock): TemplateResult {
    const canRun = canOperate(this.session) && one.status !== "disabled" && ["manual", "schedule", "poll"].includes(trigger.type);
    return html`<li class="line">
      <div class="words">
        <strong>${name}</strong>
        <span class="muted small">
          ${lastRun ? html`<a href=${hrefOf(`/runs/${lastRun.id}`)}>${say("last", { when: english.relative(lastRun.acceptedAt) })}</a>` : say("neverRan")}
          ${nextRunAt ? html` · ${say("next", { when: english.relative(nextRunAt) })}` : nothing}
        </span>
        ${url ? html`<span class="mono muted">${url}</span>` : nothing}
      </div>
      ${lastRun ? runBadge(lastRun.status) : nothing}
      ${canRun ? html`<button class="button compact" type="button" @click=${() => this.#run(one, key)}>${say("runNow")}</button>` : nothing}
    </li>`;
  }

  #renderRenaming({ id, name: before }: MemberIntegration): TemplateResult {
    const rename = (name: string) => patchIntegration(id, { name }).then(() => this.#one.reload());
    const save = async (name: string) => {
      await rename(name);
      notify(this, { text: say("renamed", { name }), undo: () => rename(before) });
    };
    return html`<inlay-console-ask-text heading=${say("renameTitle", { name: before })} label=${say("name")} .value=${before} .save=${save} @text-close=${() => {
      this.isRenaming = false;
    }}></inlay-console-ask-text>`;
  }

  async #openRename(): Promise<void> {
    await import("../ui/ask-text.ts");
    this.isRenaming = true;
  }

  #renderRemoval(one: MemberIntegration): TemplateResult {
    const close = () => {
      this.isRemoving = false;
    };
    return html`<inlay-dialog open kind="alertdialog" heading=${say("removeTitle", { name: one.name })} close-label=${say("close")} @dialog-close=${close}>
      <p>${say("removeText")}</p>
      <button slot="footer" class="button danger" type="button" autofocus @click=${() => this.#remove(one)}>${say("remove")}</button>
    </inlay-dialog>`;
  }

  #actions(one: MemberIntegration): MenuItem[] {
    const upgrade = () => this.#do(() => upgradeIntegration(one.id), say("upgraded", { count: 1 }));
    return [
      ...(one.upgradeTo ? [{ label: say("upgradeTitle", { number: one.upgradeTo }), run: upgrade }] : []),
      { label: say("rename"), run: () => void this.#openRename() },
      {
        label: `${say("remove")}…`,
        tone: "danger",
        divided: true,
        run: () => {
          this.isRemoving = true;
        },
      },
    ];
  }

  async #turn({ id, status }: MemberIntegration): Promise<void> {
    const turn = (enabled: boolean) => patchIntegration(id, { enabled }).then(() => this.#one.reload());
    const enabled = status === "disabled";
    this.isBusy = true;
    await attempt(
      this,
      () => turn(enabled),
      say(enabled ? "turnedOn" : "turnedOff", { count: 1 }),
      () => turn(!enabled),
    );
    this.isBusy = false;
  }

  async #run({ id }: MemberIntegration, block: string): Promise<void> {
    await attempt(this, async () => {
      const { run } = await runBlock(id, block);
      go(hrefOf(`/runs/${run}`));
      notify(this, { text: say("started", { run }) });
    });
  }

  async #remove({ id, flow, name }: MemberIntegration): Promise<void> {
    this.isRemoving = false;
    if (await attempt(this, () => removeIntegration(id), say("removed", { name }))) go(hrefOf(`/flows/${at(flow)}/integrations`));
  }

  async #do(work: () => Promise<unknown>, done: string): Promise<void> {
    if (await attempt(this, work, done)) await this.#one.reload();
  }
}

/** A value for reading; a stored secret is said to be one. */
function printValue(value: unknown): string {
  if (typeof value === "object" && value !== null && "$secret" in value) return say("secret");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

define("inlay-console-integration", IntegrationViewElement);
