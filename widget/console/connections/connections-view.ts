import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { AccountTest, ReconnectLink, WorkspaceAccount } from "../../../shared/api/account.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { badge } from "../../ui/badge.ts";
import "../../ui/dialog.ts";
import { empty } from "../../ui/empty.ts";
import { plugIcon, plusIcon, searchIcon } from "../../ui/icons.ts";
import "../../ui/menu.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, canOperate, type Session } from "../app/session.ts";
import { bones, choice, failure, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import "../ui/select.ts";
import { accountBadge } from "../ui/status.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface AppRow {
  key: string;
  name: string;
  icon: string | null;
}

/** Accounts of all users and of the workspace: health, what uses each, tested and removed. */
export class ConnectionsViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  /** The host's own id of a user: theirs alone, without a heading. */
  @property() user: string | undefined;
  @state() private removing: WorkspaceAccount | undefined;
  @state() private moving: WorkspaceAccount | undefined;
  @state() private asking: WorkspaceAccount | undefined;
  @state() private renaming: WorkspaceAccount | undefined;
  /** `new`, or the account of the workspace that is connected anew. */
  @state() private connecting: "new" | WorkspaceAccount | undefined;
  readonly #apps = new ResourceController<AppRow[]>(this, { key: () => ["apps"], load: (signal) => listAll<AppRow>("apps", {}, signal) });
  readonly #accounts = new PagedController<WorkspaceAccount>(this, {
    key: () => [...["app", "status", "owner"].map((name) => this.query.get(name)), this.user],
    load: (cursor, signal) =>
      workspace("accounts", {
        query: {
          app: this.query.get("app"),
          status: this.query.get("status"),
          owner: this.query.get("owner"),
          user: this.user,
          limit: 100,
          cursor,
        },
        signal,
      }),
    idOf: ({ id }) => id,
  });

  constructor() {
    super();
    new PulseController(this, () => this.#accounts.refresh(), { of: ["account", "integration"] });
  }

  #columns(): Column<WorkspaceAccount>[] {
    const appOf = (key: string) => this.#apps.value?.find((app) => app.key === key) ?? { key, name: key, icon: null };
    const columns: Column<WorkspaceAccount>[] = [
      {
        key: "label",
        label: say("account"),
        width: "minmax(170px, 2fr)",
        narrow: "main",
        cell: ({ label, app }) => html`${appIcon(appOf(app))} <span>${label}</span>`,
      },
      {
        ...{ key: "status", label: say("status"), width: "170px", narrow: "end" },
        cell: (account, isNarrow) =>
          html`${accountBadge(account.status)} ${account.asked ? this.#renderAsked(account.asked) : nothing} ${isNarrow ? this.#renderOnPhone(account) : nothing}`,
      },
      {
        key: "app",
        label: say("app"),
        width: "minmax(90px, 1fr)",
        narrow: "below",
        cell: ({ app }) => html`<span>${appOf(app).name}</span>`,
      },
      ...(this.user === undefined
        ? [
            {
              key: "user",
              label: say("user"),
              width: "minmax(90px, 1fr)",
              cell: ({ user }: WorkspaceAccount) => html`<span class=${user ? "" : "muted"}>${user ?? say("workspace")}</span>`,
            },
          ]
        : []),
      {
        key: "used",
        label: say("used"),
        width: "120px",
        cell: ({ usedBy }) =>
          html`<span class="muted" title=${usedBy.map(({ name }) => name).join(", ")}>${usedBy.length ? say("usedBy", { count: usedBy.length }) : say("unused")}</span>`,
      },
      {
        key: "last",
        label: say("lastUsed"),
        width: "110px",
        align: "end",
        cell: ({ lastUsedAt }) => html`<span class="muted">${when(lastUsedAt)}</span>`,
      },
    ];
    if (canOperate(this.session))
      columns.push({
        key: "do",
        label: "",
        width: "110px",
        align: "end",
        cell: (account) => {
          const items = this.#actions(account);
          return html`<button class="button compact" type="button" @click=${() => this.#test(account)}>${say("test")}</button>
            ${items.length ? html`<inlay-menu label=${say("actions", { name: account.label })} .items=${items}></inlay-menu>` : nothing}`;
        },
      });
    return columns;
  }

  /** On a phone, where no column of buttons fits, all that can be done is in one menu. */
  #renderOnPhone(account: WorkspaceAccount): TemplateResult | typeof nothing {
    if (!canOperate(this.session)) return nothing;
    const items = [{ label: say("test"), run: () => void this.#test(account) }, ...this.#actions(account)];
    return html`<inlay-menu label=${say("actions", { name: account.label })} .items=${items}></inlay-menu>`;
  }

  override render(): TemplateResult {
    const { items, status, error } = this.#accounts;
    const get = (name: string) => this.query.get(name) ?? "";
    const isFiltered = ["app", "status", "owner"].some((name) => get(name));
    return html`
      ${this.user === undefined ? html`<header class="head"><h1>${say("title")}</h1><span class="gap"></span>${this.#renderConnect()}</header>` : nothing}
      <div class="bar">
        ${choice("status", say("status"), get("status"), [
          ["", say("anyStatus")],
          ["connected", say("connected")],
          ["expired", say("expired")],
          ["revoked", say("revoked")],
          ["error", say("error")],
        ])}
        ${choice("app", say("app"), get("app"), [["", say("anyApp")], ...(this.#apps.value ?? []).map(({ key, name }) => [key, name] as const)])}
        ${
          this.user === undefined
            ? choice("owner", say("user"), get("owner"), [
                ["", say("anyOwner")],
                ["user", say("ofUsers")],
                ["workspace", say("ofWorkspace")],
              ])
            : nothing
        }
      </div>
      ${
        items.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${this.#columns()}
              .rows=${items}
              .idOf=${(account: WorkspaceAccount) => account.id}
              @rows-end=${() => this.#accounts.more()}
            ></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#accounts.reload())
            : status === "loading"
              ? bones()
              : isFiltered
                ? empty({
                    icon: searchIcon,
                    title: say("noMatch"),
                    text: say("noMatchText"),
                    action: html`<a class="button" href=${hrefOf("/connections")}>${say("anyStatus")}</a>`,
                  })
                : empty({ icon: plugIcon, title: say("emptyTitle"), text: say("emptyText") })
      }
      ${this.removing ? this.#renderRemoval(this.removing) : nothing} ${this.renaming ? this.#renderRenaming(this.renaming) : nothing}
      ${
        this.moving
          ? html`<inlay-console-move-account .account=${this.moving} @move-done=${() => this.#accounts.refresh()} @move-close=${() => {
              this.moving = undefined;
            }}></inlay-console-move-account>`
          : nothing
      }
      ${
        this.asking
          ? html`<inlay-console-ask-reconnect .account=${this.asking} @ask-done=${({ detail }: CustomEvent<ReconnectLink>) => this.#update({ id: this.asking?.id ?? "", asked: detail })} @ask-close=${() => {
              this.asking = undefined;
            }}></inlay-console-ask-reconnect>`
          : nothing
      }
      ${
        this.connecting
          ? html`<inlay-console-connect-account .apps=${this.#apps.value ?? []} .renew=${this.connecting === "new" ? undefined : this.connecting} @connect-done=${() => this.#accounts.refresh()} @connect-close=${() => {
              this.connecting = undefined;
            }}></inlay-console-connect-account>`
          : nothing
      }
    `;
  }

  #renderConnect(): TemplateResult | typeof nothing {
    if (!can(this.session, "write")) return nothing;
    return html`<button class="button primary compact" type="button" @click=${() => this.#connect("new")}>${plusIcon} ${say("connect")}</button>`;
  }

  async #connect(what: "new" | WorkspaceAccount): Promise<void> {
    await import("./connect-account.ts");
    this.connecting = what;
  }

  async #move(account: WorkspaceAccount): Promise<void> {
    await import("./move-account.ts");
    this.moving = account;
  }

  async #openRename(account: WorkspaceAccount): Promise<void> {
    await import("../ui/ask-text.ts");
    this.renaming = account;
  }

  #renderRenaming({ id, label: before }: WorkspaceAccount): TemplateResult {
    const rename = (label: string) =>
      workspace(`accounts/${at(id)}`, { method: "PATCH", body: { label } }).then(() => this.#accounts.refresh());
    const save = async (label: string) => {
      await rename(label);
      notify(this, { text: say("renamed", { name: label }), undo: () => rename(before) });
    };
    return html`<inlay-console-ask-text heading=${say("renameTitle", { name: before })} label=${say("label")} .value=${before} .save=${save} @text-close=${() => {
      this.renaming = undefined;
    }}></inlay-console-ask-text>`;
  }

  #renderRemoval(account: WorkspaceAccount): TemplateResult {
    const close = () => {
      this.removing = undefined;
    };
    const { usedBy, label } = account;
    return html`<inlay-dialog open kind="alertdialog" heading=${say("removeTitle", { name: label })} close-label=${say("close")} @dialog-close=${close}>
      <p>${usedBy.length ? say("removeText", { count: usedBy.length }) : say("removeUnused")}</p>
      ${usedBy.length ? html`<ul class="muted small">${usedBy.slice(0, 10).map(({ name, flow }) => html`<li>${name} (${flow})</li>`)}</ul>` : nothing}
      <button slot="footer" class="button danger" type="button" autofocus @click=${() => this.#remove(account)}>${say("removeNow")}</button>
    </inlay-dialog>`;
  }

  #renderAsked({ author, createdAt, expiresAt }: ReconnectLink): TemplateResult {
    const title = say("askedBy", { author, when: english.dateTime(createdAt), until: english.dateTime(expiresAt) });
    return html`<span title=${title}>${badge("neutral", say("asked"))}</span>`;
  }

  async #withdraw({ id, label }: WorkspaceAccount): Promise<void> {
    if (await attempt(this, () => workspace(`accounts/${at(id)}/link`, { method: "DELETE" }), say("withdrawn", { name: label })))
      this.#update({ id, asked: null });
  }

  /** Puts what is known of an account in its place: a list that is read page by page is not read again as a whole. */
  #update(known: Partial<WorkspaceAccount> & { id: string }): void {
    this.#accounts.change((items) => items.map((one) => (one.id === known.id ? { ...one, ...known } : one)));
  }

  async #ask(account: WorkspaceAccount): Promise<void> {
    await import("./ask-reconnect.ts");
    this.asking = account;
  }

  #actions(account: WorkspaceAccount) {
    const mayWrite = can(this.session, "write");
    return [
      ...(mayWrite && account.user === null ? [{ label: say("reconnect"), run: () => void this.#connect(account) }] : []),
      ...(mayWrite && account.user !== null ? [{ label: say("ask"), run: () => void this.#ask(account) }] : []),
      ...(mayWrite && account.asked ? [{ label: say("withdraw"), run: () => void this.#withdraw(account) }] : []),
      ...(mayWrite ? [{ label: say("rename"), run: () => void this.#openRename(account) }] : []),
      ...(mayWrite && account.usedBy.length ? [{ label: say("move"), run: () => void this.#move(account) }] : []),
      ...(mayWrite
        ? [
            {
              label: say("remove"),
              tone: "danger" as const,
              run: () => {
                this.removing = account;
              },
            },
          ]
        : []),
    ];
  }

  async #test({ id, label }: WorkspaceAccount): Promise<void> {
    await attempt(this, async () => {
      const { ok, message, account } = await workspace<AccountTest>(`accounts/${at(id)}/test`, { method: "POST" });
      notify(
        this,
        ok ? { text: say("testOk", { name: label }) } : { text: say("testFailed", { name: label, why: message ?? "" }), tone: "failed" },
      );
      this.#update(account);
    });
  }

  async #remove({ id, label }: WorkspaceAccount): Promise<void> {
    this.removing = undefined;
    if (await attempt(this, () => workspace(`accounts/${at(id)}`, { method: "DELETE" }), say("removed", { name: label })))
      this.#accounts.change((items) => items.filter((one) => one.id !== id));
  }
}

define("inlay-console-connections", ConnectionsViewElement);
