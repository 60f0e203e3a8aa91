import { html, raw } from "hono/html";
import { type Markup, NOTHING } from "../../http/markup.ts";

const ELEMENTS = ["inlay-marketplace", "inlay-setup", "inlay-integrations", "inlay-accounts"];
const ATTRIBUTES = ["tag", "category", "search", "layout", "view", "flow", "integration", "app", "theme", "lang", "dir", "readonly"];

/** The script tag: all that a host page loads of Inlay. */
export const widgetScript = (edgeUrl: string): Markup => html`<script type="module" src="${edgeUrl}/inlay.js"></script>`;

/** The element of that name (the marketplace where it is none of Inlay's) with those of `attributes` that it knows. */
export function widgetElement(name: string | undefined, attributes: Record<string, string | undefined>, token?: string): Markup {
  const tag = raw(ELEMENTS.find((one) => one === name) ?? "inlay-marketplace");
  const given = ATTRIBUTES.map((key) => (attributes[key] === undefined ? NOTHING : html` ${raw(key)}="${attributes[key]}"`));
  return html`<${tag}${token === undefined ? NOTHING : html` token="${token}"`}${given}></${tag}>`;
}
