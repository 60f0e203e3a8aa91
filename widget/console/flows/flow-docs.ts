import { css, html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import MarkdownIt from "markdown-it";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { at } from "../app/api.ts";
import { hrefOf } from "../app/place.ts";
import { readFacts } from "../editor/file-facts.ts";
import { codeIcon } from "../ui/console-icons.ts";
import { bones, failure } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type FlowInfo, readDraft } from "./flow-api.ts";
import { say } from "./words.ts";

// No HTML of the writer's gets through, and no address that is not one: what is shown can run nothing.
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

/** What the flow's `docs` say to the members of the workspace, as Markdown. */
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

      .text img {
        max-inline-size: 100%;
      }
    `,
  ];

  @property({ attribute: false }) info!: FlowInfo;
  readonly #docs = new ResourceController<string>(this, {
    key: () => [this.info.key, this.info.draft.revision],
    load: async (signal) => readFacts((await readDraft(this.info.key, signal)).text).docs,
  });

  override render(): TemplateResult {
    const { state } = this.#docs;
    if (state.value === undefined) return state.status === "failed" ? failure(state.error, () => this.#docs.reload()) : bones();
    if (!state.value.trim()) {
      const action = html`<a class="button" href=${hrefOf(`/flows/${at(this.info.key)}`)}>${say("definition")}</a>`;
      return empty({ icon: codeIcon, title: say("noDocs"), text: say("noDocsText"), action });
    }
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${say("docs")}><div class="column"><div class="text">${unsafeHTML(markdown.render(state.value))}</div></div></div>`;
  }
}

define("inlay-console-flow-docs", FlowDocsElement);
