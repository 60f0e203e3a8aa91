import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { timeOf } from "../../http/markup.ts";
import type { LoggedRequest, RequestCounts } from "../request-log.ts";
import { productPage } from "./layout.ts";

const kindOf = (status: number) => (status === 429 ? "pending" : status < 400 ? "subscribed" : "unsubscribed");

/** What was asked of the API, with how much of it the rate limit refused. Renews itself. */
export function requestsPage({ person, requests, counts }: { person: Person; requests: LoggedRequest[]; counts: RequestCounts }) {
  const figure = (label: string, value: number) => html`<div class="figure"><dt>${label}</dt><dd>${value}</dd></div>`;
  const row = ({ at, method, path, status, milliseconds }: LoggedRequest) => html`<tr>
  <td class="when">${timeOf(at)}</td><td><code>${method}</code></td><th scope="row"><code>${path}</code></th>
  <td><span class="state ${kindOf(status)}">${status}</span></td><td>${milliseconds} ms</td></tr>`;
  const table = html`<div class="table" role="region" aria-label="Requests" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Answer</th><th scope="col">Took</th></tr></thead>
<tbody>${requests.map(row)}</tbody></table></div>`;
  return productPage({
    title: "Request log",
    person,
    section: "requests",
    body: html`<div data-live>
<dl class="figures">${figure("Requests, last minute", counts.lastMinute)}${figure("Too many (429), last minute", counts.refusedLastMinute)}${figure("Requests kept", counts.total)}${figure("Too many (429) of them", counts.refused)}</dl>
${requests.length ? table : html`<p class="empty">Nobody has used the API with your key yet.</p>`}
</div>`,
  });
}
