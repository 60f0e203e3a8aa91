import { html } from "hono/html";
import { cardPage } from "./layout.ts";

/** One heading and one sentence: for what cannot be shown or must not be trusted. */
export const messagePage = (title: string, message: string) =>
  cardPage(title, html`<h1>${title}</h1><p>${message}</p><p><a href="/contacts">Go to Pipeline</a></p>`);
