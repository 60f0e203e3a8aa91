import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { NOTHING, pager, timeOf } from "../../http/markup.ts";
import type { Audience } from "../audience-store.ts";
import { MERGE_FIELDS, type Member } from "../member.ts";
import { productPage } from "./layout.ts";

export interface MemberListView {
  person: Person;
  audience: Audience;
  members: Member[];
  total: number;
  search: string;
  page: number;
  size: number;
  notice?: string | undefined;
}

/** An audience's members with all their merged fields. The table renews itself, so that arrivals are seen. */
export function memberListPage({ person, audience, members, total, search, page, size, notice }: MemberListView) {
  const here = `/audiences/${audience.id}`;
  const href = (target: number) => `${here}?${new URLSearchParams({ ...(search ? { q: search } : {}), page: String(target) })}`;
  const row = ({ email, status, fields, updated_at }: Member) => html`<tr>
  <th scope="row"><a href="${here}/members/${encodeURIComponent(email)}">${email}</a></th>
  <td><span class="state ${status}">${status}</span></td>
  ${MERGE_FIELDS.map(({ tag }) => html`<td>${fields[tag] ?? html`<span class="none">–</span>`}</td>`)}
  <td class="when">${timeOf(updated_at)}</td>
</tr>`;
  const table = html`<div class="table" role="region" aria-label="Members" tabindex="0"><table>
<thead><tr><th scope="col">Email</th><th scope="col">Status</th>${MERGE_FIELDS.map(({ tag, name }) => html`<th scope="col" title="${tag}">${name}</th>`)}<th scope="col">Changed</th></tr></thead>
<tbody>${members.map(row)}</tbody></table></div>
${pager({ page, pages: Math.max(1, Math.ceil(total / size)), total, noun: total === 1 ? "member" : "members", href })}`;
  const empty = search
    ? html`Nobody here has “${search}”. <a href="${here}">Show all</a>`
    : "Nobody yet. Add the first below, or let an integration do it.";
  return productPage({
    title: audience.name,
    person,
    section: "audiences",
    lead: html`<p class="hint"><a href="/audiences">All audiences</a> · <code>${audience.id}</code></p>`,
    notice,
    aside: html`<a class="button" href="${here}/members/new">Add member</a>`,
    body: html`<form class="search" role="search" method="get" action="${here}">
  <label for="q">Search members</label>
  <input id="q" name="q" type="search" value="${search}" placeholder="Address or field" autocomplete="off">
  <button class="quiet">Search</button>${search ? html`<a class="button quiet" href="${here}">Clear</a>` : NOTHING}
</form>
<div data-live>${members.length ? table : html`<p class="empty">${empty}</p>`}</div>`,
  });
}
