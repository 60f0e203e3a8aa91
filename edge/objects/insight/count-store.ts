// Runs counted by what became of them. A minute is counted once, a while after it is over, from the ledger's index of runs; what had not
// ended then is remembered and counted when it has. So no run writes for itself, and ranges older than the index can still be told.
import type { Counts } from "../../../shared/api/workspace-error.ts";
import { runIdOf, runTime } from "../integration/rpc.ts";

export const COUNT_STEPS = [
  `CREATE TABLE count_hour (hour INTEGER NOT NULL, status TEXT NOT NULL, runs INTEGER NOT NULL, tasks INTEGER NOT NULL, ms INTEGER NOT NULL,
     PRIMARY KEY (hour, status)) WITHOUT ROWID;
   CREATE TABLE count_block (day INTEGER NOT NULL, flow TEXT NOT NULL, block TEXT NOT NULL, status TEXT NOT NULL, runs INTEGER NOT NULL,
     tasks INTEGER NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (day, flow, block, status)) WITHOUT ROWID;
   CREATE INDEX count_block_flow ON count_block (flow, day);
   CREATE TABLE count_user (day INTEGER NOT NULL, user TEXT NOT NULL, status TEXT NOT NULL, runs INTEGER NOT NULL, tasks INTEGER NOT NULL,
     ms INTEGER NOT NULL, PRIMARY KEY (day, user, status)) WITHOUT ROWID;
   CREATE TABLE count_late (run TEXT PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE count_until (one INTEGER PRIMARY KEY CHECK (one = 1), hour INTEGER NOT NULL);`,
  `ALTER TABLE count_until RENAME COLUMN hour TO minute;
   UPDATE count_until SET minute = minute * 60;`,
  // What an integration has done in all. Of the time before there was this table: what the index still knows.
  `CREATE TABLE count_integration (integration TEXT PRIMARY KEY, tasks INTEGER NOT NULL) WITHOUT ROWID;
   INSERT INTO count_integration SELECT integration, sum(tasks) FROM run
     WHERE status IN ('succeeded', 'failed', 'stopped', 'canceled') AND id NOT IN (SELECT run FROM count_late)
       AND unixepoch(accepted) / 60 < (SELECT minute FROM count_until) GROUP BY integration;`,
];

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
const HOURS_A_DAY = 24;
const MINUTES_AN_HOUR = 60;
/** A minute is counted this long (ms) after its end: most of its runs have ended and been told of by then. */
const SETTLE = 300_000;

const isoOf = (minute: number) => new Date(minute * MINUTE).toISOString();
const MS = `CAST(round(coalesce((julianday(json_extract(body, '$.endedAt')) - julianday(json_extract(body, '$.startedAt'))) * 86400000, 0)) AS INTEGER)`;
const HOUR_OF = `(unixepoch(accepted) / 3600)`;
const ENDED = "status IN ('succeeded', 'failed', 'stopped', 'canceled')";

/** Adds the ended runs that `where` takes, to all counts. */
function add(sql: SqlStorage, where: string, ...values: SqlStorageValue[]): void {
  const sums = `count(*), sum(tasks), sum(${MS}) FROM run WHERE ${ENDED} AND ${where}`;
  const more = "runs = runs + excluded.runs, tasks = tasks + excluded.tasks, ms = ms + excluded.ms";
  sql.exec(
    `INSERT INTO count_hour SELECT ${HOUR_OF}, status, ${sums} GROUP BY 1, 2 ON CONFLICT (hour, status) DO UPDATE SET ${more}`,
    ...values,
  );
  sql.exec(
    `INSERT INTO count_block SELECT ${HOUR_OF} / 24, flow, block, status, ${sums} GROUP BY 1, 2, 3, 4
     ON CONFLICT (day, flow, block, status) DO UPDATE SET ${more}`,
    ...values,
  );
  sql.exec(
    `INSERT INTO count_user SELECT ${HOUR_OF} / 24, coalesce(user, ''), status, ${sums} GROUP BY 1, 2, 3
     ON CONFLICT (day, user, status) DO UPDATE SET ${more}`,
    ...values,
  );
  sql.exec(
    `INSERT INTO count_integration SELECT integration, sum(tasks) FROM run WHERE ${ENDED} AND ${where} GROUP BY 1
     ON CONFLICT (integration) DO UPDATE SET tasks = tasks + excluded.tasks`,
    ...values,
  );
}

/** Counts the minutes that are over by `now`, at most `limit` of them, and what has ended since of earlier ones. Answers the minute up to which all is counted. */
export function settle(storage: DurableObjectStorage, now: number, limit = Number.POSITIVE_INFINITY): number {
  return storage.transactionSync(() => {
    const { sql } = storage;
    const [until] = sql.exec<{ minute: number }>("SELECT minute FROM count_until").toArray();
    const [oldest] = sql.exec<{ minute: number | null }>("SELECT unixepoch(min(accepted)) / 60 AS minute FROM run").toArray();
    const end = Math.floor((now - SETTLE) / MINUTE);
    const start = until?.minute ?? oldest?.minute ?? end;
    // CROSS JOIN: from the few that are late, never through all runs.
    const late = sql.exec<{ run: string }>(`SELECT l.run FROM count_late l CROSS JOIN run r ON r.id = l.run WHERE r.${ENDED}`).toArray();
    for (const { run } of late) {
      add(sql, "id = ?", run);
      sql.exec("DELETE FROM count_late WHERE run = ?", run);
    }
    const to = Math.min(end, start + limit);
    if (to <= start && until) return start;
    const within = "accepted >= ? AND accepted < ?";
    add(sql, within, isoOf(start), isoOf(to));
    sql.exec(`INSERT OR IGNORE INTO count_late SELECT id FROM run WHERE ${within} AND NOT ${ENDED}`, isoOf(start), isoOf(to));
    sql.exec("INSERT INTO count_until (one, minute) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET minute = ?1", to);
    return to;
  });
}

/** The minute up to which everything is counted, 0 at first. */
export const settledMinute = (sql: SqlStorage): number =>
  sql.exec<{ minute: number }>("SELECT minute FROM count_until").toArray()[0]?.minute ?? 0;

/** A run that the ledger is told of only after its minute was counted is remembered, and counted with the next one. Called before it is stored. */
export function noteLate(sql: SqlStorage, run: string): void {
  sql.exec("INSERT OR IGNORE INTO count_late SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM run WHERE id = ?1)", run);
}

/** Tasks of all runs of each integration that have ended, also of those that are forgotten: what is settled, and the few minutes since. */
export function countTasks(sql: SqlStorage, integrations: readonly string[]): Map<string, number> {
  const since = settledMinute(sql);
  // A minute earlier, for a run's id is made a moment before it is accepted.
  const first = runTime(Math.max(0, since - 1) * MINUTE);
  return new Map(
    integrations.map((integration) => {
      const { tasks } = sql
        .exec<{ tasks: number }>(
          `SELECT coalesce((SELECT tasks FROM count_integration WHERE integration = ?1), 0)
             + coalesce((SELECT sum(tasks) FROM run WHERE id >= ?2 AND id < ?3 AND accepted >= ?4 AND ${ENDED}), 0) AS tasks`,
          ...[integration, runIdOf(integration, first), runIdOf(integration, "~"), isoOf(since)],
        )
        .one();
      return [integration, tasks];
    }),
  );
}

/** A range in whole hours since epoch, `to` exclusive; what of it is not settled is counted from the index. */
export interface CountQuery {
  from: number;
  to: number;
  unit: "hour" | "day";
  by?: "flow" | "block" | "user";
  flow?: string;
  /** `usr_…`: totals and series of this user alone, by days; no items. */
  user?: string;
  limit: number;
}

type Row = { k: string | number; status: string; runs: number; tasks: number; ms: number };

/** Runs of a range: in all, by time, and by flow, block or user. Days where `by` or `flow` is given. */
export function countRuns(
  sql: SqlStorage,
  query: CountQuery,
): { totals: Counts; series: { at: string; counts: Counts }[]; items: { key: string; counts: Counts }[] } {
  const settled = settledMinute(sql);
  const step = query.unit === "day" || query.flow !== undefined || query.user !== undefined ? HOURS_A_DAY : 1;
  const time = collect([...settledByTime(sql, query, step), ...liveRows(sql, query, settled, `${HOUR_OF} / ${step}`)]);
  const series = [...time.entries()]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([k, counts]) => ({ at: isoOf(Number(k) * step * MINUTES_AN_HOUR), counts }));
  const items =
    query.by && query.user === undefined
      ? [...byKey(sql, query, settled, query.by).entries()].map(([key, counts]) => ({ key, counts }))
      : [];
  items.sort((a, b) => b.counts.runs - a.counts.runs);
  return { totals: sumOf(series.map(({ counts }) => counts)), series, items: items.slice(0, query.limit) };
}

function settledByTime(sql: SqlStorage, { from, to, flow, user }: CountQuery, step: number): Row[] {
  const sums = "status, sum(runs) AS runs, sum(tasks) AS tasks, sum(ms) AS ms";
  if (user !== undefined) {
    const first = Math.floor(from / HOURS_A_DAY);
    const days = Array.from({ length: Math.ceil(to / HOURS_A_DAY) - first }, (_, day) => first + day);
    // Day by day, so that each is one look into the key instead of a way through everybody's counts.
    return sql
      .exec<Row>(
        `SELECT day AS k, ${sums} FROM json_each(?) d CROSS JOIN count_user c ON c.day = d.value AND c.user = ? GROUP BY 1, 2`,
        ...[JSON.stringify(days), user],
      )
      .toArray();
  }
  if (flow !== undefined)
    return sql
      .exec<Row>(
        `SELECT day AS k, ${sums} FROM count_block WHERE flow = ? AND day >= ? AND day < ? GROUP BY 1, 2`,
        ...[flow, Math.floor(from / HOURS_A_DAY), Math.ceil(to / HOURS_A_DAY)],
      )
      .toArray();
  return sql
    .exec<Row>(`SELECT hour / ${step} AS k, ${sums} FROM count_hour WHERE hour >= ? AND hour < ? GROUP BY 1, 2`, from, to)
    .toArray();
}

const KEYS = { flow: "flow", block: "flow || '/' || block", user: "user" };
/** What rows of one key share: grouping by columns makes no text of each row. */
const COLUMNS = { flow: "flow", block: "flow, block", user: "user" };

function byKey(sql: SqlStorage, query: CountQuery, settled: number, by: "flow" | "block" | "user"): Map<string, Counts> {
  const { from, to, flow } = query;
  const [table, key] = [by === "user" ? "count_user" : "count_block", KEYS[by]];
  const isOfFlow = by !== "user" && flow !== undefined;
  const rows = sql
    .exec<Row>(
      `SELECT ${key} AS k, status, sum(runs) AS runs, sum(tasks) AS tasks, sum(ms) AS ms FROM ${table}
       WHERE ${isOfFlow ? "flow = ? AND " : ""}day >= ? AND day < ? GROUP BY ${COLUMNS[by]}, status`,
      ...[...(isOfFlow ? [flow] : []), Math.floor(from / HOURS_A_DAY), Math.ceil(to / HOURS_A_DAY)],
    )
    .toArray();
  const { flow: _, ...ofAll } = query;
  return collect([...rows, ...liveRows(sql, isOfFlow ? query : ofAll, settled, by === "user" ? "coalesce(user, '')" : key)]) as Map<
    string,
    Counts
  >;
}

function liveRows(sql: SqlStorage, { from, to, flow, user }: CountQuery, settled: number, key: string): Row[] {
  const [start, end] = [Math.max(from * MINUTES_AN_HOUR, settled), to * MINUTES_AN_HOUR];
  if (start >= end) return [];
  const only = [...(flow === undefined ? [] : [["flow", flow] as const]), ...(user === undefined ? [] : [["user", user] as const])];
  return sql
    .exec<Row>(
      `SELECT ${key} AS k, status, count(*) AS runs, sum(tasks) AS tasks, sum(${MS}) AS ms FROM run
       WHERE ${ENDED} AND accepted >= ? AND accepted < ? ${only.map(([name]) => `AND ${name} = ?`).join(" ")} GROUP BY 1, 2`,
      ...[isoOf(start), isoOf(end), ...only.map(([, value]) => value)],
    )
    .toArray();
}

const NONE = { runs: 0, succeeded: 0, failed: 0, stopped: 0, canceled: 0, tasks: 0, ms: 0 };
type Sum = typeof NONE;
const STATUSES = ["succeeded", "failed", "stopped", "canceled"] as const;

const toCounts = ({ ms, ...rest }: Sum): Counts => ({ ...rest, averageMs: rest.runs ? Math.round(ms / rest.runs) : null });

function collect(rows: readonly Row[]): Map<string | number, Counts> {
  const sums = new Map<string | number, Sum>();
  for (const { k, status, runs, tasks, ms } of rows) {
    const sum = sums.get(k) ?? { ...NONE };
    const name = STATUSES.find((one) => one === status);
    sum.runs += runs;
    if (name) sum[name] += runs;
    sum.tasks += tasks;
    sum.ms += ms;
    sums.set(k, sum);
  }
  return new Map([...sums].map(([key, sum]) => [key, toCounts(sum)]));
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = { ...NONE };
  for (const one of all) {
    for (const name of ["runs", ...STATUSES, "tasks"] as const) sum[name] += one[name];
    sum.ms += (one.averageMs ?? 0) * one.runs;
  }
  return toCounts(sum);
}
