import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ResourceController } from "../api/resource.ts";
import { ThemeController } from "../host/theme-controller.ts";
import { english } from "../i18n/i18n.ts";
import { base, frame } from "../styles/base.ts";
import { tokens } from "../styles/tokens.ts";
import { appIcon, appIconStyles } from "../ui/app-icon.ts";
import { badge, badgeStyles, type Tone } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { empty, emptyStyles } from "../ui/empty.ts";
import { keyIcon, plugIcon, refreshIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { consoleStyles } from "./console-styles.ts";
import { type AppRow, type FlowRow, type IntegrationRow, type Overview, readOverview } from "./workspace-client.ts";

const STATUS: Record<IntegrationRow["status"], [Tone, string]> = {
  enabled: ["success", "On"],
  disabled: ["neutral", "Off"],
  needs_attention: ["warning", "Needs attention"],
};
const SHOWN_INTEGRATIONS = 20;

/** The workspace console, for members: what is there. */
export class ConsoleElement extends LitElement {
  static override styles = [
    tokens,
    base,
    frame,
    buttonStyles,
    badgeStyles,
    calloutStyles,
    emptyStyles,
    skeletonStyles,
    appIconStyles,
    consoleStyles,
  ];

  readonly #overview = new ResourceController<Overview>(this, { key: () => ["overview"], load: readOverview });

  constructor() {
    super();
    new ThemeController(this, this.attachInternals().states, () => "auto");
  }

  override render(): TemplateResult {
    const { state } = this.#overview;
    return html`<div class="root" lang="en" dir="ltr">
      <main>${state.value ? this.#renderOverview(state.value) : state.status === "failed" ? this.#renderFailure(state.error.code, state.error.message) : this.#renderBones()}</main>
    </div>`;
  }

  #renderOverview({ workspace, member, flows, apps, users, integrations, hasMoreIntegrations }: Overview): TemplateResult {
    return html`
      <header>
        <div class="title">
          <h1>${workspace.name}</h1>
          <p class="muted small">${member.name}${member.role ? html` · ${member.role}` : nothing}</p>
        </div>
        <button class="button" type="button" @click=${() => this.#overview.reload()}>${refreshIcon} Refresh</button>
        <form method="post" action="/auth/sign-out"><button class="button ghost">Sign out</button></form>
      </header>
      <dl class="counts">
        ${count("Flows", flows.length)} ${count("Apps", apps.length)} ${count("Users", users.count, users.isPartial)}
        ${count("Integrations", integrations.length, hasMoreIntegrations)}
      </dl>
      <section>
        <h2>Flows</h2>
        ${flows.length ? html`<ul class="lines">${flows.map(flowLine)}</ul>` : empty({ icon: plugIcon, title: "No flows yet", text: "Push a flow file with “npx inlay push”, and it appears here." })}
      </section>
      <section>
        <h2>Apps</h2>
        ${apps.length ? html`<ul class="lines">${apps.map(appLine)}</ul>` : html`<p class="muted">No apps yet. Push an app file with “npx inlay push”.</p>`}
      </section>
      <section>
        <h2>Newest integrations</h2>
        ${
          integrations.length
            ? html`<ul class="lines">${integrations.slice(0, SHOWN_INTEGRATIONS).map(integrationLine)}</ul>`
            : html`<p class="muted">Nobody has set up an integration yet.</p>`
        }
      </section>
    `;
  }

  #renderFailure(code: string, message: string): TemplateResult {
    if (code === "unauthenticated")
      return empty({
        icon: keyIcon,
        title: "Sign in to the console",
        text: "Open your sign-in link: “npm start” prints one, and the owner of a workspace can make one for you. It works once.",
      });
    const action = html`<button class="button compact" type="button" @click=${() => this.#overview.reload()}>Try again</button>`;
    return callout({
      tone: "danger",
      title: "The workspace could not be loaded",
      text: message || "Something went wrong on our side.",
      action,
    });
  }

  #renderBones(): TemplateResult {
    return html`<div aria-busy="true">
      <span class="visually-hidden" role="status">Loading</span>
      <div class="bones" aria-hidden="true">${bone("title")}${bone("long")}${bone("long")}${bone("half")}</div>
    </div>`;
  }
}

const count = (name: string, value: number, isPartial = false) =>
  html`<div class="count"><dt>${name}</dt><dd>${english.number(value)}${isPartial ? "+" : ""}</dd></div>`;

const plural = (value: number, one: string, other: string) => `${english.number(value)} ${value === 1 ? one : other}`;

const flowLine = (flow: FlowRow) => html`<li class="line">
  ${appIcon({ name: flow.name, icon: null })}
  <div class="words">
    <strong>${flow.name}</strong>
    <span class="muted small">${flow.key}${flow.category ? html` · ${flow.category}` : nothing} · ${plural(flow.integrations, "integration", "integrations")}</span>
  </div>
  ${flow.audience === "everyone" ? nothing : badge("neutral", flow.audience === "beta" ? "Beta users" : "Nobody")}
  ${flow.version === null ? badge("neutral", "Draft") : badge("success", `Version ${flow.version}`)}
</li>`;

const appLine = (app: AppRow) => html`<li class="line">
  ${appIcon({ name: app.name, icon: null })}
  <div class="words">
    <strong>${app.name}</strong>
    <span class="muted small"
      >${plural(app.queries.length, "query", "queries")} · ${plural(app.actions.length, "action", "actions")} ·
      ${plural(app.triggers.length, "trigger", "triggers")}</span
    >
  </div>
</li>`;

const integrationLine = (integration: IntegrationRow) => html`<li class="line">
  <div class="words">
    <strong>${integration.name}</strong>
    <span class="muted small"
      >${integration.flow} · ${integration.user}${integration.org ? html` (${integration.org})` : nothing} · ${english.relative(integration.updatedAt)}</span
    >
  </div>
  ${badge(...STATUS[integration.status])}
</li>`;
