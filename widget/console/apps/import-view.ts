import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import { workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { hrefOf } from "../app/place.ts";
import type { Session } from "../app/session.ts";
import { boxIcon } from "../ui/console-icons.ts";
import type { Column } from "../ui/rows.ts";
import "../ui/rows.ts";
import { viewStyles } from "../ui/view-styles.ts";
import "./app-view.ts";
import { say } from "./words.ts";

interface Operation {
  id: string;
  method: string;
  path: string;
  title: string;
  kind: "query" | "action";
  tags: string[];
  deprecated: boolean;
}

interface Listed {
  title: string;
  version: string;
  operations: Operation[];
}

const MAX_BYTES = 16_000_000;
/** Taken at first where a document has more: an app with hundreds is hard to find one's way in. */
const FEW = 40;

const COLUMNS: Column<Operation>[] = [
  {
    key: "title",
    label: say("operation"),
    width: "minmax(180px, 2fr)",
    narrow: "main",
    cell: ({ title, id }) => html`<span>${title || id}</span>`,
  },
  {
    key: "path",
    label: say("path"),
    width: "minmax(160px, 2fr)",
    narrow: "below",
    cell: ({ method, path }) => html`<span class="mono">${method.toUpperCase()} ${path}</span>`,
  },
  { key: "kind", label: say("becomes"), width: "90px", narrow: "end", cell: ({ kind }) => html`<span class="tag">${say(kind)}</span>` },
  { key: "tags", label: say("tags"), width: "minmax(80px, 1fr)", cell: ({ tags }) => html`<span class="muted">${tags.join(", ")}</span>` },
];

/** An app out of an OpenAPI or Swagger document: the document is given, operations are chosen, and the file opens in the editor. */
export class ImportAppElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .drop {
        display: grid;
        justify-items: center;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 12) calc(var(--_space) * 4);
        border: 1px dashed var(--_border-strong);
        border-radius: var(--_radius-l);
        text-align: center;
      }

      .drop.over {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      .drop p {
        max-inline-size: 52ch;
        text-wrap: balance;
      }

      .found {
        flex: 1 1 200px;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @state() private document = "";
  @state() private listed: Listed | undefined;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private search = "";
  @state() private made: { source: string; notes: string[] } | undefined;
  @state() private isBusy = false;
  @state() private isOver = false;
  @query("input[type=file]") private chooser?: HTMLInputElement;

  override render(): TemplateResult {
    if (this.made)
      return html`
        ${this.made.notes.length ? html`<div class="bar">${callout({ tone: "info", title: say("notes"), text: this.made.notes.slice(0, 5).join(" · ") })}</div>` : nothing}
        <inlay-console-app app="new" .session=${this.session} .begin=${this.made.source}></inlay-console-app>
      `;
    return html`
      <header class="head">
        <h1><a class="way" href=${hrefOf("/apps")}>${say("title")}</a> ${this.listed?.title ?? say("import")}</h1>
        <span class="gap"></span>
        ${
          this.listed
            ? html`<button class="button primary compact" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy || !this.chosen.size} @click=${this.#make}>${say("makeApp", { count: this.chosen.size })}</button>`
            : nothing
        }
      </header>
      ${this.listed ? this.#renderOperations(this.listed) : this.#renderDrop()}
    `;
  }

  #renderDrop(): TemplateResult {
    const over = (isOver: boolean) => (event: DragEvent) => {
      event.preventDefault();
      this.isOver = isOver;
    };
    const drop = (event: DragEvent) => {
      over(false)(event);
      void this.#read(event.dataTransfer?.files[0]);
    };
    return html`<div class="scroll"><div class="column">
      <div class="drop ${this.isOver ? "over" : ""}" @dragover=${over(true)} @dragleave=${over(false)} @drop=${drop}>
        ${boxIcon}
        <p>${say("importText")}</p>
        <button class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy} @click=${() => this.chooser?.click()}>${say("chooseDocument")}</button>
        <input type="file" hidden accept=".json,.yaml,.yml" aria-label=${say("document")} @change=${(event: Event) => this.#read((event.target as HTMLInputElement).files?.[0])} />
      </div>
    </div></div>`;
  }

  #renderOperations({ operations }: Listed): TemplateResult {
    const words = this.search.toLowerCase().split(/\s+/);
    const shown = operations.filter(({ title, path, method, tags }) =>
      words.every((word) => `${title} ${method} ${path} ${tags.join(" ")}`.toLowerCase().includes(word)),
    );
    const all = () => {
      this.chosen = new Set([...this.chosen, ...shown.map(({ id }) => id)]);
    };
    const none = () => {
      const gone = new Set(shown.map(({ id }) => id));
      this.chosen = new Set([...this.chosen].filter((id) => !gone.has(id)));
    };
    return html`
      <div class="bar">
        <input class="input found" type="search" aria-label=${say("searchOperations")} placeholder=${say("searchOperations")} @input=${(
          event: InputEvent,
        ) => {
          this.search = (event.target as HTMLInputElement).value;
        }} />
        <button class="button compact" type="button" @click=${all}>${say("chooseAll", { count: shown.length })}</button>
        <button class="button compact ghost" type="button" @click=${none}>${say("chooseNone")}</button>
      </div>
      <inlay-console-rows
        label=${say("operation")}
        .columns=${COLUMNS}
        .rows=${shown}
        .idOf=${(one: Operation) => one.id}
        .chosen=${this.chosen}
        @rows-select=${(event: CustomEvent<Set<string>>) => {
          this.chosen = event.detail;
        }}
      ></inlay-console-rows>
    `;
  }

  async #read(file: File | undefined): Promise<void> {
    if (!file) return;
    this.isBusy = true;
    await attempt(this, async () => {
      if (file.size > MAX_BYTES) throw new Error(say("tooLarge"));
      const document = await file.text();
      const listed = await workspace<Listed>("openapi/operations", { method: "POST", body: { document } });
      const current = listed.operations.filter(({ deprecated }) => !deprecated);
      this.document = document;
      this.chosen = new Set(current.length > FEW ? [] : current.map(({ id }) => id));
      this.listed = listed;
    });
    this.isBusy = false;
  }

  readonly #make = async (): Promise<void> => {
    this.isBusy = true;
    await attempt(this, async () => {
      const body = { document: this.document, operations: [...this.chosen] };
      this.made = await workspace("openapi/app", { method: "POST", body });
    });
    this.isBusy = false;
  };
}

define("inlay-console-import-app", ImportAppElement);
