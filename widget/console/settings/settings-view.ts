import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { keyIcon } from "../../ui/icons.ts";
import { hrefOf } from "../app/place.ts";
import type { Session } from "../app/session.ts";
import { tabs } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type PartName, partsFor } from "./parts.ts";
import { say } from "./words.ts";

interface Part {
  name: PartName;
  load: () => Promise<unknown>;
  render: (session: Session, query: URLSearchParams) => TemplateResult;
}

const VIEWS: Part[] = [
  {
    name: "members",
    load: () => import("./members-part.ts"),
    render: (session) => html`<inlay-console-members .session=${session}></inlay-console-members>`,
  },
  {
    name: "sign-in",
    load: () => import("./sign-in-part.ts"),
    render: () => html`<inlay-console-sign-in></inlay-console-sign-in>`,
  },
  {
    name: "tokens",
    load: () => import("./tokens-part.ts"),
    render: () => html`<inlay-console-tokens></inlay-console-tokens>`,
  },
  {
    name: "keys",
    load: () => import("./keys-part.ts"),
    render: (session) => html`<inlay-console-keys .session=${session}></inlay-console-keys>`,
  },
  {
    name: "secrets",
    load: () => import("./secrets-part.ts"),
    render: (session) => html`<inlay-console-secrets .session=${session}></inlay-console-secrets>`,
  },
  {
    name: "variables",
    load: () => import("./variables-part.ts"),
    render: (session) => html`<inlay-console-variables .session=${session}></inlay-console-variables>`,
  },
  {
    name: "icons",
    load: () => import("./icons-part.ts"),
    render: (session) => html`<inlay-console-icons .session=${session}></inlay-console-icons>`,
  },
  {
    name: "notifications",
    load: () => import("./notifications-part.ts"),
    render: () => html`<inlay-console-notifications></inlay-console-notifications>`,
  },
  {
    name: "audit",
    load: () => import("./audit-part.ts"),
    render: (_, query) => html`<inlay-console-audit .query=${query}></inlay-console-audit>`,
  },
  {
    name: "bin",
    load: () => import("./bin-part.ts"),
    render: (session) => html`<inlay-console-bin .session=${session}></inlay-console-bin>`,
  },
  {
    name: "you",
    load: () => import("./sessions-part.ts"),
    render: () => html`<inlay-console-sessions></inlay-console-sessions>`,
  },
];

/** Who may come in, with what, and what has been changed. A part that the member may not see is not offered. */
export class SettingsViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() tab = "";

  override updated(): void {
    void this.#current()?.load();
  }

  #current(): Part | undefined {
    const parts = partsFor(this.session);
    const name = (this.tab ? parts.find((one) => one.name === this.tab) : parts[0])?.name;
    return VIEWS.find((one) => one.name === name);
  }

  override render(): TemplateResult {
    const part = this.#current();
    const items = partsFor(this.session).map(({ name, label }) => ({ name, label, href: hrefOf(`/settings/${name}`) }));
    return html`
      <header class="head"><h1>${say("title")}</h1></header>
      ${tabs(say("parts"), part?.name ?? "", items)} ${part ? part.render(this.session, this.query) : empty({ icon: keyIcon, title: say("adminOnly"), text: "" })}
    `;
  }
}

define("inlay-console-settings", SettingsViewElement);
