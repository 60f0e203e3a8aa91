import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { payload, payloadStyles } from "../../integrations/payload.ts";
import { at, workspace } from "../app/api.ts";
import { hrefOf } from "../app/place.ts";
import type { Session } from "../app/session.ts";
import "../connections/connections-view.ts";
import "../integrations/integration-list.ts";
import "../runs/run-list.ts";
import { bones, breakable, failure, tabs, when } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface UserDetail {
  id: string;
  externalId: string;
  org: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  attributes: Record<string, unknown>;
  createdAt: string;
  seenAt: string;
}

/** One user of the host: integrations, accounts, runs. */
export class UserViewElement extends LitElement {
  static override styles = [...viewStyles, payloadStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() user = "";
  @property() tab = "integrations";
  readonly #user = new ResourceController<UserDetail>(this, {
    key: () => [this.user],
    load: (signal) => workspace(`users/${at(this.user)}`, { signal }),
  });

  override updated(): void {
    if (this.tab === "usage") void import("../analytics/analytics-view.ts");
  }

  override render(): TemplateResult {
    const { state } = this.#user;
    const user = state.value;
    if (!user) return state.status === "failed" ? failure(state.error, () => this.#user.reload()) : bones();
    const path = `/users/${at(this.user)}`;
    return html`
      <header class="head">
        <h1><a class="way" href=${hrefOf("/users")}>${say("title")}</a> ${user.name ?? user.externalId}</h1>
        ${user.org ? html`<span class="muted">${user.org}</span>` : nothing}
      </header>
      ${tabs(user.name ?? user.externalId, this.tab, [
        { name: "integrations", label: say("integrations"), href: hrefOf(path) },
        { name: "accounts", label: say("accounts"), href: hrefOf(`${path}/accounts`) },
        { name: "runs", label: say("runs"), href: hrefOf(`${path}/runs`) },
        { name: "usage", label: say("usage"), href: hrefOf(`${path}/usage`) },
        { name: "about", label: say("about"), href: hrefOf(`${path}/about`) },
      ])}
      ${this.#renderTab(user)}
    `;
  }

  #renderTab(user: UserDetail): TemplateResult {
    const { session, query } = this;
    if (this.tab === "accounts")
      return html`<inlay-console-connections .session=${session} .query=${query} .user=${user.externalId}></inlay-console-connections>`;
    if (this.tab === "runs")
      return html`<inlay-console-run-list .session=${session} .query=${query} .only=${{ user: user.id }}></inlay-console-run-list>`;
    if (this.tab === "usage")
      return html`<inlay-console-analytics .session=${session} .query=${query} .user=${user.id}></inlay-console-analytics>`;
    if (this.tab === "about") return this.#renderAbout(user);
    return html`<inlay-console-integration-list .session=${session} .query=${query} .user=${user.id}></inlay-console-integration-list>`;
  }

  #renderAbout(user: UserDetail): TemplateResult {
    return html`<div class="scroll"><div class="column">
      <dl class="facts">
        <div><dt>${say("id")}</dt><dd class="mono">${user.externalId}</dd></div>
        <div><dt>${say("email")}</dt><dd>${user.email ? breakable(user.email) : "–"}</dd></div>
        <div><dt>${say("locale")}</dt><dd>${user.locale ?? "–"}</dd></div>
        <div><dt>${say("known")}</dt><dd>${when(user.createdAt)}</dd></div>
        <div><dt>${say("seen")}</dt><dd>${when(user.seenAt)}</dd></div>
      </dl>
      ${payload(say("attributes"), user.attributes)}
    </div></div>`;
  }
}

define("inlay-console-user", UserViewElement);
