import type { Database } from "../data/database.ts";
import type { CompanyKey } from "../data/people.ts";

export interface LoggedRequest {
  at: number;
  method: string;
  path: string;
  status: number;
  milliseconds: number;
}

export interface RequestCounts {
  total: number;
  refused: number;
  lastMinute: number;
  refusedLastMinute: number;
}

const KEPT = 2_000;
const PRUNE_EVERY = 100;

/** What was asked of the API, the last two thousand requests. */
export class RequestLog {
  readonly #db: Database;
  #added = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  add(owner: CompanyKey, { at, method, path, status, milliseconds }: LoggedRequest): void {
    const sql = "INSERT INTO requests (owner, at, method, path, status, milliseconds) VALUES (?, ?, ?, ?, ?, ?)";
    this.#db.run(sql, owner, at, method, path, status, milliseconds);
    if (++this.#added % PRUNE_EVERY === 0) this.#db.run("DELETE FROM requests WHERE id <= (SELECT max(id) FROM requests) - ?", KEPT);
  }

  /** The newest first. */
  list(owner: CompanyKey, limit: number): LoggedRequest[] {
    return this.#db.all<LoggedRequest>("SELECT * FROM requests WHERE owner = ? ORDER BY id DESC LIMIT ?", owner, limit);
  }

  /** How many were kept and how many of them were refused with 429; in all, and in the minute before `now` (ms). */
  counts(owner: CompanyKey, now: number): RequestCounts {
    const sql = `SELECT count(*) AS total, coalesce(sum(status = 429), 0) AS refused, coalesce(sum(at > ?), 0) AS lastMinute,
      coalesce(sum(at > ? AND status = 429), 0) AS refusedLastMinute FROM requests WHERE owner = ?`;
    const counts = this.#db.get<RequestCounts>(sql, now - 60_000, now - 60_000, owner);
    return counts ?? { total: 0, refused: 0, lastMinute: 0, refusedLastMinute: 0 };
  }
}
