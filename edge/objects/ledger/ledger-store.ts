// The ledger's own tables: the index of runs, and the last messages, so that a stream can resume.
import type { List } from "../../../shared/api/list.ts";
import { Run } from "../../../shared/api/run.ts";
import type { StreamMessage } from "../../../shared/api/stream.ts";
import type { LedgerEntry } from "./rpc.ts";
import { watchRun } from "./watch-store.ts";

export const LEDGER_STEPS = [
  `CREATE TABLE run (
     id TEXT PRIMARY KEY, user TEXT, integration TEXT NOT NULL, flow TEXT NOT NULL, block TEXT NOT NULL,
     status TEXT NOT NULL, tasks INTEGER NOT NULL, accepted TEXT NOT NULL, body TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX run_accepted ON run (accepted, id);
   CREATE INDEX run_integration ON run (integration, accepted);
   CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT, body TEXT NOT NULL);`,
  `CREATE TABLE watch (run TEXT PRIMARY KEY, integration TEXT NOT NULL, due REAL NOT NULL, since REAL NOT NULL) WITHOUT ROWID;
   CREATE INDEX watch_due ON watch (due);
   CREATE TABLE memo (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;`,
  // Without AUTOINCREMENT, which writes a second row each time: the newest message always stays, so ids grow all the same.
  `CREATE TABLE note (id INTEGER PRIMARY KEY, user TEXT, body TEXT NOT NULL);
   INSERT INTO note SELECT id, user, body FROM message;
   DROP TABLE message;
   ALTER TABLE note RENAME TO message;`,
];

/** Messages kept for readers that come back. */
export const MESSAGES_KEPT = 500;

/** What a message is called in the stream: its id and itself. */
export interface StoredMessage {
  id: number;
  user: string | null;
  message: StreamMessage;
}

/** Stores a batch in one transaction. Answers what is new: a run that is known exactly so already is left out. */
export function storeEntries(storage: DurableObjectStorage, entries: readonly LedgerEntry[]): StoredMessage[] {
  return storage.transactionSync(() => {
    const fresh: StoredMessage[] = [];
    for (const { user, message, due } of entries) {
      if (message.type === "run") watchRun(storage.sql, message.run, due ?? null);
      if (message.type === "run" && !storeRun(storage.sql, user, message.run)) continue;
      const row = storage.sql
        .exec<{ id: number }>("INSERT INTO message (user, body) VALUES (?, ?) RETURNING id", user, JSON.stringify(message))
        .one();
      fresh.push({ id: row.id, user, message });
    }
    const last = fresh.at(-1);
    if (last) storage.sql.exec("DELETE FROM message WHERE id <= ?", last.id - MESSAGES_KEPT);
    return fresh;
  });
}

function storeRun(sql: SqlStorage, user: string | null, run: Run): boolean {
  const body = JSON.stringify(run);
  const before = sql.exec<{ body: string }>("SELECT body FROM run WHERE id = ?", run.id).toArray()[0];
  if (before?.body === body) return false;
  sql.exec(
    `INSERT INTO run (id, user, integration, flow, block, status, tasks, accepted, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, tasks = excluded.tasks, body = excluded.body`,
    ...[run.id, user, run.integration, run.flow, run.block, run.status, run.tasks, run.acceptedAt, body],
  );
  return true;
}

/** Forgets runs that ended and were accepted before `accepted` (ISO 8601). */
export function forgetRuns(sql: SqlStorage, accepted: string): void {
  sql.exec("DELETE FROM run WHERE accepted < ? AND status IN ('succeeded', 'failed', 'stopped', 'canceled')", accepted);
}

/** The id of the newest message, 0 where there is none. */
export const lastMessageId = (sql: SqlStorage): number =>
  sql.exec<{ id: number }>("SELECT coalesce(max(id), 0) AS id FROM message").one().id;

/** What `user` has missed since message `after`, as far as it is kept. */
export function messagesSince(sql: SqlStorage, user: string, after: number): StoredMessage[] {
  return sql
    .exec<{ id: number; user: string | null; body: string }>(
      "SELECT id, user, body FROM message WHERE id > ? AND (user IS NULL OR user = ?) ORDER BY id",
      after,
      user,
    )
    .toArray()
    .map((row) => ({ id: row.id, user: row.user, message: JSON.parse(row.body) as StreamMessage }));
}

/** Which runs of the index to list. Times are ISO 8601, `user` is `usr_…`. */
export interface RunIndexFilter {
  user?: string;
  integration?: string;
  flow?: string;
  status?: string;
  block?: string;
  from?: string;
  to?: string;
  limit: number;
  /** `acceptedAt` and id of the run before. */
  after?: { acceptedAt: string; id: string };
}

/** Runs of the workspace, newest first. */
export function listIndexedRuns(sql: SqlStorage, filter: RunIndexFilter): List<Run> {
  const where: string[] = [];
  const values: string[] = [];
  const add = (text: string, ...more: string[]) => {
    where.push(text);
    values.push(...more);
  };
  for (const column of ["user", "integration", "flow", "status", "block"] as const) {
    const value = filter[column];
    if (value !== undefined) add(`${column} = ?`, value);
  }
  if (filter.from) add("accepted >= ?", filter.from);
  if (filter.to) add("accepted < ?", filter.to);
  if (filter.after) add("(accepted, id) < (?, ?)", filter.after.acceptedAt, filter.after.id);
  const rows = sql
    .exec<{ body: string }>(
      `SELECT body FROM run ${where.length ? `WHERE ${where.join(" AND ")}` : ""} ORDER BY accepted DESC, id DESC LIMIT ?`,
      ...values,
      filter.limit + 1,
    )
    .toArray();
  const items = rows.slice(0, filter.limit).map((row) => Run.parse(JSON.parse(row.body)));
  const last = items.at(-1);
  return { items, nextCursor: rows.length > filter.limit && last ? JSON.stringify([last.acceptedAt, last.id]) : null };
}
