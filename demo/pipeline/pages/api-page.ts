import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { productPage } from "./layout.ts";

/** The company's personal access token and how to use it. */
export function apiPage({ person, token, origin, notice }: { person: Person; token: string; origin: string; notice?: string | undefined }) {
  return productPage({
    title: "API",
    person,
    section: "api",
    notice,
    body: html`<section class="panel">
  <div class="field">
    <label for="token">Access token</label>
    <input id="token" class="code" readonly value="${token}" spellcheck="false" autocomplete="off">
    <p class="hint">It never expires and may do all that you may. Give it only to apps that you trust.</p>
  </div>
  <form method="post" action="/settings/api/renew"><button class="danger">Replace token</button></form>
</section>
<h2>Try it</h2>
<pre tabindex="0">curl -H "Authorization: Bearer ${token}" ${origin}/v1/contacts?limit=2</pre>
<p class="hint">Apps that sign in for you use OAuth 2.0: <a href="/.well-known/oauth-authorization-server">server metadata</a>.</p>`,
  });
}
