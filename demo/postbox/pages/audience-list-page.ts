import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { NOTHING } from "../../http/markup.ts";
import type { Audience } from "../audience-store.ts";
import { productPage } from "./layout.ts";

/** The company's audiences as cards, and a form for a new one. */
export function audienceListPage({ person, audiences, error }: { person: Person; audiences: Audience[]; error?: string | undefined }) {
  const card = ({ id, name, members }: Audience) => html`<li><a class="audience" href="/audiences/${id}">
  <strong>${name}</strong><span><b>${members}</b> member${members === 1 ? "" : "s"}</span><code>${id}</code></a></li>`;
  return productPage({
    title: "Audiences",
    person,
    section: "audiences",
    lead: html`<p class="hint">Each is a list of people who get the same newsletter.</p>`,
    body: html`<ul class="cards" data-live>${audiences.map(card)}</ul>
<form class="panel inline" method="post" action="/audiences">
  <div class="field"><label for="name">New audience</label>
    <input id="name" name="name" required maxlength="80" autocomplete="off" placeholder="Summer sale" ${error ? html`aria-invalid="true" aria-describedby="name-error"` : NOTHING}>
    ${error ? html`<p class="error" id="name-error">${error}</p>` : NOTHING}</div>
  <button>Create</button>
</form>`,
  });
}
