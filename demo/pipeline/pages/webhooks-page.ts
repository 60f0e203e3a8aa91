import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { timeOf } from "../../http/markup.ts";
import type { Delivery, Webhook } from "../webhook-store.ts";
import { productPage } from "./layout.ts";

const STATES: Record<Delivery["state"], string> = { pending: "Waiting", delivered: "Delivered", failed: "Failed", canceled: "Canceled" };

const line = (delivery: Delivery) => html`<tr>
  <td class="when">${timeOf(delivery.created_at)}</td>
  <th scope="row">${delivery.subject}</th>
  <td><span class="state ${delivery.state}">${STATES[delivery.state]}</span></td>
  <td>${delivery.attempts}</td>
  <td class="long">${delivery.answer ?? ""}${delivery.next_at && delivery.attempts ? html`, next try ${timeOf(delivery.next_at)}` : ""}</td>
  <td class="long"><details><summary>Message</summary><code>${delivery.id}</code><pre tabindex="0">${JSON.stringify(JSON.parse(delivery.payload), null, 2)}</pre></details></td>
</tr>`;

/** Who hears of changes, and what was sent. Renews itself while it is open. */
export function webhooksPage({ person, webhooks, deliveries }: { person: Person; webhooks: Webhook[]; deliveries: Delivery[] }) {
  const subscribed = html`<ul class="list">${webhooks.map(
    (webhook) => html`<li><code>${webhook.url}</code><span class="hint">${webhook.event} · since ${timeOf(webhook.created_at)}</span></li>`,
  )}</ul>`;
  const log = html`<div class="table" role="region" aria-label="Deliveries" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Contact</th><th scope="col">State</th><th scope="col">Tries</th><th scope="col">Answer</th><th scope="col">Sent</th></tr></thead>
<tbody>${deliveries.map(line)}</tbody></table></div>`;
  return productPage({
    title: "Webhooks",
    person,
    section: "webhooks",
    body: html`<div data-live>
<h2>Subscriptions</h2>
${webhooks.length ? subscribed : html`<p class="empty">Nobody listens. An app that you connect subscribes here by itself.</p>`}
<h2>Deliveries</h2>
${deliveries.length ? log : html`<p class="empty">Nothing was sent yet. Change a contact while somebody listens.</p>`}
</div>`,
  });
}
