import { html } from "hono/html";
import { COMPANIES, PEOPLE } from "../../data/people.ts";
import { initialsOf } from "../../http/markup.ts";
import { cardPage } from "./layout.ts";

/** The demo's sign-in: one click a person. Leads on to `next`. */
export function signInPage({ next, reason }: { next: string; reason: string }) {
  const people = PEOPLE.map(
    (person) => html`<button class="person" name="person" value="${person.id}">
  <span class="avatar" aria-hidden="true">${initialsOf(person.name)}</span>
  <span class="who-text"><strong>Continue as ${person.name}</strong><span>${person.email} · ${COMPANIES[person.company].name}</span></span>
</button>`,
  );
  return cardPage(
    "Sign in",
    html`<h1>Sign in</h1><p>${reason}</p>
<form class="stack" method="post" action="/sign-in"><input type="hidden" name="next" value="${next}">${people}</form>
<p class="hint">This is a demo: no password is asked for.</p>`,
  );
}
