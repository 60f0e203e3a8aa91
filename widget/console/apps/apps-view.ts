import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { empty } from "../../ui/empty.ts";
import { plusIcon, searchIcon } from "../../ui/icons.ts";
import { at, listAll } from "../app/api.ts";
import { hrefOf } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import { boxIcon } from "../ui/console-icons.ts";
import { bones, failure, searchField, tabs, when } from "../ui/parts.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

/** An app as `GET /v1/workspace/apps` lists it. */
export interface AppRow {
  key: string;
  name: string;
  description: string;
  icon: string | null;
  version: number;
  queries: string[];
  actions: string[];
  triggers: string[];
  updatedAt: string;
}

const count = (list: string[]) => html`<span class="number" title=${list.join(", ")}>${english.number(list.length)}</span>`;
const COLUMNS: Column<AppRow>[] = [
  {
    key: "name",
    label: say("name"),
    width: "minmax(180px, 3fr)",
    narrow: "main",
    cell: (app) => html`${appIcon(app)} <span>${app.name}</span>`,
  },
  {
    key: "description",
    label: "",
    width: "minmax(100px, 3fr)",
    narrow: "below",
    cell: ({ description, key }) => html`<span class="muted">${description || key}</span>`,
  },
  { key: "queries", label: say("queries"), width: "72px", align: "end", cell: ({ queries }) => count(queries) },
  { key: "actions", label: say("actions"), width: "72px", align: "end", cell: ({ actions }) => count(actions) },
  { key: "triggers", label: say("triggers"), width: "72px", align: "end", cell: ({ triggers }) => count(triggers) },
  {
    key: "version",
    label: say("version"),
    width: "72px",
    align: "end",
    narrow: "end",
    cell: ({ version }) => html`<span class="number"><span class="only-narrow muted">${say("version")} </span>${version}</span>`,
  },
  {
    key: "changed",
    label: say("changed"),
    width: "120px",
    align: "end",
    cell: ({ updatedAt }) => html`<span class="muted">${when(updatedAt)}</span>`,
  },
];

/** The apps that flows can use. */
export class AppsViewElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  readonly #apps = new ResourceController<AppRow[]>(this, {
    key: () => ["apps", this.query.get("view")],
    load: (signal) => listAll<AppRow>("apps", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#apps;
    const create = can(this.session, "write")
      ? html`<a class="button compact" href=${hrefOf("/apps/import")}>${say("import")}</a>
          <a class="button primary compact" href=${hrefOf("/apps/new")}>${plusIcon} ${say("new")}</a>`
      : nothing;
    return html`
      <header class="head"><h1>${say("title")}</h1><span class="gap"></span>${create}</header>
      ${tabs(say("parts"), this.query.get("view") || "mine", [
        { name: "mine", label: say("mine"), href: hrefOf("/apps"), count: state.value?.length },
        { name: "catalogue", label: say("catalogue"), href: hrefOf("/apps", { view: "catalogue" }) },
      ])}
      ${this.query.get("view") === "catalogue" ? this.#renderCatalogue() : state.value ? this.#renderList(state.value) : state.status === "failed" ? failure(state.error, () => this.#apps.reload()) : bones()}
    `;
  }

  override updated(): void {
    if (this.query.get("view") === "catalogue") void import("./catalogue-list.ts");
  }

  #renderCatalogue(): TemplateResult {
    const search = this.query.get("search") ?? "";
    return html`<div class="bar">${searchField(say("search"), search)}</div>
      <inlay-console-catalogue .session=${this.session} .search=${search}></inlay-console-catalogue>`;
  }

  #renderList(apps: AppRow[]): TemplateResult {
    if (!apps.length) return empty({ icon: boxIcon, title: say("emptyTitle"), text: say("emptyText") });
    const search = this.query.get("search") ?? "";
    const words = search.toLowerCase().split(/\s+/);
    const shown = apps.filter(({ key, name, description }) =>
      words.every((word) => `${key} ${name} ${description}`.toLowerCase().includes(word)),
    );
    return html`
      <div class="bar">${searchField(say("search"), search)}</div>
      ${
        shown.length
          ? html`<inlay-console-rows
              label=${say("title")}
              .columns=${COLUMNS}
              .rows=${shown}
              .idOf=${(app: AppRow) => app.key}
              .hrefOf=${(app: AppRow) => hrefOf(`/apps/${at(app.key)}`)}
            ></inlay-console-rows>`
          : empty({ icon: searchIcon, title: say("noMatch"), text: say("noMatchText") })
      }
    `;
  }
}

define("inlay-console-apps", AppsViewElement);
