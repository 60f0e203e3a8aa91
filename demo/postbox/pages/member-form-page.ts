import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { NOTHING, timeOf } from "../../http/markup.ts";
import type { Audience } from "../audience-store.ts";
import { type FieldFault, MERGE_FIELDS, type Member, STATUSES } from "../member.ts";
import { productPage } from "./layout.ts";

export interface MemberFormView {
  person: Person;
  audience: Audience;
  /** Absent where a new one is added. */
  member?: Member | undefined;
  /** What was typed, where it was refused: by `email`, `status` and merge tag. */
  typed?: Record<string, string>;
  faults?: FieldFault[];
}

/** Add or edit one member of an audience. */
export function memberFormPage({ person, audience, member, typed, faults = [] }: MemberFormView) {
  const here = `/audiences/${audience.id}`;
  const faultOf = (field: string) => {
    const fault = faults.find((one) => one.field === field);
    return {
      attributes: fault ? html`aria-invalid="true" aria-describedby="${field}-error"` : NOTHING,
      text: fault ? html`<p class="error" id="${field}-error">${fault.message}</p>` : NOTHING,
    };
  };
  const status = typed?.status ?? member?.status ?? "subscribed";
  const inputs = MERGE_FIELDS.map(({ tag, name, type, required }) => {
    const fault = faultOf(tag);
    const value = typed?.[tag] ?? member?.fields[tag] ?? "";
    const kind = { text: "text", phone: "tel", date: "date" }[type];
    return html`<div class="field"><label for="${tag}">${name}</label>
  <input id="${tag}" name="${tag}" type="${kind}" value="${value}" autocomplete="off" ${required ? html`required` : NOTHING} ${fault.attributes}>${fault.text}</div>`;
  });
  const remove = html`<form method="post" action="${here}/members/${encodeURIComponent(member?.email ?? "")}/remove"><button class="danger">Remove from audience</button></form>`;
  return productPage({
    title: member?.email ?? "New member",
    person,
    section: "audiences",
    lead: html`<p class="hint"><a href="${here}">${audience.name}</a>${member ? html` · changed ${timeOf(member.updated_at)}` : NOTHING}</p>`,
    aside: member ? remove : NOTHING,
    body: html`${faults.length ? html`<p class="notice bad" role="alert">Not saved. Mend what is marked below.</p>` : NOTHING}
<form class="panel grid" method="post" action="${member ? `${here}/members/${encodeURIComponent(member.email)}` : `${here}/members`}">
  <div class="field"><label for="email">Email</label>
    <input id="email" name="email" type="email" required autocomplete="off" value="${typed?.email ?? member?.email ?? ""}" ${member ? html`readonly` : NOTHING} ${faultOf("email").attributes}>${faultOf("email").text}</div>
  <div class="field"><label for="status">Status</label>
    <select id="status" name="status">${STATUSES.map((one) => html`<option ${one === status ? html`selected` : NOTHING}>${one}</option>`)}</select></div>
  ${inputs}
  <div class="actions"><button>Save</button></div>
</form>`,
  });
}
