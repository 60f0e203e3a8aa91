import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { type Markup, NOTHING, pager } from "../../http/markup.ts";
import type { Contact } from "../contact.ts";
import { productPage } from "./layout.ts";

export interface ContactListView {
  person: Person;
  contacts: Contact[];
  total: number;
  search: string;
  page: number;
  size: number;
  notice?: string | undefined;
}

const tagsOf = (contact: Contact): Markup => html`${contact.tags.map((tag) => html`<span class="tag">${tag}</span> `)}`;
const orDash = (text: string | null) => text ?? html`<span class="none">–</span>`;

const row = (contact: Contact) => html`<tr>
  <th scope="row"><a href="/contacts/${contact.id}">${contact.name}</a></th>
  <td>${orDash(contact.email)}</td>
  <td>${orDash(contact.company)}</td>
  <td>${orDash(contact.phone)}</td>
  <td class="tags">${tagsOf(contact)}</td>
</tr>`;

/** All contacts as a table, with a search and pages. */
export function contactListPage({ person, contacts, total, search, page, size, notice }: ContactListView) {
  const href = (target: number) => `/contacts?${new URLSearchParams({ ...(search ? { q: search } : {}), page: String(target) })}`;
  const table = html`<div class="table" role="region" aria-label="Contacts" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Email</th><th scope="col">Company</th><th scope="col">Phone</th><th scope="col">Tags</th></tr></thead>
<tbody>${contacts.map(row)}</tbody></table></div>
${pager({ page, pages: Math.max(1, Math.ceil(total / size)), total, noun: total === 1 ? "contact" : "contacts", href })}`;
  const nothing = html`<p class="empty">No contact has “${search}” in name, email, company or tags. <a href="/contacts">Show all</a></p>`;
  return productPage({
    title: "Contacts",
    person,
    section: "contacts",
    notice,
    aside: html`<a class="button" href="/contacts/new">Add contact</a>`,
    body: html`<form class="search" role="search" method="get" action="/contacts">
  <label for="q">Search contacts</label>
  <input id="q" name="q" type="search" value="${search}" placeholder="Name, email, company or tag" autocomplete="off">
  <button class="quiet">Search</button>${search ? html`<a class="button quiet" href="/contacts">Clear</a>` : NOTHING}
</form>
${total || !search ? table : nothing}`,
  });
}
