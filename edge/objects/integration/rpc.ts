// What the rest of the edge may ask of an IntegrationObject. Everything here crosses RPC: plain data only.
import type { Attention, IntegrationBlock } from "../../../shared/api/integration.ts";
import type { List } from "../../../shared/api/list.ts";
import type { FieldProblem } from "../../../shared/api/problem.ts";
import type { Run, RunDetail, RunRepeat, StepRun } from "../../../shared/api/run.ts";
import type { Slot } from "../../../shared/api/slot.ts";
import type { AppFile } from "../../../shared/flow/app-file.ts";
import type { FlowFile } from "../../../shared/flow/flow-file.ts";
import type { Change, OwedChange } from "../../db/schema.ts";

/** The user that an integration belongs to; `user` in expressions is this without `ref` and `revision`. */
export interface ConfigUser {
  /** `usr_…` */
  ref: string;
  /** The host's own id. */
  id: string;
  org: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  attributes: Record<string, unknown>;
  /** Counts changes of the rest; 0 where it is left out. */
  revision?: number;
}

/** Everything that an integration's runs need, pinned at the last write. Runs keep the one that they began with. */
export interface IntegrationConfig {
  id: string;
  workspace: string;
  user: ConfigUser;
  name: string;
  version: number;
  flow: FlowFile;
  /** App files by app key, for every app that an account slot names. */
  apps: Record<string, AppFile>;
  /** Account ids by slot. */
  accounts: Record<string, string>;
  /** Setup values by field key, defaults filled in; secret fields hold sealed text (`security/seal.ts`), named in `secretFields`. */
  values: Record<string, unknown>;
  secretFields: string[];
  /** Workspace variables. */
  env: Record<string, string>;
  /** Origin of the edge, for webhook addresses. */
  publicUrl: string;
  enabled: boolean;
}

/** The integration as its object sees it. */
export interface IntegrationState {
  enabled: boolean;
  attention: Attention[];
  blocks: IntegrationBlock[];
}

/** An HTTP call from outside, body as text (UTF-8, at most 1 MB, checked by the route). */
export interface IncomingRequest {
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: string;
}

export interface OutgoingResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Why something was not accepted. `status` is the HTTP status that fits, `message` says what to do. */
export interface Refusal {
  ok: false;
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 503;
  code: string;
  message: string;
  retryAfter?: number;
  /** The method that would be taken, with 405. */
  allow?: string;
  /** What is wrong with which input. */
  errors?: FieldProblem[];
}

export type Accepted = { ok: true; run: string; duplicate: boolean; response?: OutgoingResponse };

/** When a run goes on by itself (ms; null: it has ended, or waits for somebody), and whether it is due but others hold it up. */
export interface WatchedRun {
  run: string;
  due: number | null;
  isHeld: boolean;
}

export interface RunFilter {
  status?: string;
  block?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
}

/** Which due times to list: `from` and `to` in ms, `to` exclusive; `after` is the last one of the page before. */
export interface SlotFilter {
  block?: string;
  outcome?: Slot["outcome"];
  from?: number;
  to?: number;
  limit: number;
  after?: { due: number; block: string };
}

export interface IntegrationRpc {
  /**
   * Pins `config`; subscribes, unsubscribes and schedules as `enabled` and the flow's triggers ask. Calls `lifecycle` blocks. Idempotent for
   * changes with a revision: each is taken once, and none behind a later one.
   */
  configure(config: IntegrationConfig, change: Change | readonly OwedChange[]): Promise<IntegrationState>;
  /**
   * The user's profile has changed: runs accepted from now on see it, schedules and subscriptions follow it. One that is older than what is
   * known changes nothing. Null where nothing is configured (yet).
   */
  userChanged(user: ConfigUser): Promise<IntegrationState | null>;
  /** Unsubscribes at the providers, cancels runs, and deletes all that the object holds. */
  remove(): Promise<void>;
  describe(): Promise<IntegrationState>;
  /** A webhook, or an app event sent to this integration's subscription: `key` is the secret part of the address. Durable before it returns. */
  acceptHook(block: string, key: string, request: IncomingRequest): Promise<Accepted | Refusal>;
  /** An api trigger: waits for the block's answer. The route has verified the caller. */
  acceptApi(block: string, request: IncomingRequest): Promise<Accepted | Refusal>;
  /**
   * A host event. `id` makes it start at most one run a block; for block `*` (`WAITING_RUNS`) it wakes runs that wait for it. `isLast`: where
   * there is no room (429), a run is noted that has failed for that.
   */
  acceptEvent(
    block: string,
    event: { type: string; id: string; data: unknown; org: string | null; user: string | null },
    isLast?: boolean,
    taken?: number,
  ): Promise<Accepted | Refusal>;
  /** A call of an app's one webhook that is about `account`: starts the blocks that wait for such. `id` makes each start once; `isLast` as above. */
  acceptAppCall(
    account: string,
    call: { id: string; app: string; request: IncomingRequest },
    isLast?: boolean,
  ): Promise<Accepted | Refusal>;
  /** Any block, now; for `manual` and `schedule` blocks, and for call and event blocks with `input` as their trigger. */
  runNow(block: string, input: unknown, dedupe?: string): Promise<Accepted | Refusal>;
  listRuns(filter: RunFilter): Promise<List<Run>>;
  /** One run with its steps from number `from` on, as many as fit into a page. */
  readRun(run: string, from?: number): Promise<RunDetail | null>;
  /** One step of a run, whole. */
  readStep(run: string, path: string): Promise<StepRun | null>;
  /** How due times of schedules and polls ended, latest first. */
  listSlots(filter: SlotFilter): Promise<List<Slot>>;
  cancelRun(run: string): Promise<Run | null>;
  /** A new attempt of a finished run: steps before `from` keep their journal. */
  retryRun(run: string, options: { from?: string; input?: unknown }): Promise<Accepted | Refusal>;
  /** What {@link retryRun} would repeat. */
  planRepeat(run: string, options: { from?: string; input?: unknown }): Promise<{ ok: true; plan: RunRepeat } | Refusal>;
  /**
   * Called before `account` is removed, while there still are credentials: ends its subscriptions at the provider, as far as that lets
   * us, and notes that the integration needs another account.
   */
  accountRemoving(account: string): Promise<IntegrationState>;
  /** Called by AccountObject's owner after a reconnect: runs held for `account` go on, and its subscriptions are made anew. */
  accountRestored(account: string): Promise<void>;
  /** `account` was not connected again in time: runs held for it take it up once more, and are told so. */
  accountLapsed(account: string): Promise<void>;
  /** Resumes what is due; the sweep calls it where an alarm may have been lost. */
  poke(): Promise<void>;
  /** The same, where the ledger finds runs overdue: when each goes on (ms since epoch), null where it has ended or waits for somebody. */
  watch(runs: string[]): Promise<WatchedRun[]>;
}

/** `run_` + the integration's own part + `_` + a time-ordered part: the object of a run is known from its id. */
export const runIdOf = (integration: string, unique: string) => `run_${integration.slice(4)}_${unique}`;

/** A time (ms) as the ids of runs begin with it behind their integration: what is later sorts behind. */
export const runTime = (at: number) => at.toString(36).padStart(9, "0");

/** The integration of a run id, or undefined where it is not well formed. */
export function integrationOfRun(run: string): string | undefined {
  const match = /^run_([0-9a-zA-Z]+)_[0-9a-zA-Z]+$/.exec(run);
  return match ? `int_${match[1]}` : undefined;
}

/** Calls to one webhook's address, refused ones too: near what an object can take at all, so that a flood costs no more than this. */
export const HOOK_CALLS = { burst: 10_000, perMinute: 60_000 };
