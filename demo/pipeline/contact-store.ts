import { randomBytes } from "node:crypto";
import type { Database } from "../data/database.ts";
import type { CompanyKey } from "../data/people.ts";
import type { Contact, ContactChanges } from "./contact.ts";

type ContactRow = Omit<Contact, "tags" | "first_name" | "last_name"> & { tags: string; owner: CompanyKey };

export type SaveResult = { ok: true; contact: Contact } | { ok: false; reason: "missing" | "duplicate" };

/** Where a listing goes on: after this contact, in the order of last change. */
export interface ContactPosition {
  updatedAt: string;
  id: string;
}

const COLUMNS = ["name", "email", "phone", "company", "title", "city", "birthday", "plan"] as const;
const EMPTY = { email: null, phone: null, company: null, title: null, city: null, birthday: null, plan: null, tags: [] };

const escapeLike = (text: string) => text.replace(/[\\%_]/g, "\\$&");

function toContact({ owner: _, ...row }: ContactRow): Contact {
  const [first = "", ...rest] = row.name.split(" ");
  const tags: string[] = JSON.parse(row.tags);
  return { ...row, first_name: first, last_name: rest.join(" "), tags };
}

/** The contacts of every company; each method sees those of `owner` alone. `onChange` hears of each contact that was really changed. */
export class ContactStore {
  readonly #db: Database;
  readonly #onChange: (owner: CompanyKey, contact: Contact) => void;

  constructor(db: Database, onChange: (owner: CompanyKey, contact: Contact) => void) {
    this.#db = db;
    this.#onChange = onChange;
  }

  find(owner: CompanyKey, id: string): Contact | undefined {
    const row = this.#db.get<ContactRow>("SELECT * FROM contacts WHERE owner = ? AND id = ?", owner, id);
    return row && toContact(row);
  }

  /** Oldest change first, so that a contact changed while a client pages comes again at the end and none is skipped. */
  list(owner: CompanyKey, filter: { updatedAfter: string; tag: string; after: ContactPosition | undefined; limit: number }): Contact[] {
    const { after, tag } = filter;
    const rows = this.#db.all<ContactRow>(
      `SELECT * FROM contacts WHERE owner = ? AND updated_at > ? AND (updated_at, id) > (?, ?)
         AND (? = '' OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)) ORDER BY updated_at, id LIMIT ?`,
      ...[owner, filter.updatedAfter, after?.updatedAt ?? "", after?.id ?? "", tag, tag, filter.limit],
    );
    return rows.map(toContact);
  }

  /** For the pages: by name, `size` a page from 1, those that have `search` in name, address, company or tags. */
  search(owner: CompanyKey, search: string, page: number, size: number): { contacts: Contact[]; total: number } {
    const where =
      "owner = ? AND (name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' OR company LIKE ? ESCAPE '\\' OR tags LIKE ? ESCAPE '\\')";
    const like = `%${escapeLike(search)}%`;
    const values = [owner, like, like, like, like];
    const total = this.#db.get<{ total: number }>(`SELECT count(*) AS total FROM contacts WHERE ${where}`, ...values)?.total ?? 0;
    const sql = `SELECT * FROM contacts WHERE ${where} ORDER BY name COLLATE NOCASE, id LIMIT ? OFFSET ?`;
    return { contacts: this.#db.all<ContactRow>(sql, ...values, size, (page - 1) * size).map(toContact), total };
  }

  /** Tags in use that contain `search`, with how many contacts carry each. */
  tags(owner: CompanyKey, search: string): { name: string; contacts: number }[] {
    return this.#db.all(
      `SELECT tag.value AS name, count(*) AS contacts FROM contacts, json_each(contacts.tags) AS tag
       WHERE owner = ? AND tag.value LIKE ? ESCAPE '\\' GROUP BY tag.value ORDER BY tag.value`,
      ...[owner, `%${escapeLike(search)}%`],
    );
  }

  create(owner: CompanyKey, changes: ContactChanges & { name: string }): SaveResult {
    const now = new Date().toISOString();
    const id = `c_${randomBytes(6).toString("hex")}`;
    return this.#save(owner, { ...EMPTY, first_name: "", last_name: "", ...changes, id, created_at: now, updated_at: now });
  }

  /** A change that changes nothing is answered with the contact as it is, and nobody is told. */
  change(owner: CompanyKey, id: string, changes: ContactChanges): SaveResult {
    const before = this.find(owner, id);
    if (!before) return { ok: false, reason: "missing" };
    const after = { ...before, ...changes, updated_at: new Date().toISOString() };
    const isSame = COLUMNS.every((column) => after[column] === before[column]) && after.tags.join("\n") === before.tags.join("\n");
    return isSame ? { ok: true, contact: before } : this.#save(owner, after);
  }

  #save(owner: CompanyKey, contact: Contact): SaveResult {
    const { id, email } = contact;
    if (email && this.#db.get("SELECT id FROM contacts WHERE owner = ? AND email = ? AND id <> ?", owner, email, id))
      return { ok: false, reason: "duplicate" };
    this.#db.run(
      `INSERT INTO contacts (id, owner, ${COLUMNS.join(", ")}, tags, created_at, updated_at) VALUES (?, ?, ${COLUMNS.map(() => "?").join(", ")}, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET ${[...COLUMNS, "tags", "updated_at"].map((column) => `${column} = excluded.${column}`).join(", ")}`,
      ...[id, owner, ...COLUMNS.map((column) => contact[column]), JSON.stringify(contact.tags), contact.created_at, contact.updated_at],
    );
    const saved = this.find(owner, id);
    if (!saved) throw new Error(`contact ${id} was not stored`);
    this.#onChange(owner, saved);
    return { ok: true, contact: saved };
  }
}
