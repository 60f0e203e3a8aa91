// What the object's modules share: its stores, its clock, its ids.
import type { Effect, EffectContext, EffectResult } from "../../engine/deps.ts";
import type { Env } from "../../env.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { CommitGroup } from "./commit-group.ts";
import { ConfigStore, type OpenConfig } from "./config-store.ts";
import { Deadlines } from "./deadlines.ts";
import { HookStore } from "./hook-store.ts";
import { LiveRuns } from "./live-runs.ts";
import { MetaStore } from "./meta-store.ts";
import { PollStore } from "./poll-store.ts";
import { QuotaStore } from "./quota-store.ts";
import { runIdOf, runTime } from "./rpc.ts";
import { RunStore } from "./run-store.ts";
import { SCHEMA } from "./schema.ts";
import { SlotStore } from "./slot-store.ts";
import { StateStore } from "./state-store.ts";

/** Does an effect outside. Never rejects. */
export type PerformEffect = (env: Env, open: OpenConfig, effect: Effect, context: EffectContext) => Promise<EffectResult>;

export interface Parts {
  env: Env;
  perform: PerformEffect;
  meta: MetaStore;
  configs: ConfigStore;
  runs: RunStore;
  live: LiveRuns;
  hooks: HookStore;
  slots: SlotStore;
  polls: PollStore;
  state: StateStore;
  quotas: QuotaStore;
  deadlines: Deadlines;
  commits: CommitGroup;
  /** ms since epoch */
  now(): number;
  /** An id for a run of `integration`; later ones sort behind. */
  newRunId(integration: string): string;
  /** Everything that `work` writes is committed together, or nothing where it throws. */
  transaction<T>(work: () => T): T;
}

/** Opens the stores over the object's storage, brought to the newest schema. */
export function openParts(storage: DurableObjectStorage, env: Env, perform: PerformEffect): Parts {
  migrateSqlite(storage, SCHEMA);
  const { sql } = storage;
  const meta = new MetaStore(sql);
  const commits = new CommitGroup();
  const runs = new RunStore(sql, meta, commits);
  let last = timeAfter(sql);
  let count = 0;
  const chance = new Uint16Array(64);
  let at = chance.length;
  return {
    env,
    perform,
    meta,
    configs: new ConfigStore(sql, meta, env),
    runs,
    live: new LiveRuns(),
    hooks: new HookStore(sql),
    slots: new SlotStore(sql),
    polls: new PollStore(sql),
    state: new StateStore(sql),
    quotas: new QuotaStore(sql),
    deadlines: new Deadlines(),
    commits,
    now: () => Date.now(),
    newRunId(integration) {
      const now = Math.max(Date.now(), last);
      count = now === last ? count + 1 : 0;
      last = now;
      if (at === chance.length) crypto.getRandomValues(chance);
      at %= chance.length;
      const random = chance[at++] ?? 0;
      return runIdOf(integration, runTime(now) + count.toString(36).padStart(4, "0") + random.toString(36).padStart(4, "0"));
    },
    transaction(work) {
      const since = runs.changes;
      try {
        return storage.transactionSync(work);
      } catch (error) {
        runs.revert(since, Date.now());
        throw error;
      }
    },
  };
}

/** A time (ms) behind which no run of an earlier life sorts, also where that one's clock was ahead of this one's. */
function timeAfter(sql: SqlStorage): number {
  const [newest] = sql.exec<{ id: string }>("SELECT id FROM run ORDER BY id DESC LIMIT 1").toArray();
  const unique = newest?.id.slice(newest.id.lastIndexOf("_") + 1, -8) ?? "";
  return unique === "" ? 0 : Number.parseInt(unique, 36) + 1;
}
