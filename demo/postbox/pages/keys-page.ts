import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { productPage } from "./layout.ts";

/** The company's API key and how to use it. */
export function keysPage({
  person,
  key,
  origin,
  limit,
  notice,
}: {
  person: Person;
  key: string;
  origin: string;
  limit: number;
  notice?: string | undefined;
}) {
  return productPage({
    title: "API keys",
    person,
    section: "keys",
    notice,
    body: html`<section class="panel">
  <div class="field"><label for="key">API key</label>
    <input id="key" class="code" readonly value="${key}" spellcheck="false" autocomplete="off">
    <p class="hint">Whoever has it can read and change all audiences. ${limit} requests a second are allowed.</p></div>
  <form method="post" action="/keys/replace"><button class="danger">Replace key</button></form>
</section>
<h2>Try it</h2>
<pre tabindex="0">curl -H "X-Api-Key: ${key}" ${origin}/3.0/audiences?count=2</pre>`,
  });
}
