import { html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { appIcon } from "../../ui/app-icon.ts";
import { badge } from "../../ui/badge.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import { bones, failure } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface CatalogueApp {
  key: string;
  name: string;
  icon: string | null;
  description: string;
  categories: string[];
  queries: number;
  actions: number;
  triggers: number;
  version: number | null;
  newest: boolean;
}

/** Apps that come with Inlay: added to the workspace, brought to their newest version. */
export class CatalogueListElement extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) session!: Session;
  @property() search = "";
  @state() private busy = "";
  readonly #apps = new ResourceController<CatalogueApp[]>(this, {
    key: () => ["catalogue"],
    load: (signal) => listAll<CatalogueApp>("catalogue/apps", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#apps;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#apps.reload()) : bones();
    const words = this.search.toLowerCase().split(/\s+/);
    const shown = state.value.filter(({ key, name, description, categories }) =>
      words.every((word) => `${key} ${name} ${description} ${categories.join(" ")}`.toLowerCase().includes(word)),
    );
    return html`<div class="scroll"><div class="column"><ul class="panel">${shown.map((app) => this.#renderApp(app))}</ul></div></div>`;
  }

  #renderApp(app: CatalogueApp): TemplateResult {
    const word = app.version === null ? say("add") : say("update");
    const holds = [
      say("queryCount", { count: app.queries }),
      say("actionCount", { count: app.actions }),
      ...(app.triggers ? [say("triggerCount", { count: app.triggers })] : []),
    ];
    return html`<li class="line">
      ${appIcon(app)}
      <div class="words"><strong>${app.name}</strong><span class="muted small">${app.description}</span><span class="muted small">${english.list(holds)}</span></div>
      ${
        app.newest
          ? badge("success", say("added"))
          : can(this.session, "write")
            ? html`<button class="button compact" type="button" aria-label=${`${word} ${app.name}`} ?disabled=${this.busy === app.key} @click=${() => this.#add(app)}>${word}</button>`
            : ""
      }
    </li>`;
  }

  async #add({ key, name }: CatalogueApp): Promise<void> {
    this.busy = key;
    await attempt(this, () => workspace(`catalogue/apps/${at(key)}`, { method: "POST" }), say("appAdded", { name }));
    await this.#apps.reload();
    this.busy = "";
  }
}

define("inlay-console-catalogue", CatalogueListElement);
