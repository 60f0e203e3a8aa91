import { html } from "hono/html";
import { COMPANIES, type Person } from "../../data/people.ts";
import type { OAuthClient } from "../oauth-client.ts";
import { SCOPES } from "../token-store.ts";
import { cardPage } from "./layout.ts";

/** Asks `person` whether `client` may have `scopes`. `here` is the request's own path and query, to which the answer is posted. */
export function consentPage(options: { client: OAuthClient; person: Person; scopes: string[]; here: string; redirectUri: string }) {
  const { client, person, scopes, here, redirectUri } = options;
  const wishes = scopes.map((scope) => html`<li>${SCOPES[scope] ?? scope}</li>`);
  return cardPage(
    `Allow ${client.name}?`,
    html`<h1>Allow ${client.name}?</h1>
<p><strong>${client.name}</strong> wants to work with the data of <strong>${COMPANIES[person.company].name}</strong> in Pipeline. It will be able to:</p>
<ul class="scopes">${wishes}</ul>
<form class="actions" method="post" action="${here}">
  <button class="quiet" name="decision" value="deny">Deny</button>
  <button name="decision" value="allow">Allow</button>
</form>
<p class="hint">You return to ${new URL(redirectUri).host}. You can take this back at any time under Connected apps.</p>
<form class="hint switch" method="post" action="/sign-out"><input type="hidden" name="next" value="${here}">
  Signed in as ${person.name}. <button class="link">Use another account</button></form>`,
  );
}
