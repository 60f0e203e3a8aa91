import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { SetupLink } from "../../../shared/api/setup-link.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import { plugIcon, plusIcon, searchIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, type Session } from "../app/session.ts";
import { type FlowInfo, upgradeIntegrations, whyKept } from "../flows/flow-api.ts";
import { bones, choice, failure, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { integrationBadge, runBadge } from "../ui/status.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type IntegrationRow, listIntegrations, patchIntegration } from "./integration-api.ts";
import { say } from "./words.ts";

/** Integrations of a flow, or of a user: chosen ones are turned on and off, and upgraded, together. */
export class IntegrationListElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .chosen-bar {
        background: var(--_accent-soft);
      }

      .links {
        border-block-end: 1px solid var(--_border);
      }

      /* As far from the edge as the rows below. */
      .links .line {
        padding-inline: calc(var(--_space) * 5);
      }

      @container (max-width: 560px) {
        .links .line {
          padding-inline: calc(var(--_space) * 4);
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property({ attribute: false }) flow: FlowInfo | undefined;
  /** `usr_…`: of this user alone. */
  @property() user: string | undefined;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private isBusy = false;
  @state() private isUpgrading = false;
  @state() private isDeploying = false;
  readonly #list = new PagedController<IntegrationRow>(this, {
    key: () => [this.flow?.key, this.user, this.query.get("status")],
    load: (cursor, signal) =>
      listIntegrations({ flow: this.flow?.key, user: this.user, status: this.query.get("status") ?? undefined }, cursor, signal),
    idOf: ({ id }) => id,
  });

  /** Links that users of the flow have not used yet. */
  readonly #links = new ResourceController<SetupLink[]>(this, {
    key: () => [this.flow?.key],
    load: async (signal) => (this.flow ? listAll<SetupLink>(`flows/${at(this.flow.key)}/links`, {}, signal) : []),
  });

  constructor() {
    super();
    const again = () => Promise.all([this.#list.refresh(), this.#links.reload()]);
    new PulseController(this, again, { of: ["integration", "account", "run"], least: 3_000 });
  }

  #columns(): Column<IntegrationRow>[] {
    const newest = this.flow?.version ?? null;
    return [
      { key: "name", label: say("name"), width: "minmax(150px, 2fr)", narrow: "main", cell: ({ name }) => html`<span>${name}</span>` },
      { key: "status", label: say("status"), width: "118px", narrow: "end", cell: ({ status }) => integrationBadge(status) },
      ...(this.user
        ? []
        : [
            {
              key: "user",
              label: say("user"),
              width: "minmax(104px, 1.4fr)",
              narrow: "below" as const,
              cell: ({ user, org }: IntegrationRow) =>
                html`<span>${user}${org ? html`<span class="muted"> · ${org}</span>` : nothing}</span>`,
            },
          ]),
      ...(this.flow
        ? []
        : [
            {
              key: "flow",
              label: say("flow"),
              width: "minmax(110px, 1.2fr)",
              ...(this.user ? { narrow: "below" as const } : {}),
              cell: ({ flow }: IntegrationRow) => html`<span>${flow}</span>`,
            },
          ]),
      {
        key: "version",
        label: say("version"),
        width: "84px",
        cell: ({ version }) =>
          html`<span class="number">${version}</span>${newest !== null && version < newest ? badge("accent", String(newest)) : nothing}`,
      },
      {
        key: "last",
        label: say("lastRun"),
        width: "minmax(216px, 1fr)",
        cell: ({ lastRun }) =>
          lastRun
            ? html`${runBadge(lastRun.status)} <span class="muted">${when(lastRun.acceptedAt)}</span>`
            : html`<span class="muted">–</span>`,
      },
      {
        key: "tasks",
        label: say("tasks"),
        width: "56px",
        align: "end",
        cell: ({ tasks }) => html`<span class="number" title=${say("tasksOf")}>${english.number(tasks)}</span>`,
      },
      {
        key: "changed",
        label: say("changed"),
        width: "112px",
        align: "end",
        cell: ({ updatedAt }) => html`<span class="muted">${when(updatedAt)}</span>`,
      },
    ];
  }

  override render(): TemplateResult {
    const { items, status, error } = this.#list;
    return html`
      ${this.chosen.size ? this.#renderChosen() : this.#renderFilters()} ${this.#renderLinks()}
      ${
        items.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${this.#columns()}
              .rows=${items}
              .idOf=${(one: IntegrationRow) => one.id}
              .hrefOf=${(one: IntegrationRow) => hrefOf(`/integrations/${one.id}`)}
              .chosen=${can(this.session, "write") ? this.chosen : undefined}
              @rows-select=${(event: CustomEvent<Set<string>>) => {
                this.chosen = event.detail;
              }}
              @rows-end=${() => this.#list.more()}
            ></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#list.reload())
            : status === "loading"
              ? bones()
              : this.query.get("status")
                ? empty({ icon: searchIcon, title: say("noMatch"), text: say("noMatchText") })
                : empty({ icon: plugIcon, title: say("emptyTitle"), text: say("emptyText"), action: this.#renderDeploy() })
      }
      ${
        this.isUpgrading && this.flow
          ? html`<inlay-console-upgrade .flow=${this.flow} @upgrade-close=${() => {
              this.isUpgrading = false;
              void this.#list.refresh();
            }}></inlay-console-upgrade>`
          : nothing
      }
      ${
        this.isDeploying && this.flow
          ? html`<inlay-console-deploy .flow=${this.flow} @deploy-done=${this.#readAgain} @deploy-close=${() => {
              this.isDeploying = false;
            }}></inlay-console-deploy>`
          : nothing
      }
    `;
  }

  #renderFilters(): TemplateResult {
    return html`<div class="bar">
      ${choice("status", say("status"), this.query.get("status") ?? "", [
        ["", say("any")],
        ["enabled", say("enabled")],
        ["disabled", say("disabled")],
        ["needs_attention", say("attention")],
      ])}
      <span class="gap"></span>
      ${
        this.flow?.version && can(this.session, "write")
          ? html`<button class="button compact" type="button" @click=${this.#openUpgrade}>${say("upgradeAll")}</button>`
          : nothing
      }
      ${this.#renderDeploy()}
    </div>`;
  }

  #renderDeploy(): TemplateResult | typeof nothing {
    if (!this.flow?.version || !can(this.session, "write")) return nothing;
    return html`<button class="button compact primary" type="button" @click=${this.#openDeploy}>${plusIcon} ${say("deploy")}</button>`;
  }

  #renderLinks(): TemplateResult | typeof nothing {
    const links = this.#links.value ?? [];
    if (!links.length) return nothing;
    return html`<ul class="links">
      ${links.map((link) => {
        const name = link.user.name ?? link.user.externalId;
        return html`<li class="line">
          <div class="words"><strong>${say("waitingFor", { name })}</strong><span class="muted small">${say("linkUntil", { author: link.author, when: english.dateTime(link.expiresAt) })}</span></div>
          ${can(this.session, "write") ? html`<button class="button compact" type="button" @click=${() => this.#withdraw(link.id, name)}>${say("withdraw")}</button>` : nothing}
        </li>`;
      })}
    </ul>`;
  }

  async #withdraw(id: string, name: string): Promise<void> {
    const path = `flows/${at(this.flow?.key ?? "")}/links/${at(id)}`;
    await attempt(this, () => workspace(path, { method: "DELETE" }), say("withdrawn", { name }));
    await this.#links.reload();
  }

  readonly #readAgain = (): void => {
    void this.#list.refresh();
    void this.#links.reload();
  };

  readonly #openDeploy = async (): Promise<void> => {
    await import("./deploy-dialog.ts");
    this.isDeploying = true;
  };

  #renderChosen(): TemplateResult {
    const busy = this.isBusy;
    return html`<div class="bar chosen-bar">
      <strong role="status">${say("chosen", { count: this.chosen.size })}</strong>
      <span class="gap"></span>
      <button class="button compact" type="button" ?disabled=${busy} @click=${() => this.#turn(true)}>${say("enable")}</button>
      <button class="button compact" type="button" ?disabled=${busy} @click=${() => this.#turn(false)}>${say("disable")}</button>
      ${this.flow ? html`<button class="button compact" type="button" ?disabled=${busy} @click=${this.#upgrade}>${say("upgrade")}</button>` : nothing}
      <button class="button compact ghost" type="button" @click=${() => {
        this.chosen = new Set();
      }}>${say("unchoose")}</button>
    </div>`;
  }

  async #turn(enabled: boolean): Promise<void> {
    const ids = this.#list.items.filter(({ id, status }) => this.chosen.has(id) && (status === "disabled") === enabled).map(({ id }) => id);
    const turn = async (isOn: boolean) => {
      for (const id of ids) await patchIntegration(id, { enabled: isOn });
      this.chosen = new Set();
      await this.#list.refresh();
    };
    this.isBusy = true;
    await attempt(
      this,
      () => turn(enabled),
      say(enabled ? "turnedOn" : "turnedOff", { count: ids.length }),
      () => turn(!enabled),
    );
    this.isBusy = false;
  }

  readonly #upgrade = async (): Promise<void> => {
    const { flow } = this;
    if (!flow) return;
    this.isBusy = true;
    await attempt(this, async () => {
      const ends = await upgradeIntegrations(flow.key, [...this.chosen]);
      const left = ends.filter(({ upgraded }) => !upgraded);
      const text = [
        ...(left.length < ends.length ? [say("upgraded", { count: ends.length - left.length })] : []),
        ...(left.length ? [say("kept", { count: left.length, why: whyKept(left[0]?.message) })] : []),
      ].join(". ");
      notify(this, { text });
      this.chosen = new Set();
      await this.#list.refresh();
    });
    this.isBusy = false;
  };

  readonly #openUpgrade = async (): Promise<void> => {
    await import("./upgrade-dialog.ts");
    this.isUpgrading = true;
  };
}

define("inlay-console-integration-list", IntegrationListElement);
