import { randomBytes } from "node:crypto";
import type { Database } from "../data/database.ts";
import type { CompanyKey } from "../data/people.ts";
import type { Contact } from "./contact.ts";

export interface Webhook {
  id: string;
  url: string;
  event: string;
  secret: string;
  created_at: number;
}

/** One message to one webhook. `answer` says how the last attempt ended; `next_at` (ms) is when the next is due. */
export interface Delivery {
  id: string;
  webhook: string;
  url: string;
  payload: string;
  subject: string;
  created_at: number;
  state: "pending" | "delivered" | "failed" | "canceled";
  attempts: number;
  next_at: number | null;
  answer: string | null;
}

const KEPT_DELIVERIES = 500;

/** Subscriptions, and the log of what was sent to them. */
export class WebhookStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The same address and event again replace the older subscription and keep its id. */
  subscribe(owner: CompanyKey, grant: string | null, wanted: { url: string; event: string; secret: string }): string {
    const row = this.#db.get<{ id: string }>(
      `INSERT INTO webhooks (id, owner, grant_id, url, event, secret, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (owner, url, event) DO UPDATE SET secret = excluded.secret, grant_id = excluded.grant_id RETURNING id`,
      ...[`wh_${randomBytes(8).toString("hex")}`, owner, grant, wanted.url, wanted.event, wanted.secret, Date.now()],
    );
    if (!row) throw new Error("the webhook was not stored");
    return row.id;
  }

  /** Answers whether there was one. What waits for it is not sent any more. */
  unsubscribe(owner: CompanyKey, id: string): boolean {
    return this.#db.run("DELETE FROM webhooks WHERE owner = ? AND id = ?", owner, id) > 0;
  }

  find(id: string): Webhook | undefined {
    return this.#db.get<Webhook>("SELECT * FROM webhooks WHERE id = ?", id);
  }

  list(owner: CompanyKey): Webhook[] {
    return this.#db.all<Webhook>("SELECT * FROM webhooks WHERE owner = ? ORDER BY created_at", owner);
  }

  /** A message to each of the owner's webhooks for contacts, due at once. */
  enqueueContact(owner: CompanyKey, contact: Contact): void {
    const now = Date.now();
    const payload = JSON.stringify({ type: "contact.changed", timestamp: new Date(now).toISOString(), contact });
    for (const webhook of this.list(owner)) {
      const id = `msg_${now.toString(36)}${randomBytes(9).toString("hex")}`;
      this.#db.run(
        "INSERT INTO deliveries (id, owner, webhook, url, payload, subject, created_at, state, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?)",
        ...[id, owner, webhook.id, webhook.url, payload, contact.name, now, now],
      );
    }
  }

  /** The webhooks for which something is due at `now` (ms). */
  dueWebhooks(now: number): string[] {
    const sql = "SELECT DISTINCT webhook FROM deliveries WHERE state = 'pending' AND next_at <= ?";
    return this.#db.all<{ webhook: string }>(sql, now).map(({ webhook }) => webhook);
  }

  /** The oldest message that is due to a webhook. */
  nextDue(webhook: string, now: number): Delivery | undefined {
    const sql = "SELECT * FROM deliveries WHERE webhook = ? AND state = 'pending' AND next_at <= ? ORDER BY created_at, rowid LIMIT 1";
    return this.#db.get<Delivery>(sql, webhook, now);
  }

  /** When the next message after `now` is due (ms). */
  nextTime(now: number): number | undefined {
    const sql = "SELECT min(next_at) AS at FROM deliveries WHERE state = 'pending' AND next_at > ?";
    return this.#db.get<{ at: number | null }>(sql, now)?.at ?? undefined;
  }

  record(delivery: Delivery): void {
    this.#db.run(
      "UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, answer = ? WHERE id = ?",
      ...[delivery.state, delivery.attempts, delivery.next_at, delivery.answer, delivery.id],
    );
  }

  /** The newest first. */
  listDeliveries(owner: CompanyKey, limit: number): Delivery[] {
    return this.#db.all<Delivery>("SELECT * FROM deliveries WHERE owner = ? ORDER BY created_at DESC, rowid DESC LIMIT ?", owner, limit);
  }

  /** Forgets all but the last few hundred messages that have ended. */
  prune(): void {
    const sql = `DELETE FROM deliveries WHERE state <> 'pending'
      AND rowid NOT IN (SELECT rowid FROM deliveries ORDER BY created_at DESC LIMIT ${KEPT_DELIVERIES})`;
    this.#db.run(sql);
  }
}
