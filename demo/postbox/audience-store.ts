import { randomBytes } from "node:crypto";
import type { Database } from "../data/database.ts";
import type { CompanyKey } from "../data/people.ts";
import { type Member, memberIdOf, type Status } from "./member.ts";

export interface Audience {
  id: string;
  name: string;
  members: number;
  created_at: string;
}

interface MemberRow {
  email: string;
  status: Status;
  fields: string;
  created_at: string;
  updated_at: string;
}

const AUDIENCE = "SELECT id, name, created_at, (SELECT count(*) FROM members WHERE audience = audiences.id) AS members FROM audiences";

const escapeLike = (text: string) => text.replace(/[\\%_]/g, "\\$&");

function toMember(row: MemberRow): Member {
  const fields: Record<string, string> = JSON.parse(row.fields);
  const { email, status, created_at, updated_at } = row;
  return { id: memberIdOf(email), email, status, fields, created_at, updated_at };
}

/** Audiences and their members. An audience is found by its owner alone; members by an audience that was found. */
export class AudienceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(owner: CompanyKey, id: string): Audience | undefined {
    return this.#db.get<Audience>(`${AUDIENCE} WHERE owner = ? AND id = ?`, owner, id);
  }

  /** By name, those whose name contains `search`. */
  list(owner: CompanyKey, search: string, count: number, offset: number): { audiences: Audience[]; total: number } {
    const where = "owner = ? AND name LIKE ? ESCAPE '\\'";
    const values = [owner, `%${escapeLike(search)}%`];
    const total = this.#db.get<{ total: number }>(`SELECT count(*) AS total FROM audiences WHERE ${where}`, ...values)?.total ?? 0;
    const sql = `${AUDIENCE} WHERE ${where} ORDER BY name COLLATE NOCASE, id LIMIT ? OFFSET ?`;
    return { audiences: this.#db.all<Audience>(sql, ...values, count, offset), total };
  }

  /** Answers the new audience's id. */
  create(owner: CompanyKey, name: string): string {
    const id = `aud_${randomBytes(5).toString("hex")}`;
    this.#db.run("INSERT INTO audiences (id, owner, name, created_at) VALUES (?, ?, ?, ?)", id, owner, name, new Date().toISOString());
    return id;
  }

  findMember(audience: Audience, email: string): Member | undefined {
    const row = this.#db.get<MemberRow>("SELECT * FROM members WHERE audience = ? AND email = ?", audience.id, email);
    return row && toMember(row);
  }

  /** The newest change first; those whose address or fields contain `search`. */
  listMembers(audience: Audience, search: string, count: number, offset: number): { members: Member[]; total: number } {
    const where = "audience = ? AND (email LIKE ? ESCAPE '\\' OR fields LIKE ? ESCAPE '\\')";
    const like = `%${escapeLike(search)}%`;
    const values = [audience.id, like, like];
    const total = this.#db.get<{ total: number }>(`SELECT count(*) AS total FROM members WHERE ${where}`, ...values)?.total ?? 0;
    const sql = `SELECT * FROM members WHERE ${where} ORDER BY updated_at DESC, email LIMIT ? OFFSET ?`;
    return { members: this.#db.all<MemberRow>(sql, ...values, count, offset).map(toMember), total };
  }

  /** Adds the member, or replaces what is known of it. */
  putMember(audience: Audience, email: string, status: Status, fields: Record<string, string>): Member {
    const now = new Date().toISOString();
    this.#db.run(
      `INSERT INTO members (audience, email, status, fields, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (audience, email) DO UPDATE SET status = excluded.status, fields = excluded.fields, updated_at = excluded.updated_at`,
      ...[audience.id, email, status, JSON.stringify(fields), now, now],
    );
    const saved = this.findMember(audience, email);
    if (!saved) throw new Error(`the member ${email} was not stored`);
    return saved;
  }

  removeMember(audience: Audience, email: string): boolean {
    return this.#db.run("DELETE FROM members WHERE audience = ? AND email = ?", audience.id, email) > 0;
  }
}
