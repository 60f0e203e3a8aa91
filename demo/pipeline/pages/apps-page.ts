import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { timeOf } from "../../http/markup.ts";
import { SCOPES } from "../token-store.ts";
import { productPage } from "./layout.ts";

export interface AppsView {
  person: Person;
  apps: { id: string; name: string; scope: string; created_at: number; webhooks: number }[];
  notice?: string | undefined;
}

/** The applications that the person allowed, each with a way to take it back. */
export function appsPage({ person, apps, notice }: AppsView) {
  const item = (app: AppsView["apps"][number]) => html`<li>
  <div><strong>${app.name}</strong>
    <ul class="scopes">${app.scope.split(" ").map((scope) => html`<li>${SCOPES[scope] ?? scope}</li>`)}</ul>
    <span class="hint">Allowed ${timeOf(app.created_at)} · ${app.webhooks} webhook${app.webhooks === 1 ? "" : "s"}</span></div>
  <form method="post" action="/apps/${app.id}/revoke"><button class="danger" aria-label="Revoke ${app.name}">Revoke</button></form>
</li>`;
  return productPage({
    title: "Connected apps",
    person,
    section: "apps",
    notice,
    body: apps.length
      ? html`<ul class="list">${apps.map(item)}</ul>`
      : html`<p class="empty">No app is connected. When one asks for access and you allow it, it is listed here.</p>`,
  });
}
