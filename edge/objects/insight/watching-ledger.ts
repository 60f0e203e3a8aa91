import type { Run } from "../../../shared/api/run.ts";
import type { ErrorGroup, FailedRun } from "../../../shared/api/workspace-error.ts";
import type { Env } from "../../env.ts";
import { keepRunsFor } from "../keep-runs.ts";
import { LedgerObject as Ledger } from "../ledger/ledger-object.ts";
import { type LastRun, lastRuns } from "../ledger/ledger-store.ts";
import type { LedgerEntry } from "../ledger/rpc.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { COUNT_STEPS, type CountQuery, countRuns, countTasks, MINUTE, noteLate, settle, settledMinute } from "./count-store.ts";
import { ERROR_STEPS, ErrorStore, type FailedFilter, type GroupFilter } from "./error-store.ts";

/** Minutes counted in passing, so that a workspace that nobody looks at keeps its counts, and nobody waits long for them. */
const IN_PASSING = 120;
const FORGET_EVERY = 3_600_000;

/** The ledger, and what it makes of the runs that it is told of: errors, sorted and resolved, and counts. */
export class LedgerObject extends Ledger {
  readonly #errors: ErrorStore;
  #tendedAt = 0;
  #forgotAt = 0;
  /** The minute up to which runs are counted. */
  #settled: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrateSqlite(ctx.storage, ERROR_STEPS, "error_migration");
    migrateSqlite(ctx.storage, COUNT_STEPS, "count_migration");
    this.#errors = new ErrorStore(ctx.storage.sql);
    this.#settled = settledMinute(ctx.storage.sql);
  }

  override async publish(entries: LedgerEntry[]): Promise<number> {
    for (const { user, message } of entries) {
      if (message.type !== "run") continue;
      this.#errors.note(user, message.run);
      if (Date.parse(message.run.acceptedAt) < this.#settled * MINUTE) noteLate(this.ctx.storage.sql, message.run.id);
    }
    const pause = await super.publish(entries);
    this.#tend();
    return pause;
  }

  /** Once a minute: counts the minutes that are over. Once an hour: forgets errors with their runs. */
  #tend(): void {
    const now = Date.now();
    if (now - this.#tendedAt < MINUTE) return;
    this.#tendedAt = now;
    this.#settled = settle(this.ctx.storage, now, IN_PASSING);
    if (now - this.#forgotAt < FORGET_EVERY) return;
    this.#forgotAt = now;
    this.#errors.forget(new Date(now - keepRunsFor(this.env)).toISOString());
  }

  /** Open errors by flow key. */
  async openErrors(): Promise<Record<string, number>> {
    return this.#errors.openByFlow();
  }

  async listErrors(filter: GroupFilter): Promise<ErrorGroup[]> {
    return this.#errors.listGroups(filter);
  }

  async readError(id: string): Promise<ErrorGroup | null> {
    return this.#errors.readGroup(id);
  }

  async listFailed(group: string, filter: FailedFilter): Promise<FailedRun[]> {
    return this.#errors.listFailed(group, filter);
  }

  /** Open runs of a group that nobody is trying again. Whoever asks for them tries them again. */
  async claimFailed(group: string, filter: Omit<FailedFilter, "status">): Promise<FailedRun[]> {
    return this.#errors.claimFailed(group, { ...filter, now: Date.now() });
  }

  /** Changes a group as member `by`. Answers it as it was and as it is now, or null where there is none. */
  async changeError(
    id: string,
    change: { status?: "open" | "resolved"; runs?: string[]; assignee?: string | null; tags?: string[] },
    by: string,
  ): Promise<{ before: ErrorGroup; after: ErrorGroup } | null> {
    const before = this.#errors.readGroup(id);
    if (!before) return null;
    this.#errors.describe(id, change);
    if (change.status === "resolved") this.#errors.resolve(id, change.runs, by);
    if (change.status === "open") this.#errors.reopen(id);
    return { before, after: this.#errors.readGroup(id) ?? before };
  }

  /** Failed runs are being tried again: what succeeds resolves the error of the first, what fails takes its place. */
  async noteRetries(retries: { run: string; started: string }[]): Promise<void> {
    for (const { run, started } of retries) {
      const [found] = this.ctx.storage.sql.exec<{ status: Run["status"] }>("SELECT status FROM run WHERE id = ?", started).toArray();
      this.#errors.noteRetry(run, started, found?.status);
    }
  }

  /** What each of the integrations did last, and its tasks in all. */
  async workOf(integrations: string[]): Promise<Record<string, { lastRun: LastRun | null; tasks: number }>> {
    const { sql } = this.ctx.storage;
    this.#settled = settle(this.ctx.storage, Date.now());
    const [last, tasks] = [lastRuns(sql, integrations), countTasks(sql, integrations)];
    return Object.fromEntries(integrations.map((id) => [id, { lastRun: last[id] ?? null, tasks: tasks.get(id) ?? 0 }]));
  }

  /** Counts of a range of hours. */
  async countRuns(query: CountQuery): Promise<ReturnType<typeof countRuns>> {
    this.#settled = settle(this.ctx.storage, Date.now());
    return countRuns(this.ctx.storage.sql, query);
  }
}
