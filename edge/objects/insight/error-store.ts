// Errors of a workspace, in its ledger's database. A failed run is an error until it is resolved: by a member, by a retry that ends as its
// flow means it to (`succeeded`, `stopped`; a canceled one leaves it open), or, where a block starts by the clock or by hand, by the next run of it that does. Webhooks and events stand for themselves.

import type { Run } from "../../../shared/api/run.ts";
import type { ErrorFilter, ErrorGroup, FailedRun } from "../../../shared/api/workspace-error.ts";
import { groupId, patternOf, stepOf } from "./error-pattern.ts";

export const ERROR_STEPS = [
  `CREATE TABLE error_group (
     id TEXT PRIMARY KEY, flow TEXT NOT NULL, block TEXT NOT NULL, step TEXT, class TEXT NOT NULL, code TEXT NOT NULL,
     pattern TEXT NOT NULL, message TEXT NOT NULL, open INTEGER NOT NULL, total INTEGER NOT NULL,
     first TEXT NOT NULL, last TEXT NOT NULL, assignee TEXT, tags TEXT NOT NULL DEFAULT '[]'
   ) WITHOUT ROWID;
   CREATE INDEX error_group_open ON error_group (last DESC, id) WHERE open > 0;
   CREATE INDEX error_group_done ON error_group (last DESC, id) WHERE open = 0;
   CREATE INDEX error_group_flow ON error_group (flow, open) WHERE open > 0;
   CREATE TABLE failed (
     run TEXT PRIMARY KEY, grp TEXT NOT NULL, integration TEXT NOT NULL, user TEXT, thing TEXT, at TEXT NOT NULL, message TEXT NOT NULL,
     open INTEGER NOT NULL, resolved_by TEXT, resolved_at TEXT, retry TEXT
   ) WITHOUT ROWID;
   CREATE INDEX failed_group ON failed (grp, open, at DESC, run);
   CREATE INDEX failed_thing ON failed (thing) WHERE open = 1 AND thing IS NOT NULL;
   CREATE INDEX failed_at ON failed (at);
   CREATE INDEX failed_retry ON failed (retry) WHERE open = 1 AND retry IS NOT NULL;`,
];

const OVER = new Set<Run["status"]>(["succeeded", "failed", "stopped", "canceled"]);
/** What a flow's `stop` ends is done as the flow means it: no error is left. */
const ENDS_WELL = new Set<Run["status"]>(["succeeded", "stopped"]);
/** Triggers whose next run does the same thing again. */
const REPEATING = new Set<Run["trigger"]["type"]>(["schedule", "lifecycle", "manual"]);
const MESSAGE = 2_000;
/** For so long (ms) after runs were given out to be tried again, the ledger may not know of the retries. */
const CLAIM = 10_000;

const thingOf = (run: Run): string | null => (REPEATING.has(run.trigger.type) ? `${run.integration}/${run.block}` : null);

/** What open errors wait for, in memory, so that a run that succeeds costs no look into the database. */
export class ErrorStore {
  readonly #sql: SqlStorage;
  readonly #things = new Set<string>();
  readonly #retries = new Set<string>();
  /** Runs that were given out to be tried again, and when. */
  readonly #claimed = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const { thing } of sql.exec<{ thing: string }>("SELECT DISTINCT thing FROM failed WHERE open = 1 AND thing IS NOT NULL"))
      this.#things.add(thing);
    for (const { retry } of sql.exec<{ retry: string }>("SELECT retry FROM failed WHERE open = 1 AND retry IS NOT NULL"))
      this.#retries.add(retry);
  }

  /** Takes what the ledger was told of runs. Telling it twice changes nothing. */
  note(user: string | null, run: Run): void {
    if (!OVER.has(run.status)) return;
    if (run.status === "failed") {
      this.#fail(user, run);
      // It stands for the run that it has tried again: one thing that went wrong is one open error, however often it is tried.
      if (this.#retries.delete(run.id)) this.#resolve("retry = ?", [run.id], "again", run.endedAt);
    }
    if (ENDS_WELL.has(run.status) && this.#retries.delete(run.id)) this.#resolve("retry = ?", [run.id], "retry", run.endedAt);
    if (run.status !== "succeeded") return;
    const thing = thingOf(run);
    if (thing !== null && this.#things.has(thing)) {
      this.#resolve("thing = ? AND at <= ?", [thing, run.endedAt ?? run.acceptedAt], "success", run.endedAt);
      if (!this.#exists("thing = ?", thing)) this.#things.delete(thing);
    }
  }

  #exists(where: string, value: string): boolean {
    return this.#sql.exec(`SELECT 1 FROM failed WHERE open = 1 AND ${where} LIMIT 1`, value).toArray().length > 0;
  }

  #fail(user: string | null, run: Run): void {
    const { code = "failed", class: kind = "internal", step: path } = run.error ?? {};
    const message = (run.error?.message ?? run.reason ?? "The run failed").slice(0, MESSAGE);
    const step = path === undefined ? null : stepOf(path);
    const pattern = patternOf(message);
    const id = groupId([run.flow, run.block, step, kind, code, pattern]);
    const thing = thingOf(run);
    const at = run.endedAt ?? run.acceptedAt;
    const isNew = this.#sql
      .exec(
        `INSERT INTO failed (run, grp, integration, user, thing, at, message, open) VALUES (?, ?, ?, ?, ?, ?, ?, 1)
         ON CONFLICT (run) DO NOTHING RETURNING 1 AS isNew`,
        ...[run.id, id, run.integration, user, thing, at, message],
      )
      .toArray().length;
    if (!isNew) return;
    if (thing !== null) this.#things.add(thing);
    this.#sql.exec(
      `INSERT INTO error_group (id, flow, block, step, class, code, pattern, message, open, total, first, last)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 1, ?9, ?9)
       ON CONFLICT (id) DO UPDATE SET open = open + 1, total = total + 1, message = ?8, last = max(last, ?9)`,
      ...[id, run.flow, run.block, step, kind, code, pattern, message, at],
    );
  }

  /** Resolves open errors; answers how many. */
  #resolve(where: string, values: SqlStorageValue[], by: string, at: string | null): number {
    const rows = this.#sql
      .exec<{ grp: string }>(
        `UPDATE failed SET open = 0, resolved_by = ?, resolved_at = ? WHERE open = 1 AND ${where} RETURNING grp`,
        ...[by, at ?? new Date().toISOString(), ...values],
      )
      .toArray();
    for (const grp of new Set(rows.map((row) => row.grp))) this.#recount(grp);
    return rows.length;
  }

  #recount(grp: string): void {
    this.#sql.exec("UPDATE error_group SET open = (SELECT count(*) FROM failed WHERE grp = ?1 AND open = 1) WHERE id = ?1", grp);
  }

  /** A retry of a failed run has begun; where it has ended already (`status`), the error is resolved, or the retry's own takes its place. */
  noteRetry(run: string, retry: string, status: Run["status"] | undefined): void {
    const known = this.#sql.exec("UPDATE failed SET retry = ? WHERE run = ? AND open = 1 RETURNING 1 AS known", retry, run).toArray();
    if (!known.length) return;
    if (status !== undefined && ENDS_WELL.has(status)) this.#resolve("run = ?", [run], "retry", null);
    else if (status === "failed") this.#resolve("run = ?", [run], "again", null);
    else this.#retries.add(retry);
  }

  /** A member resolves a group, or some of its runs. Answers how many were open. */
  resolve(group: string, runs: readonly string[] | undefined, by: string): number {
    if (!runs) return this.#resolve("grp = ?", [group], by, null);
    return runs.reduce((sum, run) => sum + this.#resolve("grp = ? AND run = ?", [group, run], by, null), 0);
  }

  /** Opens again what members have resolved of a group. */
  reopen(group: string): void {
    this.#sql.exec(
      `UPDATE failed SET open = 1, resolved_by = NULL, resolved_at = NULL
       WHERE grp = ? AND open = 0 AND resolved_by NOT IN ('retry', 'success', 'again')`,
      group,
    );
    this.#recount(group);
    for (const { thing } of this.#sql.exec<{ thing: string }>(
      "SELECT DISTINCT thing FROM failed WHERE grp = ? AND open = 1 AND thing IS NOT NULL",
      group,
    ))
      this.#things.add(thing);
  }

  /** Whom the group is assigned to, and its tags. */
  describe(group: string, { assignee, tags }: { assignee?: string | null; tags?: string[] }): void {
    if (assignee !== undefined) this.#sql.exec("UPDATE error_group SET assignee = ? WHERE id = ?", assignee, group);
    if (tags !== undefined) this.#sql.exec("UPDATE error_group SET tags = ? WHERE id = ?", JSON.stringify(tags), group);
  }

  /** Forgets runs that failed before `at`, and groups that nothing is left of. */
  forget(at: string): void {
    const groups = new Set(
      this.#sql
        .exec<{ grp: string }>("DELETE FROM failed WHERE at < ? RETURNING grp", at)
        .toArray()
        .map(({ grp }) => grp),
    );
    for (const grp of groups) {
      this.#recount(grp);
      this.#sql.exec("DELETE FROM error_group WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM failed WHERE grp = ?1)", grp);
    }
  }

  /** Open errors by flow key. */
  openByFlow(): Record<string, number> {
    const rows = this.#sql.exec<{ flow: string; n: number }>("SELECT flow, sum(open) AS n FROM error_group WHERE open > 0 GROUP BY flow");
    return Object.fromEntries(rows.toArray().map(({ flow, n }) => [flow, n]));
  }

  listGroups(filter: GroupFilter): ErrorGroup[] {
    const where = [filter.status === "open" ? "open > 0" : "open = 0"];
    const values: SqlStorageValue[] = [];
    const add = (text: string, ...more: SqlStorageValue[]) => {
      where.push(text);
      values.push(...more);
    };
    for (const name of ["flow", "block", "class"] as const) if (filter[name] !== undefined) add(`${name} = ?`, filter[name] ?? null);
    if (filter.assignee === "nobody") add("assignee IS NULL");
    else if (filter.assignee !== undefined) add("assignee = ?", filter.assignee);
    if (filter.tag !== undefined) add("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)", filter.tag.toLowerCase());
    if (filter.search) {
      const words = filter.search.toLowerCase();
      add("(instr(lower(message), ?) > 0 OR instr(lower(pattern), ?) > 0 OR instr(lower(coalesce(step, '')), ?) > 0)", words, words, words);
    }
    if (filter.after) add("(last < ? OR (last = ? AND id > ?))", filter.after.last, filter.after.last, filter.after.id);
    const rows = this.#sql.exec<GroupRow>(
      `SELECT * FROM error_group WHERE ${where.join(" AND ")} ORDER BY last DESC, id LIMIT ?`,
      ...values,
      filter.limit,
    );
    return rows.toArray().map((row) => this.#toGroup(row));
  }

  readGroup(id: string): ErrorGroup | null {
    const [row] = this.#sql.exec<GroupRow>("SELECT * FROM error_group WHERE id = ?", id).toArray();
    return row ? this.#toGroup(row) : null;
  }

  #toGroup({ first, last, tags, ...row }: GroupRow): ErrorGroup {
    const { n } = this.#sql
      .exec<{ n: number }>(
        "SELECT count(DISTINCT integration) AS n FROM (SELECT integration FROM failed WHERE grp = ? AND open = ? LIMIT 1000)",
        row.id,
        row.open > 0 ? 1 : 0,
      )
      .one();
    return {
      ...row,
      status: row.open > 0 ? "open" : "resolved",
      integrations: n,
      firstAt: first,
      lastAt: last,
      tags: JSON.parse(tags) as string[],
    };
  }

  /** Open runs of a group that nobody is trying again, to be tried again now: whoever asks at the same time gets others. */
  claimFailed(group: string, { after, limit, now }: Omit<FailedFilter, "status"> & { now: number }): FailedRun[] {
    for (const [run, at] of this.#claimed) if (at < now - CLAIM) this.#claimed.delete(run);
    const claimed = JSON.stringify([...this.#claimed.keys()]);
    const isFree = `run NOT IN (SELECT value FROM json_each(?)) AND NOT EXISTS
      (SELECT 1 FROM run AS again WHERE again.id = failed.retry AND again.status IN ('queued', 'running', 'waiting'))`;
    const found = this.#list(group, { status: "open", limit, ...(after ? { after } : {}) }, isFree, [claimed]);
    for (const { run } of found) this.#claimed.set(run, now);
    return found;
  }

  /** Runs of a group, the latest first, behind `after`. */
  listFailed(group: string, filter: FailedFilter): FailedRun[] {
    return this.#list(group, filter);
  }

  #list(group: string, { status, after, limit }: FailedFilter, where = "TRUE", values: readonly string[] = []): FailedRun[] {
    const behind = after ? "AND (at < ? OR (at = ? AND run > ?))" : "";
    const rows = this.#sql.exec<FailedRow>(
      `SELECT * FROM failed WHERE grp = ? AND open = ? ${behind} AND ${where} ORDER BY at DESC, run LIMIT ?`,
      ...[group, status === "open" ? 1 : 0, ...(after ? [after.at, after.at, after.run] : []), ...values, limit],
    );
    return rows.toArray().map(({ run, integration, user, at, message, open, resolved_by, resolved_at, retry }) => ({
      ...{ run, integration, user, at, message, retry },
      status: open ? ("open" as const) : ("resolved" as const),
      resolvedBy: resolved_by,
      resolvedAt: resolved_at,
    }));
  }
}

export interface GroupFilter extends ErrorFilter {
  limit: number;
  after?: { last: string; id: string };
}
export interface FailedFilter {
  status: "open" | "resolved";
  limit: number;
  after?: { at: string; run: string };
}
type GroupRow = {
  id: string;
  flow: string;
  block: string;
  step: string | null;
  class: string;
  code: string;
  pattern: string;
  message: string;
  open: number;
  total: number;
  first: string;
  last: string;
  assignee: string | null;
  tags: string;
};
type FailedRow = {
  run: string;
  grp: string;
  integration: string;
  user: string | null;
  at: string;
  message: string;
  open: number;
  resolved_by: string | null;
  resolved_at: string | null;
  retry: string | null;
};
