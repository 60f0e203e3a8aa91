import { html } from "hono/html";
import { COMPANIES, PEOPLE } from "../../data/people.ts";
import { cardPage } from "./layout.ts";

/** The demo's sign-in: one click a person. Leads on to `next`. */
export function signInPage(next: string) {
  const people = PEOPLE.map(
    (person) =>
      html`<button class="person" name="person" value="${person.id}"><strong>Continue as ${person.name}</strong><span>${COMPANIES[person.company].name}</span></button>`,
  );
  return cardPage(
    "Sign in",
    html`<p>Newsletters that people like to open.</p>
<form class="stack" method="post" action="/sign-in"><input type="hidden" name="next" value="${next}">${people}</form>
<p class="hint">This is a demo: no password is asked for.</p>`,
  );
}
