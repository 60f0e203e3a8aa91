import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { searchIcon } from "../../ui/icons.ts";
import { workspace } from "../app/api.ts";
import { PagedController } from "../app/paged-controller.ts";
import { hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import type { Session } from "../app/session.ts";
import { usersIcon } from "../ui/console-icons.ts";
import { bones, failure, searchField, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface UserRow {
  id: string;
  externalId: string;
  org: string | null;
  name: string | null;
  email: string | null;
  seenAt: string;
}

const COLUMNS: Column<UserRow>[] = [
  {
    key: "name",
    label: say("user"),
    width: "minmax(150px, 2fr)",
    narrow: "main",
    cell: ({ name, externalId }) => html`<span>${name ?? externalId}</span>`,
  },
  {
    key: "id",
    label: say("id"),
    width: "minmax(110px, 1fr)",
    narrow: "below",
    cell: ({ externalId }) => html`<span class="mono">${externalId}</span>`,
  },
  { key: "org", label: say("org"), width: "minmax(90px, 1fr)", cell: ({ org }) => org ?? "–" },
  {
    key: "email",
    label: say("email"),
    width: "minmax(120px, 1.4fr)",
    cell: ({ email }) => html`<span class="muted">${email ?? "–"}</span>`,
  },
  {
    key: "seen",
    label: say("seen"),
    width: "120px",
    align: "end",
    narrow: "end",
    cell: ({ seenAt }) => html`<span class="muted">${when(seenAt)}</span>`,
  },
];

/** Users of the host who have come so far. */
export class UsersViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  readonly #users = new PagedController<UserRow>(this, {
    key: () => [this.query.get("search")],
    load: (cursor, signal) => workspace("users", { query: { search: this.query.get("search"), limit: 100, cursor }, signal }),
    idOf: ({ id }) => id,
  });

  constructor() {
    super();
    new PulseController(this, () => this.#users.refresh(), { of: ["user", "integration", "account"], least: 5_000 });
  }

  override render(): TemplateResult {
    const { items, status, error } = this.#users;
    const search = this.query.get("search") ?? "";
    const isBare = !items.length && !search && status === "ready";
    return html`
      <header class="head"><h1>${say("title")}</h1></header>
      ${isBare ? nothing : html`<div class="bar">${searchField(say("search"), search)}</div>`}
      ${
        items.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${COLUMNS}
              .rows=${items}
              .idOf=${(user: UserRow) => user.id}
              .hrefOf=${(user: UserRow) => hrefOf(`/users/${user.id}`)}
              @rows-end=${() => this.#users.more()}
            ></inlay-console-rows>`
          : status === "failed" && error
            ? failure(error, () => this.#users.reload())
            : status === "loading"
              ? bones()
              : search
                ? empty({ icon: searchIcon, title: say("noMatch"), text: say("noMatchText") })
                : empty({ icon: usersIcon, title: say("emptyTitle"), text: say("emptyText") })
      }
    `;
  }
}

define("inlay-console-users", UsersViewElement);
