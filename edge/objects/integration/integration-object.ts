import { DurableObject } from "cloudflare:workers";
import type { List } from "../../../shared/api/list.ts";
import type { Run, RunDetail, RunRepeat, StepRun } from "../../../shared/api/run.ts";
import type { Slot } from "../../../shared/api/slot.ts";
import { WAITING_RUNS } from "../../../shared/flow/waited-events.ts";
import type { Change, OwedChange } from "../../db/schema.ts";
import type { Env } from "../../env.ts";
import { TokenBuckets } from "../../security/token-bucket.ts";
import { findStartable, prepareRun, refuse, storeRuns, withoutRoom } from "./accept.ts";
import { acceptApiCall, acceptNow } from "./accept-api.ts";
import { acceptHookCall, prepareAppCall } from "./accept-hook.ts";
import { compareRow } from "./compare-row.ts";
import { configure, followUser, lookAfter, openCurrent, queueLifecycle, reconcile } from "./configure.ts";
import { describeIntegration } from "./describe.ts";
import { Engine } from "./engine.ts";
import { loseAccount, regainAccount } from "./lost-accounts.ts";
import { openParts, type Parts } from "./parts.ts";
import { performEffect } from "./perform-effect.ts";
import { readRun, readStep } from "./read-run.ts";
import { planRepeat, type RetryOptions, retryRun } from "./retry-run.ts";
import {
  type Accepted,
  type ConfigUser,
  HOOK_CALLS,
  type IncomingRequest,
  type IntegrationConfig,
  type IntegrationRpc,
  type IntegrationState,
  type Refusal,
  type RunFilter,
  type SlotFilter,
  type WatchedRun,
} from "./rpc.ts";
import type { NewRun, RunRow } from "./run-store.ts";
import { dueOf, toRun } from "./run-view.ts";
import { listSlots } from "./slot-view.ts";
import { endSubscriptions } from "./subscriptions.ts";

/** Where calls are counted that know no block's key: apart, so that whoever knows the address but for the key stops nobody. */
const STRANGERS = "";

/** What a host event is known by: the inbox takes its id anew after a day, while keys are remembered for longer. */
const eventKey = ({ id }: { id: string }, taken: number): string => (taken ? `${id}@${taken}` : id);

/** One an integration: its configuration, its runs and their journals, its clock. The one writer of all of them. */
export class IntegrationObject extends DurableObject<Env> implements IntegrationRpc {
  readonly #doors = new TokenBuckets();
  #parts: Parts;
  #engine: Engine;
  #configuring: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#parts = openParts(ctx.storage, env, performEffect);
    this.#engine = this.#makeEngine();
  }

  override async alarm(): Promise<void> {
    await this.#engine.onAlarm();
  }

  async configure(config: IntegrationConfig, change: Change | readonly OwedChange[]): Promise<IntegrationState> {
    const signals = { goOn: () => this.#engine.wake(), owes: () => this.#engine.arm() };
    await this.#inTurn(() => configure(this.#parts, config, change, signals));
    this.#engine.wake();
    return describeIntegration(this.#parts);
  }

  async userChanged(user: ConfigUser): Promise<IntegrationState | null> {
    const isConfigured = await this.#inTurn(() => followUser(this.#parts, user));
    this.#engine.wake();
    return isConfigured ? describeIntegration(this.#parts) : null;
  }

  async remove(): Promise<void> {
    await this.#inTurn(async () => {
      this.#parts.commits.flush();
      if (this.#parts.configs.currentId !== undefined) {
        const open = await openCurrent(this.#parts);
        const last = await queueLifecycle(this.#parts, open, ["deleted"]);
        await this.#engine.finish(last);
        await endSubscriptions(this.#parts, open);
        this.#engine.cancelAll("The integration was removed");
        await this.#engine.publish();
      }
      this.#engine.close();
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
      this.#parts = openParts(this.ctx.storage, this.env, performEffect);
      this.#engine = this.#makeEngine();
    });
  }

  async describe(): Promise<IntegrationState> {
    return describeIntegration(this.#parts);
  }

  async acceptHook(block: string, key: string, request: IncomingRequest): Promise<Accepted | Refusal> {
    const door = this.#parts.hooks.hasKey(block, key) ? block : STRANGERS;
    const wait = this.#doors.take(door, HOOK_CALLS, Date.now());
    if (wait)
      return {
        ...refuse(429, "rate_limited", "Too many calls to this address: send this again later"),
        retryAfter: Math.ceil(wait / 1_000),
      };
    const hook = await acceptHookCall(this.#parts, block, key, request);
    if (!hook.ok) return hook;
    if (!hook.run) return { ok: true, run: "", duplicate: false };
    return hook.responds ? this.#answer(hook.run) : this.#paced(this.#queue(hook.run));
  }

  async acceptApi(block: string, request: IncomingRequest): Promise<Accepted | Refusal> {
    const call = await acceptApiCall(this.#parts, block, request);
    return call.ok ? this.#answer(call.run) : call;
  }

  async acceptEvent(
    block: string,
    event: { type: string; id: string; data: unknown; org: string | null; user: string | null },
    isLast = false,
    taken = 0,
  ): Promise<Accepted | Refusal> {
    if (block === WAITING_RUNS) {
      this.#parts.transaction(() => this.#parts.runs.signal(event, eventKey(event, taken), this.#parts.now()));
      this.#engine.wake();
      return { ok: true, run: "", duplicate: false };
    }
    const startable = await findStartable(this.#parts, block);
    if (!startable.ok) return startable;
    const { trigger } = startable.block;
    if (!("event" in trigger) || trigger.event !== event.type) return refuse(404, "not_found", "This block is not started by such events");
    return this.#queueOrNote(await prepareRun(this.#parts, startable, event, `event:${eventKey(event, taken)}`), isLast);
  }

  async acceptAppCall(
    account: string,
    call: { id: string; app: string; request: IncomingRequest },
    isLast = false,
  ): Promise<Accepted | Refusal> {
    const prepared = await prepareAppCall(this.#parts, account, call);
    if (!prepared.ok) return prepared;
    // One that has no room keeps no other from starting: whoever has started is known when the call comes again.
    const taken = await Promise.all(prepared.runs.map((run) => this.#queueOrNote(run, isLast)));
    return taken.find(({ ok }) => !ok) ?? taken[0] ?? { ok: true, run: "", duplicate: false };
  }

  async runNow(block: string, input: unknown, dedupe?: string): Promise<Accepted | Refusal> {
    const now = await acceptNow(this.#parts, block, input);
    return now.ok ? this.#queue({ ...now.run, dedupe, byHand: true }) : now;
  }

  async listRuns(filter: RunFilter): Promise<List<Run>> {
    const { rows, next } = this.#parts.runs.list(filter);
    return { items: rows.flatMap((row) => this.#toRun(row) ?? []), nextCursor: next };
  }

  async readRun(run: string, from = 0): Promise<RunDetail | null> {
    return readRun(this.#parts, run, from);
  }

  async readStep(run: string, path: string): Promise<StepRun | null> {
    return readStep(this.#parts, run, path);
  }

  async listSlots(filter: SlotFilter): Promise<List<Slot>> {
    return listSlots(this.#parts, filter);
  }

  async cancelRun(run: string): Promise<Run | null> {
    const row = this.#engine.cancel(run, "Canceled by hand", { code: "by_hand" });
    return (row && this.#toRun(row)) ?? null;
  }

  async retryRun(run: string, options: RetryOptions): Promise<Accepted | Refusal> {
    // The ledger hears of the failure before it hears that it is tried again: success resolves an error that it knows.
    if (this.#parts.runs.isUntold(run)) await this.#engine.publish();
    const retry = await retryRun(this.#parts, run, options);
    if (!retry.ok) return retry;
    this.#engine.wake(retry.run.block);
    return { ok: true, run: retry.run.id, duplicate: false };
  }

  async planRepeat(run: string, options: RetryOptions): Promise<{ ok: true; plan: RunRepeat } | Refusal> {
    return planRepeat(this.#parts, run, options);
  }

  async accountRemoving(account: string): Promise<IntegrationState> {
    await this.#inTurn(() => loseAccount(this.#parts, account));
    return describeIntegration(this.#parts);
  }

  async accountRestored(account: string): Promise<void> {
    regainAccount(this.#parts, account);
    this.#parts.runs.release(account, this.#parts.now());
    this.#engine.wake();
    if (this.#parts.configs.current?.enabled) await this.#inTurn(() => reconcile(this.#parts, account));
    this.#engine.wake();
  }

  async accountLapsed(account: string): Promise<void> {
    this.#parts.runs.release(account, this.#parts.now());
    this.#engine.wake();
  }

  async poke(): Promise<void> {
    this.#engine.wake();
  }

  async watch(runs: string[]): Promise<WatchedRun[]> {
    this.#engine.wake();
    return runs.map((run) => {
      const row = this.#parts.runs.read(run);
      return row ? { run, due: dueOf(row, this.#parts.now()), isHeld: this.#engine.isHeld(row) } : { run, due: null, isHeld: false };
    });
  }

  #makeEngine(): Engine {
    return new Engine(this.#parts, this.ctx.storage, {
      lookAfter: () => this.#inTurn(() => lookAfter(this.#parts)),
      compare: () => compareRow(this.#parts),
    });
  }

  /** Stores a run; it is driven at once, unless it is known. */
  #store(run: NewRun): Accepted | Refusal {
    const result = storeRuns(this.#parts, [run]);
    if (!result.ok) return result;
    const [stored] = result.stored;
    if (stored && !stored.duplicate) this.#engine.wake(run.block);
    return { ok: true, run: stored?.id ?? run.id, duplicate: stored?.duplicate ?? false };
  }

  #queue(run: NewRun): Promise<Accepted | Refusal> {
    return this.#engine.accept(() => this.#store(run));
  }

  /** Where there is no room for `run`, and it does not come again (`isLast`), it is noted as failed. */
  async #queueOrNote(run: NewRun, isLast: boolean): Promise<Accepted | Refusal> {
    const taken = await this.#queue(run);
    return isLast && !taken.ok && taken.status === 429 ? this.#queue(withoutRoom(run, taken)) : taken;
  }

  /** The answer, held back where senders outrun the work. */
  async #paced(queued: Promise<Accepted | Refusal>): Promise<Accepted | Refusal> {
    const answer = await queued;
    if (answer.ok) await this.#engine.pace();
    return answer;
  }

  async #answer(run: NewRun): Promise<Accepted | Refusal> {
    const { accepted, response } = await this.#engine.accept(() => {
      const accepted = this.#store(run);
      return { accepted, response: accepted.ok ? this.#engine.answerOf(accepted.run, run.block, accepted.duplicate) : undefined };
    });
    return accepted.ok && response ? { ...accepted, response: await response } : accepted;
  }

  #toRun(row: RunRow): Run | undefined {
    const config = this.#parts.configs.read(row.config);
    return config && toRun(this.#parts.live.overlay(row), config.id, config.flow.key, config.version);
  }

  /** Changes of the configuration, one after another. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#configuring.then(work, work);
    this.#configuring = result.catch(() => undefined);
    return result;
  }
}
