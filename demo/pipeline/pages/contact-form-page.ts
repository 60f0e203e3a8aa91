import { html } from "hono/html";
import type { Person } from "../../data/people.ts";
import { NOTHING, timeOf } from "../../http/markup.ts";
import type { Contact } from "../contact.ts";
import { productPage } from "./layout.ts";

export interface ContactFormView {
  person: Person;
  /** Absent where a new one is added. */
  contact?: Contact | undefined;
  /** What stands in the fields: as stored, or as typed where it was refused. */
  values: Record<string, string>;
  errors: { field: string; message: string }[];
  notice?: string | undefined;
}

const FIELDS = [
  { key: "name", label: "Name", type: "text", hint: "" },
  { key: "email", label: "Email", type: "email", hint: "" },
  { key: "phone", label: "Phone", type: "tel", hint: "" },
  { key: "company", label: "Company", type: "text", hint: "" },
  { key: "title", label: "Job title", type: "text", hint: "" },
  { key: "city", label: "City", type: "text", hint: "" },
  { key: "birthday", label: "Birthday", type: "date", hint: "" },
  { key: "plan", label: "Plan", type: "text", hint: "" },
  { key: "tags", label: "Tags", type: "text", hint: "Separated by commas: vip, partner" },
] as const;

/** The fields of `contact` as text, for the form. */
export function formValues(contact: Contact): Record<string, string> {
  return Object.fromEntries(FIELDS.map(({ key }) => [key, key === "tags" ? contact.tags.join(", ") : (contact[key] ?? "")]));
}

/** A posted form as changes: tags are split at commas, fields that are not the form's are left out. */
export function formChanges(form: Record<string, string>): Record<string, unknown> {
  const sent = FIELDS.filter(({ key }) => form[key] !== undefined);
  const split = (text = "") => text.split(",").map((tag) => tag.trim());
  return Object.fromEntries(sent.map(({ key }) => [key, key === "tags" ? split(form.tags).filter(Boolean) : form[key]]));
}

/** Add or edit one contact. */
export function contactFormPage({ person, contact, values, errors, notice }: ContactFormView) {
  const field = ({ key, label, type, hint }: (typeof FIELDS)[number]) => {
    const error = errors.find((one) => one.field === key)?.message;
    const note = error ?? hint;
    const described = note ? html`aria-describedby="${key}-note"` : NOTHING;
    return html`<div class="field">
  <label for="${key}">${label}</label>
  <input id="${key}" name="${key}" type="${type}" value="${values[key] ?? ""}" autocomplete="off" ${key === "name" ? html`required` : NOTHING}
    ${error ? html`aria-invalid="true"` : NOTHING} ${described}>
  ${note ? html`<p id="${key}-note" class="${error ? "error" : "hint"}">${note}</p>` : NOTHING}
</div>`;
  };
  return productPage({
    title: contact?.name ?? "New contact",
    person,
    section: "contacts",
    notice,
    aside: html`<a href="/contacts">All contacts</a>`,
    body: html`${errors.length ? html`<p class="notice bad" role="alert">Not saved. Mend what is marked below.</p>` : NOTHING}
<form class="panel grid" method="post" action="${contact ? `/contacts/${contact.id}` : "/contacts"}">
  ${FIELDS.map(field)}
  <div class="actions"><button>Save</button>${contact ? html`<span class="hint">Last changed ${timeOf(contact.updated_at)}</span>` : NOTHING}</div>
</form>`,
  });
}
