// Reading, and forgetting, what stands in the tables of runs and their journals. That a run is driven stands in none of them.
import type { RunStatus } from "../../../shared/api/run.ts";
import type { TriggerType } from "../../../shared/flow/trigger.ts";
import type { RunFilter } from "./rpc.ts";
import type { StoredEntry } from "./run-journal.ts";
import { NEVER } from "./run-queue.ts";

export interface RunRow {
  [column: string]: SqlStorageValue;
  id: string;
  block: string;
  type: TriggerType;
  status: RunStatus;
  wake: number;
  part: string;
  config: number;
  /** The run whose id stands in effect keys: itself, or the first attempt. */
  origin: string;
  tasks: number;
  crashes: number;
  accepted: number;
  started: number | null;
  ended: number | null;
  /** Ids of the accounts that it waits for, with spaces between them. */
  account: string | null;
  reason: string | null;
  /** `reason` by its code, as JSON. */
  why: string | null;
  /** 1: somebody started it. */
  hand: number;
  error: string | null;
  input: string;
  state: string | null;
  output: string | null;
  trace: string | null;
  /** Journal entries that were stored with the run's end. */
  journal: string | null;
}

export const selectRun = (sql: SqlStorage, id: string): RunRow | undefined =>
  sql.exec<RunRow>("SELECT * FROM run WHERE id = ?", id).toArray()[0];

/** A page of runs, newest first. `driven`: ids of those that count as running, whatever their rows say. */
export function listRuns(
  sql: SqlStorage,
  { status, block, from, to, limit = 50, cursor }: RunFilter,
  driven: readonly string[],
): { rows: RunRow[]; next: string | null } {
  const size = Math.min(Math.max(1, limit), 200);
  const isDriven = "id IN (SELECT value FROM json_each(?7))";
  const rows = sql
    .exec<RunRow>(
      `SELECT * FROM run WHERE id < ?1 AND (?2 IS NULL OR CASE WHEN ${isDriven} THEN ?2 = 'running' ELSE status = ?2 END)
       AND (?3 IS NULL OR block = ?3) AND accepted >= ?4 AND accepted <= ?5 ORDER BY id DESC LIMIT ?6`,
      ...[cursor ?? "s", status ?? null, block ?? null, readTime(from, 0), readTime(to, NEVER), size + 1, JSON.stringify(driven)],
    )
    .toArray();
  return { rows: rows.slice(0, size), next: rows.length > size ? (rows[size - 1]?.id ?? null) : null };
}

/** The newest run of each block, among the newest 2,000. */
export const newestRuns = (sql: SqlStorage): RunRow[] =>
  sql.exec<RunRow>("SELECT *, max(id) FROM (SELECT * FROM run ORDER BY id DESC LIMIT 2000) GROUP BY block").toArray();

/** All stored entries of a run: those of the table, and what stands in its own row. */
export function entriesOf(sql: SqlStorage, { id, journal }: RunRow): StoredEntry[] {
  const rows = sql.exec<{ body: string }>("SELECT body FROM journal WHERE run = ?", id).toArray();
  const entries = rows.map(({ body }) => JSON.parse(body) as StoredEntry);
  return journal === null ? entries : [...entries, ...(JSON.parse(journal) as StoredEntry[])];
}

/** One stored entry, without reading the others. */
export function readEntry(sql: SqlStorage, run: string, path: string): StoredEntry | undefined {
  const [stored] = sql.exec<{ body: string }>("SELECT body FROM journal WHERE run = ? AND path = ?", run, path).toArray();
  if (stored) return JSON.parse(stored.body) as StoredEntry;
  const own = sql.exec<{ journal: string | null }>("SELECT journal FROM run WHERE id = ?", run).toArray()[0]?.journal;
  return (JSON.parse(own ?? "[]") as StoredEntry[]).find((entry) => entry.path === path);
}

/** When the oldest run that is kept was accepted (ms), or NEVER. */
export const oldestRun = (sql: SqlStorage): number =>
  sql.exec<{ accepted: number }>("SELECT accepted FROM run ORDER BY id LIMIT 1").toArray()[0]?.accepted ?? NEVER;

/** Forgets runs that ended before `ended`, dedupe keys and slots before `seen`. */
export function purgeRuns(sql: SqlStorage, ended: number, seen: number): void {
  sql.exec("DELETE FROM journal WHERE run IN (SELECT id FROM run WHERE ended < ?)", ended);
  sql.exec("DELETE FROM run WHERE ended < ?", ended);
  sql.exec("DELETE FROM dedupe WHERE at < ?", seen);
  sql.exec("DELETE FROM slot_log WHERE due < ?", ended);
}

function readTime(text: string | undefined, fallback: number): number {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? fallback : time;
}
