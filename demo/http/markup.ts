import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Markup whose values have been escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export const NOTHING: Markup = html``;

/** A time as people read it, in the machine's own zone, with the exact one in the element. */
export function timeOf(iso: string | number): Markup {
  const date = new Date(iso);
  return html`<time datetime="${date.toISOString()}">${date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" })}</time>`;
}

/** A day as people read it. */
export function dayOf(iso: string | number): Markup {
  const date = new Date(iso);
  return html`<time datetime="${date.toISOString()}">${date.toLocaleDateString("en-GB", { dateStyle: "medium" })}</time>`;
}

/** Two letters of a name, for an avatar. */
export const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .flatMap((word) => [...word].slice(0, 1))
    .slice(0, 2)
    .join("")
    .toUpperCase();

/** Links to the pages before and after of a long table; nothing where one page holds it all. */
export function pager(options: { page: number; pages: number; total: number; noun: string; href(page: number): string }): Markup {
  const { page, pages, total, noun, href } = options;
  const before = page > 1 ? html`<a class="button quiet" rel="prev" href="${href(page - 1)}">Previous</a>` : NOTHING;
  const after = page < pages ? html`<a class="button quiet" rel="next" href="${href(page + 1)}">Next</a>` : NOTHING;
  const place = pages > 1 ? ` · page ${page} of ${pages}` : "";
  return html`<nav class="pager" aria-label="Pages"><span>${total} ${noun}${place}</span><span class="pager-links">${before}${after}</span></nav>`;
}
