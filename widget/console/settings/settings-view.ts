import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { keyIcon } from "../../ui/icons.ts";
import { hrefOf } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import { tabs } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface Part {
  name: string;
  label: string;
  isFor: "read" | "admin";
  load: () => Promise<unknown>;
  render: (session: Session, query: URLSearchParams) => TemplateResult;
}

const PARTS: Part[] = [
  {
    name: "members",
    label: say("members"),
    isFor: "admin",
    load: () => import("./members-part.ts"),
    render: (session) => html`<inlay-console-members .session=${session}></inlay-console-members>`,
  },
  {
    name: "sign-in",
    label: say("signIn"),
    isFor: "admin",
    load: () => import("./sign-in-part.ts"),
    render: () => html`<inlay-console-sign-in></inlay-console-sign-in>`,
  },
  {
    name: "tokens",
    label: say("tokens"),
    isFor: "admin",
    load: () => import("./tokens-part.ts"),
    render: () => html`<inlay-console-tokens></inlay-console-tokens>`,
  },
  {
    name: "keys",
    label: say("keys"),
    isFor: "read",
    load: () => import("./keys-part.ts"),
    render: (session) => html`<inlay-console-keys .session=${session}></inlay-console-keys>`,
  },
  {
    name: "secrets",
    label: say("secrets"),
    isFor: "read",
    load: () => import("./secrets-part.ts"),
    render: (session) => html`<inlay-console-secrets .session=${session}></inlay-console-secrets>`,
  },
  {
    name: "variables",
    label: say("variables"),
    isFor: "read",
    load: () => import("./variables-part.ts"),
    render: (session) => html`<inlay-console-variables .session=${session}></inlay-console-variables>`,
  },
  {
    name: "icons",
    label: say("icons"),
    isFor: "read",
    load: () => import("./icons-part.ts"),
    render: (session) => html`<inlay-console-icons .session=${session}></inlay-console-icons>`,
  },
  {
    name: "notifications",
    label: say("notifications"),
    isFor: "admin",
    load: () => import("./notifications-part.ts"),
    render: () => html`<inlay-console-notifications></inlay-console-notifications>`,
  },
  {
    name: "audit",
    label: say("audit"),
    isFor: "admin",
    load: () => import("./audit-part.ts"),
    render: (_, query) => html`<inlay-console-audit .query=${query}></inlay-console-audit>`,
  },
  {
    name: "bin",
    label: say("bin"),
    isFor: "read",
    load: () => import("./bin-part.ts"),
    render: (session) => html`<inlay-console-bin .session=${session}></inlay-console-bin>`,
  },
  {
    name: "you",
    label: say("you"),
    isFor: "read",
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

  #parts(): Part[] {
    return PARTS.filter(({ isFor }) => can(this.session, isFor));
  }

  override updated(): void {
    void this.#current()?.load();
  }

  #current(): Part | undefined {
    const parts = this.#parts();
    return this.tab ? parts.find(({ name }) => name === this.tab) : parts[0];
  }

  override render(): TemplateResult {
    const part = this.#current();
    const items = this.#parts().map(({ name, label }) => ({ name, label, href: hrefOf(`/settings/${name}`) }));
    return html`
      <header class="head"><h1>${say("title")}</h1></header>
      ${tabs(say("parts"), part?.name ?? "", items)} ${part ? part.render(this.session, this.query) : empty({ icon: keyIcon, title: say("adminOnly"), text: "" })}
    `;
  }
}

define("inlay-console-settings", SettingsViewElement);
