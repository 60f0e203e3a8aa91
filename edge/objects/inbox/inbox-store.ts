// The inbox's own tables. An event stays until every integration that waits for it has taken it; `cursor` is how far the fan-out came.

import type { HostEventWrite } from "../../../shared/api/host-event.ts";
import type { AppCall } from "./rpc.ts";

export const INBOX_STEPS = [
  `CREATE TABLE seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX seen_at ON seen (at);
   CREATE TABLE event (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, workspace TEXT NOT NULL, type TEXT NOT NULL, user TEXT, org TEXT,
     data TEXT NOT NULL, at INTEGER NOT NULL, cursor_integration TEXT NOT NULL DEFAULT '', cursor_block TEXT NOT NULL DEFAULT '',
     done INTEGER NOT NULL DEFAULT 0
   );
   CREATE TABLE retry (
     seq INTEGER NOT NULL, integration TEXT NOT NULL, block TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
     PRIMARY KEY (seq, integration, block)
   ) WITHOUT ROWID;
   CREATE INDEX retry_due ON retry (due);`,
  "ALTER TABLE event ADD COLUMN app TEXT",
];

/** An id starts nothing twice for this long (ms). */
export const SEEN_FOR = 86_400_000;

export interface InboxEvent {
  seq: number;
  id: string;
  workspace: string;
  type: string;
  user: string | null;
  org: string | null;
  data: unknown;
  at: number;
  /** The app that called its one webhook; `data` is an {@link AppCall} then. Null or absent for events of the host. */
  app?: string | null;
  after: { integration: string; block: string };
  done: boolean;
}

export interface Delivery {
  seq: number;
  integration: string;
  block: string;
  attempts: number;
  due: number;
}

type EventRow = {
  seq: number;
  id: string;
  workspace: string;
  type: string;
  user: string | null;
  org: string | null;
  data: string;
  at: number;
  app: string | null;
  cursor_integration: string;
  cursor_block: string;
  done: number;
};

const toEvent = ({ cursor_integration, cursor_block, data, done, ...rest }: EventRow): InboxEvent => ({
  ...rest,
  data: JSON.parse(data),
  after: { integration: cursor_integration, block: cursor_block },
  done: done === 1,
});

/** Stores the event in one transaction; false where its id was seen in the last 24 h. */
export function storeEvent(storage: DurableObjectStorage, workspace: string, id: string, event: HostEventWrite, now: number): boolean {
  return storage.transactionSync(() => {
    storage.sql.exec("DELETE FROM seen WHERE at <= ?", now - SEEN_FOR);
    if (storage.sql.exec("INSERT INTO seen (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", id, now).rowsWritten === 0) return false;
    storage.sql.exec(
      "INSERT INTO event (id, workspace, type, user, org, data, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[id, workspace, event.type, event.user ?? null, event.org ?? null, JSON.stringify(event.data), now],
    );
    return true;
  });
}

/** Stores a call of an app's webhook; it has no id of the caller's to be known by. */
export function storeAppCall(sql: SqlStorage, workspace: string, id: string, app: string, call: AppCall, now: number): void {
  sql.exec(
    "INSERT INTO event (id, workspace, type, data, at, app) VALUES (?, ?, ?, ?, ?, ?)",
    ...[id, workspace, `app:${app}`, JSON.stringify(call), now, app],
  );
}

/** Events whose fan-out has not come to the end, oldest first. */
export const openEvents = (sql: SqlStorage, limit: number): InboxEvent[] =>
  sql.exec<EventRow>("SELECT * FROM event WHERE done = 0 ORDER BY seq LIMIT ?", limit).toArray().map(toEvent);

export const readEvent = (sql: SqlStorage, seq: number): InboxEvent | undefined =>
  sql.exec<EventRow>("SELECT * FROM event WHERE seq = ?", seq).toArray().map(toEvent)[0];

/** Notes, in one transaction, how far the fan-out came and whom to ask again. */
export function storeProgress(
  storage: DurableObjectStorage,
  seq: number,
  after: { integration: string; block: string } | "end",
  again: Delivery[],
): void {
  storage.transactionSync(() => {
    if (after === "end") storage.sql.exec("UPDATE event SET done = 1 WHERE seq = ?", seq);
    else storage.sql.exec("UPDATE event SET cursor_integration = ?, cursor_block = ? WHERE seq = ?", after.integration, after.block, seq);
    for (const one of again) storeRetry(storage.sql, one);
    dropDone(storage.sql, seq);
  });
}

export const storeRetry = (sql: SqlStorage, { seq, integration, block, attempts, due }: Delivery): void => {
  sql.exec(
    "INSERT OR REPLACE INTO retry (seq, integration, block, attempts, due) VALUES (?, ?, ?, ?, ?)",
    ...[seq, integration, block, attempts, due],
  );
};

export const dueRetries = (sql: SqlStorage, now: number, limit: number): Delivery[] =>
  sql.exec<Delivery & Record<string, SqlStorageValue>>("SELECT * FROM retry WHERE due <= ? ORDER BY due LIMIT ?", now, limit).toArray();

/** The delivery is done with, taken or given up. */
export function dropRetry(storage: DurableObjectStorage, { seq, integration, block }: Delivery): void {
  storage.transactionSync(() => {
    storage.sql.exec("DELETE FROM retry WHERE seq = ? AND integration = ? AND block = ?", seq, integration, block);
    dropDone(storage.sql, seq);
  });
}

function dropDone(sql: SqlStorage, seq: number): void {
  sql.exec("DELETE FROM event WHERE seq = ?1 AND done = 1 AND NOT EXISTS (SELECT 1 FROM retry WHERE retry.seq = ?1)", seq);
}

/** When there is something to do next (ms), or undefined. */
export function nextDue(sql: SqlStorage, now: number): number | undefined {
  if (sql.exec("SELECT 1 FROM event WHERE done = 0 LIMIT 1").toArray().length) return now;
  return sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM retry").one().due ?? undefined;
}
