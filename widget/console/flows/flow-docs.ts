import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import MarkdownIt from "markdown-it";
import { rewriteFile } from "../../../shared/flow/rewrite-file.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { editIcon } from "../../ui/icons.ts";
import { attempt } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import { readFacts } from "../editor/file-facts.ts";
import { codeIcon } from "../ui/console-icons.ts";
import { bones, failure } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type FlowInfo, readDraft, saveDraft } from "./flow-api.ts";
import { say } from "./words.ts";

// No HTML of the writer's gets through, and no address that is not one: what is shown can run nothing.
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

/** What the flow's `docs` say to the members of the workspace, as Markdown; written beside what it looks like, and kept in the draft. */
export class FlowDocsElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .text {
        max-inline-size: 72ch;
        overflow-wrap: anywhere;
      }

      .text > * + * {
        margin-block-start: calc(var(--_space) * 3);
      }

      .text :is(h1, h2, h3) {
        margin-block-start: calc(var(--_space) * 6);
      }

      .text h1 {
        font-size: var(--_size-xl);
      }

      .text h2 {
        font-size: var(--_size-l);
      }

      .text :is(ul, ol) {
        padding-inline-start: calc(var(--_space) * 6);
        list-style: revert;
      }

      .text code {
        padding: 1px 4px;
        border-radius: var(--_radius-s);
        background: var(--_sunken);
      }

      .text pre {
        padding: calc(var(--_space) * 3);
        border-radius: var(--_radius);
        background: var(--_sunken);
        overflow: auto;
      }

      .text table {
        border-collapse: collapse;
      }

      .text :is(th, td) {
        padding: var(--_space) calc(var(--_space) * 3);
        border: 1px solid var(--_border);
        text-align: start;
      }

      .text img {
        max-inline-size: 100%;
      }

      .both {
        display: grid;
        grid-template-columns: 1fr 1fr;
        flex: 1;
        min-block-size: 0;
      }

      .both > * {
        min-inline-size: 0;
        padding: calc(var(--_space) * 5);
        overflow: auto;
      }

      .both textarea {
        border: 0;
        border-inline-end: 1px solid var(--_border);
        border-radius: 0;
        background: none;
        font-family: var(--_mono);
        font-size: var(--_size-s);
        resize: none;
      }

      .both textarea:focus-visible {
        outline-offset: -2px;
      }

      @container (max-width: 640px) {
        .both {
          grid-template-columns: 1fr;
          grid-template-rows: 1fr 1fr;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) info!: FlowInfo;
  /** What is being written. */
  @state() private text: string | undefined;
  @state() private isBusy = false;
  readonly #docs = new ResourceController<string>(this, {
    key: () => [this.info.key, this.info.draft.revision],
    load: async (signal) => readFacts((await readDraft(this.info.key, signal)).text).docs,
  });

  override render(): TemplateResult {
    const { state } = this.#docs;
    if (this.text !== undefined) return this.#renderEditor(this.text);
    if (state.value === undefined) return state.status === "failed" ? failure(state.error, () => this.#docs.reload()) : bones();
    const docs = state.value;
    const edit = can(this.session, "write")
      ? html`<button class="button compact" type="button" @click=${() => this.#write(docs)}>${editIcon} ${say("editDocs")}</button>`
      : nothing;
    if (!docs.trim()) return empty({ icon: codeIcon, title: say("noDocs"), text: say("noDocsText"), action: edit });
    return html`${edit === nothing ? nothing : html`<div class="bar"><span class="gap"></span>${edit}</div>`}
      <div class="scroll" tabindex="0" role="region" aria-label=${say("docs")}><div class="column"><div class="text">${shown(docs)}</div></div></div>`;
  }

  #renderEditor(text: string): TemplateResult {
    return html`<div class="bar">
        <span class="muted small">${say("docsHint")}</span>
        <span class="gap"></span>
        <button class="button compact ghost" type="button" @click=${() => this.#write(undefined)}>${say("cancel")}</button>
        <button class="button compact primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy} @click=${() => this.#save(text)}>${say("save")}</button>
      </div>
      <div class="both">
        <textarea class="input" aria-label=${say("docs")} spellcheck="true" autofocus .value=${text} @input=${(event: InputEvent) => this.#write((event.target as HTMLTextAreaElement).value)}></textarea>
        <div tabindex="0" role="region" aria-label=${say("preview")}><div class="text">${shown(text)}</div></div>
      </div>`;
  }

  #write(text: string | undefined): void {
    this.text = text;
  }

  /** Puts the words into the draft as it is now: what somebody else has changed of it meanwhile stays. */
  async #save(text: string): Promise<void> {
    this.isBusy = true;
    const isDone = await attempt(
      this,
      async () => {
        for (let tries = 0; tries < 3; tries++) {
          const { text: file, etag } = await readDraft(this.info.key);
          if ((await saveDraft(this.info.key, rewriteFile(file, { docs: text }), etag)).kind === "saved") return;
        }
        throw new Error(say("conflict"));
      },
      say("docsSaved"),
    );
    this.isBusy = false;
    if (!isDone) return;
    this.#docs.set(text);
    this.text = undefined;
    this.dispatchEvent(new CustomEvent("flow-changed", { bubbles: true, composed: true }));
  }
}

const shown = (text: string) => unsafeHTML(markdown.render(text));

define("inlay-console-flow-docs", FlowDocsElement);
