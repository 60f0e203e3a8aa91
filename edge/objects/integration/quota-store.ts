import { periodOf, readQuota, type Usage } from "../../engine/quota.ts";
import type { IntegrationConfig } from "./rpc.ts";

/** What blocks with a quota have done in the period that is running. */
export class QuotaStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  read(block: string): Usage | undefined {
    return this.#sql.exec<Usage & Record<string, number>>("SELECT since, runs, tasks FROM quota WHERE block = ?", block).toArray()[0];
  }

  /** Counts `runs` and `tasks` of `key` where that block has a quota. */
  count(config: IntegrationConfig | undefined, key: string, done: { runs?: number; tasks?: number }, now: number): void {
    const quota = config?.flow.blocks.find((block) => block.key === key)?.quota;
    const limit = quota === undefined ? undefined : readQuota(quota);
    const { runs = 0, tasks = 0 } = done;
    if (!limit || runs + tasks === 0) return;
    this.#sql.exec(
      `INSERT INTO quota (block, since, runs, tasks) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (block) DO UPDATE SET since = ?2,
       runs = ?3 + CASE since WHEN ?2 THEN runs ELSE 0 END, tasks = ?4 + CASE since WHEN ?2 THEN tasks ELSE 0 END`,
      key,
      periodOf(limit.per, now),
      runs,
      tasks,
    );
  }
}
