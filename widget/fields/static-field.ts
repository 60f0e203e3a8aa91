import { css, html, nothing, type TemplateResult } from "lit";
import { define } from "../define.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { type RichNode, readHtml, readMarkdown } from "./rich-text.ts";

/** What only shows something: a heading, a line, or the words of the flow's author. */
export class StaticFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    css`
      hr {
        margin: 0;
        border: solid var(--_border);
        border-width: 1px 0 0;
      }

      h3 {
        font-size: var(--_size-l);
      }

      .heading p {
        color: var(--_muted);
        font-size: var(--_size-s);
      }

      /* The author's language may run the other way than the page's. */
      .words > * {
        unicode-bidi: plaintext;
      }

      .words {
        display: grid;
        gap: calc(var(--_space) * 2);
        min-inline-size: 0;
        line-height: 1.55;
        overflow-wrap: anywhere;
      }

      .words ul,
      .words ol {
        padding-inline-start: 1.5em;
        list-style: disc;
      }

      .words ol {
        list-style: decimal;
      }

      .words blockquote {
        margin: 0;
        padding-inline-start: calc(var(--_space) * 3);
        border-inline-start: 2px solid var(--_border-strong);
        color: var(--_muted);
      }

      .words pre {
        padding: calc(var(--_space) * 2.5) calc(var(--_space) * 3);
        overflow-x: auto;
        border-radius: var(--_radius);
        background: var(--_sunken);
      }

      .words :not(pre) > code {
        padding: 0.1em 0.35em;
        border-radius: var(--_radius-s);
        background: var(--_sunken);
      }
    `,
  ];

  override render(): TemplateResult {
    const { field } = this;
    if (field.type === "divider") return html`<hr part="divider" />`;
    if (field.type === "heading") {
      return html`<div class="heading" part="heading">
        <h3><bdi>${this.text || field.label}</bdi></h3>
        ${field.help ? html`<p><bdi>${field.help}</bdi></p>` : nothing}
      </div>`;
    }
    const nodes = field.type === "html" ? readHtml(this.text) : readMarkdown(this.text || field.help || "");
    return html`<div class="words" part="words">${field.label ? html`<h4><bdi>${field.label}</bdi></h4>` : nothing}${nodes.map(renderNode)}</div>`;
  }
}

/** Each mark by its own template: an element is never named by what an author wrote. */
function renderNode(node: RichNode): unknown {
  if (typeof node === "string") return node;
  const inner = node.children.map(renderNode);
  switch (node.tag) {
    case "p":
      return html`<p>${inner}</p>`;
    case "h3":
      return html`<h3>${inner}</h3>`;
    case "h4":
      return html`<h4>${inner}</h4>`;
    case "ul":
      return html`<ul>${inner}</ul>`;
    case "ol":
      return html`<ol>${inner}</ol>`;
    case "li":
      return html`<li>${inner}</li>`;
    case "strong":
      return html`<strong>${inner}</strong>`;
    case "em":
      return html`<em>${inner}</em>`;
    case "code":
      return html`<code>${inner}</code>`;
    case "pre":
      return html`<pre tabindex="0">${inner}</pre>`;
    case "blockquote":
      return html`<blockquote>${inner}</blockquote>`;
    case "br":
      return html`<br />`;
    case "hr":
      return html`<hr />`;
    case "a":
      return node.href ? html`<a href=${node.href} target="_blank" rel="noopener noreferrer">${inner}</a>` : html`<span>${inner}</span>`;
  }
}

define("inlay-static-field", StaticFieldElement);
