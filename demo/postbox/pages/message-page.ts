import { html } from "hono/html";
import { cardPage } from "./layout.ts";

/** One heading and one sentence, for what cannot be shown. */
export const messagePage = (title: string, message: string) =>
  cardPage(title, html`<p>${message}</p><p><a href="/audiences">Go to your audiences</a></p>`);
