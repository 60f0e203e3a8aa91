// Runs that have not ended, by when they should go on. Times in ms since epoch; `since`: when a run was due first, `due`: when to look next.
import type { Run } from "../../../shared/api/run.ts";
import type { LedgerEntry } from "./rpc.ts";

/** A run that is due for longer (ms) is looked after. */
export const GRACE = 60_000;
const REPORTED = "overdue";

export interface Watched {
  run: string;
  integration: string;
}

/** Notes when the run goes on; null where it has ended, or waits for somebody. */
export function watchRun(sql: SqlStorage, { id, integration }: Pick<Run, "id" | "integration">, due: number | null): void {
  if (due === null) sql.exec("DELETE FROM watch WHERE run = ?", id);
  else
    sql.exec(
      `INSERT INTO watch (run, integration, due, since) VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT (run) DO UPDATE SET due = ?3, since = ?3 WHERE due <> ?3 OR since <> ?3`,
      ...[id, integration, due],
    );
}

/** The same for all runs of a batch. */
export function watchRuns(sql: SqlStorage, entries: readonly LedgerEntry[]): void {
  const over: string[] = [];
  for (const { message, due } of entries) {
    if (message.type !== "run") continue;
    if (due === undefined || due === null) over.push(message.run.id);
    else watchRun(sql, message.run, due);
  }
  if (over.length) sql.exec("DELETE FROM watch WHERE run IN (SELECT value FROM json_each(?))", JSON.stringify(over));
}

/** Runs that are due for longer than they should, the oldest first. */
export function overdueRuns(sql: SqlStorage, now: number, limit: number): Watched[] {
  return sql
    .exec<Watched & Record<string, string>>("SELECT run, integration FROM watch WHERE due <= ? ORDER BY due LIMIT ?", now - GRACE, limit)
    .toArray();
}

/** The run was looked after and is still due: it is looked at again after a while. */
export function lookAgain(sql: SqlStorage, run: string, now: number): void {
  sql.exec("UPDATE watch SET due = ? WHERE run = ?", now, run);
}

/** How many runs are overdue, and since when the oldest is due. */
export function countOverdue(sql: SqlStorage, now: number): { runs: number; since: number | null } {
  return sql
    .exec<{ runs: number; since: number | null }>("SELECT count(*) AS runs, min(since) AS since FROM watch WHERE since <= ?", now - GRACE)
    .one();
}

/** The workspace of which the catalogue was told that runs are overdue; undefined where it was not, or that none is any more. */
export function reportedFor(sql: SqlStorage): string | undefined {
  return sql.exec<{ v: string }>("SELECT v FROM memo WHERE k = ?", REPORTED).toArray()[0]?.v;
}

export function noteReported(sql: SqlStorage, workspace: string | undefined): void {
  if (workspace === undefined) sql.exec("DELETE FROM memo WHERE k = ?", REPORTED);
  else sql.exec("INSERT OR REPLACE INTO memo (k, v) VALUES (?, ?)", REPORTED, workspace);
}

/** When to look next, or undefined where nothing is watched. That runs are overdue is not said for longer than it is so. */
export function nextLook(sql: SqlStorage, now: number): number | undefined {
  const { due } = sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM watch").one();
  const times = [...(due === null ? [] : [due + GRACE]), ...(reportedFor(sql) === undefined ? [] : [now + GRACE / 4])];
  return times.length ? Math.min(...times) : undefined;
}
