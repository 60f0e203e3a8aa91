/** A contact as the API gives it. `first_name` and `last_name` are taken from `name`. */
export interface Contact {
  id: string;
  name: string;
  first_name: string;
  last_name: string;
  email: string | null;
  phone: string | null;
  company: string | null;
  title: string | null;
  city: string | null;
  birthday: string | null;
  plan: string | null;
  tags: string[];
  created_at: string;
  updated_at: string;
}

/** What the API tells of a contact's fields; `plan` and `birthday` are custom fields of the demo's companies. */
export const CONTACT_FIELDS = [
  { key: "name", name: "Full name", type: "text", example: "Ada Lovelace" },
  { key: "first_name", name: "First name", type: "text", example: "Ada" },
  { key: "last_name", name: "Last name", type: "text", example: "Lovelace" },
  { key: "email", name: "Email", type: "email", example: "ada@example.com" },
  { key: "phone", name: "Phone", type: "phone", example: "+44 20 7946 0018" },
  { key: "company", name: "Company", type: "text", example: "Northlight Studio" },
  { key: "title", name: "Job title", type: "text", example: "Head of Research" },
  { key: "city", name: "City", type: "text", example: "London" },
  { key: "birthday", name: "Birthday", type: "date", example: "1985-12-10" },
  { key: "plan", name: "Plan", type: "text", example: "team" },
] as const;

/** What may be changed; a field that is absent stays as it is. */
export type ContactChanges = Partial<Omit<Contact, "id" | "first_name" | "last_name" | "created_at" | "updated_at">>;

export type ChangesResult = { ok: true; changes: ContactChanges } | { ok: false; errors: { field: string; message: string }[] };

const OPTIONAL_TEXT = ["phone", "company", "title", "city", "plan"] as const;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TAG = /^[a-z0-9][a-z0-9 _-]{0,39}$/;

/** Checks what came in a form or a PATCH. Empty text clears an optional field; tags are lower-cased, each once. */
export function readContactChanges(input: Record<string, unknown>): ChangesResult {
  const changes: ContactChanges = {};
  const errors: { field: string; message: string }[] = [];
  const fail = (field: string, message: string) => errors.push({ field, message });
  const text = (field: string): string | null | undefined => {
    const value = input[field];
    if (value === undefined) return undefined;
    if (value === null || value === "") return null;
    if (typeof value === "string" && value.length <= 200) return value.trim() || null;
    fail(field, `${field} must be text of at most 200 characters, or null`);
    return undefined;
  };

  for (const field of Object.keys(input))
    if (!["name", "email", "birthday", "tags", ...OPTIONAL_TEXT].includes(field))
      fail(field, `${field} is not a field that can be changed`);
  for (const field of OPTIONAL_TEXT) {
    const value = text(field);
    if (value !== undefined) changes[field] = value;
  }
  const name = text("name");
  if (name === null) fail("name", "Enter a name");
  else if (name !== undefined) changes.name = name;
  const email = text("email");
  if (email && !EMAIL.test(email)) fail("email", "Enter an address like name@example.com");
  else if (email !== undefined) changes.email = email;
  const birthday = text("birthday");
  if (birthday && (!DAY.test(birthday) || Number.isNaN(Date.parse(birthday)))) fail("birthday", "birthday must be a day like 1990-12-31");
  else if (birthday !== undefined) changes.birthday = birthday;
  const { tags } = input;
  if (tags !== undefined) {
    const list = Array.isArray(tags) ? tags.map((tag) => (typeof tag === "string" ? tag.trim().toLowerCase() : "")) : [""];
    if (list.every((tag) => TAG.test(tag))) changes.tags = [...new Set(list)];
    else fail("tags", "tags must be a list of words: letters, digits, spaces, - and _, at most 40 characters each");
  }
  return errors.length ? { ok: false, errors } : { ok: true, changes };
}
