// The ledger's own tables: the index of runs, and the last messages, so that a stream can resume.
import type { List } from "../../../shared/api/list.ts";
import { Run } from "../../../shared/api/run.ts";
import type { StreamMessage } from "../../../shared/api/stream.ts";
import { type LedgerEntry, MEMBERS } from "./rpc.ts";
import { watchRuns } from "./watch-store.ts";

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
  // Messages stand together in the rows of a ring. The runs of an integration are a range of ids, and need no index of their own.
  `CREATE TABLE batch (slot INTEGER PRIMARY KEY, id INTEGER NOT NULL, body TEXT NOT NULL);
   INSERT INTO batch (slot, id, body) SELECT 0, max(id), '[]' FROM message HAVING count(*) > 0;
   DROP TABLE message;
   DROP INDEX run_integration;`,
  // When a batch came (ms since epoch): a reader that comes for the first time has read what it shows a little before.
  "ALTER TABLE batch ADD COLUMN at INTEGER NOT NULL DEFAULT 0;",
];

/** Batches of messages kept for readers that come back, and the messages of one. */
export const BATCHES_KEPT = 256;
const BATCH = 100;
/** A message's id: that of its batch times this, and its place in it. */
const PLACES = 1_000;

/** What a message is called in the stream: its id and itself. */
export interface StoredMessage {
  id: number;
  user: string | null;
  message: StreamMessage;
}

/** The messages of one batch, as a row holds them. */
type Batch = [user: string | null, message: StreamMessage][];

/** Stores what is new, in one transaction, and answers that: a run that is known exactly so already is left out. `last`: the newest batch. */
export function storeEntries(storage: DurableObjectStorage, entries: readonly LedgerEntry[], last: number): StoredMessage[] {
  if (!entries.length) return [];
  return storage.transactionSync(() => {
    watchRuns(storage.sql, entries);
    const changed = storeRuns(storage.sql, entries);
    const fresh: Batch = [];
    for (const { user, message } of entries) if (message.type !== "run" || changed.has(message.run.id)) fresh.push([user, message]);
    const found: StoredMessage[] = [];
    for (let at = 0, id = last + 1; at < fresh.length; at += BATCH, id++)
      found.push(...storeBatch(storage.sql, id, fresh.slice(at, at + BATCH)));
    return found;
  });
}

/** One statement for all runs of a batch. The ids of those that were not known exactly so. */
function storeRuns(sql: SqlStorage, entries: readonly LedgerEntry[]): Set<string> {
  const runs = entries.flatMap(({ user, message }) => (message.type === "run" ? [{ user, run: message.run }] : []));
  if (!runs.length) return new Set();
  const text = `INSERT INTO run (id, user, integration, flow, block, status, tasks, accepted, body)
     SELECT run ->> 'id', user, run ->> 'integration', run ->> 'flow', run ->> 'block', run ->> 'status', run ->> 'tasks', run ->> 'acceptedAt', run
     FROM (SELECT value ->> 'user' AS user, value -> 'run' AS run FROM json_each(?)) WHERE true
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, tasks = excluded.tasks, body = excluded.body WHERE body <> excluded.body
     RETURNING id`;
  const rows = sql.exec<{ id: string }>(text, JSON.stringify(runs)).toArray();
  return new Set(rows.map(({ id }) => id));
}

function storeBatch(sql: SqlStorage, id: number, batch: Batch): StoredMessage[] {
  sql.exec(
    "INSERT INTO batch (slot, id, body, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (slot) DO UPDATE SET id = ?2, body = ?3, at = ?4",
    ...[id % BATCHES_KEPT, id, JSON.stringify(batch), Date.now()],
  );
  return unpack(id, batch);
}

const unpack = (id: number, batch: Batch): StoredMessage[] =>
  batch.map(([user, message], place) => ({ id: id * PLACES + place, user, message }));

/** Forgets runs that ended and were accepted before `accepted` (ISO 8601). */
export function forgetRuns(sql: SqlStorage, accepted: string): void {
  sql.exec("DELETE FROM run WHERE accepted < ? AND status IN ('succeeded', 'failed', 'stopped', 'canceled')", accepted);
}

/** The number of the newest batch, 0 where there was none. */
export const lastBatchId = (sql: SqlStorage): number => sql.exec<{ id: number }>("SELECT coalesce(max(id), 0) AS id FROM batch").one().id;

/** The number of the newest batch that came before `time` (ms since epoch), 0 where there is none. */
export const batchBefore = (sql: SqlStorage, time: number): number =>
  sql.exec<{ id: number }>("SELECT coalesce(max(id), 0) AS id FROM batch WHERE at < ?", time).one().id;

/** The batch of a message. */
export const batchOf = (message: number): number => Math.floor(message / PLACES);

/** An id behind which the messages of all batches after `batch` stand; 0 where there was none. */
export const endOfBatch = (batch: number): number => (batch === 0 ? 0 : batch * PLACES + PLACES - 1);

/** Whether a stream of `reader` shows what `user` may see; null: everybody. */
export const isFor = (reader: string, user: string | null): boolean => user === null || reader === MEMBERS || user === reader;

/** What `user` has missed since message `after`, as far as it is kept. */
export function messagesSince(sql: SqlStorage, user: string, after: number): StoredMessage[] {
  return sql
    .exec<{ id: number; body: string }>("SELECT id, body FROM batch WHERE id >= ? ORDER BY id", batchOf(after))
    .toArray()
    .flatMap((row) => unpack(row.id, JSON.parse(row.body) as Batch))
    .filter((one) => one.id > after && isFor(user, one.user));
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
  for (const column of ["user", "flow", "status", "block"] as const) {
    const value = filter[column];
    if (value !== undefined) add(`${column} = ?`, value);
  }
  if (filter.integration !== undefined) {
    const range = `run_${filter.integration.slice(4)}_`;
    add("id >= ? AND id < ?", range, `${range}~`);
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

/** Whether run `id` is in the index. */
export const isIndexed = (sql: SqlStorage, id: string): boolean => sql.exec("SELECT 1 FROM run WHERE id = ?", id).toArray().length > 0;

/** The newest run of an integration. */
export interface LastRun {
  id: string;
  status: Run["status"];
  acceptedAt: string;
}

/** By integration; those that have no run are left out. Ids of runs grow with time. */
export function lastRuns(sql: SqlStorage, integrations: readonly string[]): Record<string, LastRun> {
  const found: Record<string, LastRun> = {};
  for (const integration of integrations) {
    const range = `run_${integration.slice(4)}_`;
    const [last] = sql
      .exec<{ id: string; status: Run["status"]; acceptedAt: string }>(
        "SELECT id, status, accepted AS acceptedAt FROM run WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1",
        ...[range, `${range}~`],
      )
      .toArray();
    if (last) found[integration] = last;
  }
  return found;
}
