import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Database } from "../data/database.ts";

const KEPT_MS = 24 * 3_600_000;

/** A request that was answered, and its answer. */
export interface KeptAnswer {
  request: string;
  status: ContentfulStatusCode;
  body: string;
}

/** Answers to requests with an `Idempotency-Key`, for 24 hours. */
export class IdempotencyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(owner: string, key: string): KeptAnswer | undefined {
    return this.#db.get<KeptAnswer>(
      "SELECT request, status, body FROM idempotency WHERE owner = ? AND key = ? AND at > ?",
      owner,
      key,
      Date.now() - KEPT_MS,
    );
  }

  keep(owner: string, key: string, { request, status, body }: KeptAnswer): void {
    this.#db.run("DELETE FROM idempotency WHERE at <= ?", Date.now() - KEPT_MS);
    this.#db.run(
      "INSERT INTO idempotency (owner, key, request, status, body, at) VALUES (?, ?, ?, ?, ?, ?)",
      owner,
      key,
      request,
      status,
      body,
      Date.now(),
    );
  }
}
