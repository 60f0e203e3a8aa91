import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { ReadNotification } from "../../../shared/api/notification.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, type Session } from "../app/session.ts";
import { bellIcon } from "../ui/console-icons.ts";
import { when } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface Told {
  items: ReadNotification[];
  unread: number;
}

/** The newest that are shown. */
const SHOWN = 20;

/** What the workspace's members are told of: how much of it is new, and the newest of it. Looks again every few seconds. */
export class BellElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
        container-type: normal;
      }

      .bell {
        position: relative;
      }

      .count {
        position: absolute;
        inset-block-start: 1px;
        inset-inline-end: 0;
        min-inline-size: 14px;
        padding-inline: 3px;
        border-radius: 999px;
        background: var(--_danger);
        color: light-dark(#fff, #17171a);
        font-size: 10px;
        font-weight: 600;
        line-height: 14px;
        text-align: center;
      }

      .sheet {
        position: fixed;
        inset-block: auto 60px;
        inset-inline: 8px auto;
        inline-size: min(400px, calc(100vi - 16px));
        max-block-size: min(560px, calc(100dvb - 76px));
        margin: 0;
        padding: 0;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-l);
        background: var(--_overlay);
        color: var(--_text);
        box-shadow: var(--_shadow-overlay);
        overflow-y: auto;
      }

      .sheet header,
      .sheet footer {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(var(--_space) * 2);
        padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
      }

      .sheet h2 {
        font-size: inherit;
        font-weight: 600;
      }

      .sheet li {
        display: grid;
        grid-template-columns: 8px minmax(0, 1fr);
        gap: calc(var(--_space) * 2.5);
        padding: calc(var(--_space) * 3) calc(var(--_space) * 4);
        border-block-start: 1px solid var(--_border);
      }

      .sheet footer {
        border-block-start: 1px solid var(--_border);
      }

      .dot {
        inline-size: 8px;
        block-size: 8px;
        margin-block-start: 6px;
        border-radius: 50%;
        background: var(--_danger);
      }

      .dot.past {
        background: var(--_border-strong);
      }

      .told {
        display: grid;
        gap: 2px;
        overflow-wrap: anywhere;
      }

      .told a {
        color: inherit;
        font-weight: 500;
      }

      .unread a {
        font-weight: 650;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @state() private isOpen = false;
  @query(".sheet") private sheet?: HTMLElement;
  @query(".bell") private button?: HTMLElement;
  readonly #told = new ResourceController<Told>(this, {
    key: () => ["notifications"],
    load: (signal) => workspace<Told>("notifications", { query: { limit: SHOWN }, signal }),
  });

  constructor() {
    super();
    // The frame has one bell for phones and one for the rest: the one that is not shown does not ask.
    new PulseController(this, () => this.button?.checkVisibility() && this.#told.reload(), {
      of: ["account", "notification"],
      most: 20_000,
    });
  }

  override render(): TemplateResult {
    const { items = [], unread = 0 } = this.#told.value ?? {};
    const label = unread ? say("unread", { count: unread }) : say("notifications");
    return html`
      <button class="button ghost square compact bell" type="button" popovertarget="sheet" aria-label=${label} title=${label}>
        ${bellIcon}${unread ? html`<span class="count" aria-hidden="true">${unread > 99 ? "99" : unread}</span>` : nothing}
      </button>
      <section class="sheet" id="sheet" popover aria-label=${say("notifications")} @toggle=${this.#toggled}>
        ${this.isOpen ? this.#renderSheet(items, unread) : nothing}
      </section>
    `;
  }

  #renderSheet(items: ReadNotification[], unread: number): TemplateResult {
    return html`
      <header>
        <h2>${say("notifications")}</h2>
        ${unread ? html`<button class="button compact ghost" type="button" @click=${this.#readAll}>${say("allRead")}</button>` : nothing}
      </header>
      ${
        items.length
          ? html`<ul @click=${this.#close}>${items.map((one) => this.#renderOne(one))}</ul>`
          : empty({ icon: bellIcon, title: say("none"), text: say("noneText") })
      }
      ${can(this.session, "admin") ? html`<footer @click=${this.#close}><a class="small" href=${hrefOf("/settings/notifications")}>${say("setUp")}</a></footer>` : nothing}
    `;
  }

  #renderOne({ type, at, message, subject, resolvedAt, read }: ReadNotification): TemplateResult {
    const isOpen = resolvedAt === null;
    const app = subject.app ?? "";
    const from = subject.owner === "workspace" ? say("ofWorkspace", { app }) : say("ofUser", { app });
    return html`<li class=${read ? "" : "unread"}>
      <span class="dot ${isOpen ? "" : "past"}" aria-hidden="true"></span>
      <div class="told">
        <a href=${placeOf(type, subject)}>${titleOf(type, subject)}</a>
        ${isOpen ? html`<span class="small">${message}</span>` : nothing}
        <span class="muted small">
          ${when(at)}${subject.account ? ` · ${from}` : ""}${type === "account.expired" && !isOpen ? ` · ${say("resolved")}` : ""}${read ? nothing : html`<span class="visually-hidden">${say("fresh")}</span>`}
        </span>
      </div>
    </li>`;
  }

  readonly #toggled = (event: ToggleEvent): void => {
    this.isOpen = event.newState === "open";
  };

  readonly #close = (): void => this.sheet?.hidePopover();

  readonly #readAll = async (): Promise<void> => {
    const through = this.#told.value?.items[0]?.id;
    await attempt(this, () => workspace("notifications/read", { method: "POST", body: { through } }));
    await this.#told.reload();
  };
}

type Subject = ReadNotification["subject"];

function titleOf(type: ReadNotification["type"], { label, url, status }: Subject): string {
  if (type === "webhook.stopped") return say("stopped", { host: URL.parse(url ?? "")?.host ?? "" });
  const isFaulty = status === "error";
  return say(type === "account.restored" ? "restored" : isFaulty ? "faulty" : "expired", { label: label ?? "" });
}

/** Where it is mended. */
function placeOf(type: ReadNotification["type"], { app, owner, user }: Subject): string {
  if (type === "webhook.stopped") return hrefOf("/settings/notifications");
  if (owner === "user" && user) return hrefOf(`/users/${encodeURIComponent(user)}/accounts`);
  return hrefOf(`/connections?app=${encodeURIComponent(app ?? "")}`);
}

define("inlay-console-bell", BellElement);
