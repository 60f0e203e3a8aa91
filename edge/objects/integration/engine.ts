// What makes runs go: the driver, the alarm behind it and the outbox together. What is accepted is driven at once; the alarm is set
// before that is durable, and goes on with whatever a death has left.
import type { Why } from "../../../shared/api/run.ts";
import type { Reply } from "../../engine/deps.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { logFault } from "../../security/log-line.ts";
import { keepRunsFor } from "../keep-runs.ts";
import { owedAt } from "./configure.ts";
import { driveRun } from "./drive-run.ts";
import { Driver } from "./driver.ts";
import { Outbox } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { replyOfRun } from "./reply-of-run.ts";
import type { OutgoingResponse } from "./rpc.ts";
import { NEVER, type RunRow } from "./run-store.ts";
import { serveSlots } from "./serve-slots.ts";
import { Shift } from "./shift.ts";
import { responseOfRun, toResponse } from "./to-response.ts";

/**
 * A driver that has died is found out after this: while anything is under way, an alarm is set. Shorter than the platform lets an object
 * stand that nobody calls.
 */
const LEASE = 8_000;
/** An alarm's handler may run for 15 minutes; this one hands over to the next long before. */
const SHIFT = 300_000;
/** How long a caller is kept waiting for a block's answer. */
const PATIENCE = 25_000;
/** Senders are answered more slowly while more runs than this are queued: by up to `hold` ms, `held` of them at a time (each takes a timer). */
const PACE = { queued: 64, hold: 2_000, held: 1_000 };
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Alarms further away than this are set in steps: the platform knows no dates after 2189. */
const FAR = 30 * DAY;

type AlarmStorage = Pick<DurableObjectStorage, "setAlarm" | "deleteAlarm">;

/** What the object sees to beside its runs. */
interface Care {
  /** The subscriptions that are due, and what is owed to a configuration. */
  lookAfter(): Promise<void>;
  /** Once a day, where it is awake: that the catalogue says the same of the integration. Never rejects. */
  compare(): Promise<void>;
}

export class Engine {
  readonly #parts: Parts;
  readonly #storage: AlarmStorage;
  readonly #driver: Driver;
  readonly #outbox: Outbox;
  readonly #care: Care;
  /** Who waits for a block's answer. */
  readonly #replies = new Map<string, Set<(reply: Reply) => void>>();
  /** Senders that are held back. */
  readonly #held = new Set<() => void>();
  readonly #shift = new Shift();
  /** Due times that are being served, by block. */
  readonly #served = new Map<string, Promise<void>>();
  #isOnShift = false;
  #isClosed = false;
  #isLookingAfter = false;
  /** What has gone wrong on this shift, where not even that could be noted. */
  #fault: unknown;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(parts: Parts, storage: AlarmStorage, care: Care) {
    this.#parts = parts;
    this.#care = care;
    this.#storage = storage;
    this.#outbox = new Outbox(parts);
    const { runs } = parts;
    this.#driver = new Driver({
      due: (block, limit) => runs.due(block, parts.now(), limit),
      blocks: () => runs.blocks(parts.now()),
      concurrency: (block) => parts.configs.current?.flow.blocks.find((one) => one.key === block)?.concurrency ?? QUEUE_LIMITS.concurrency,
      drive: (id) => this.#drive(id),
      rest: () => this.#shift.rouse(),
    });
    if (runs.recover(parts.now())) this.#setAlarm(parts.now());
  }

  /** Something may be due: of `block`, or anything. It is driven at once, with an alarm behind it. */
  wake(block?: string): void {
    this.#outbox.touch();
    if (block === undefined) this.#parts.runs.promote(this.#parts.now());
    if (!this.#isOnShift) this.#setAlarm(block === undefined ? this.#parts.now() : this.#parts.now() + LEASE);
    if (block !== undefined || this.#isOnShift) this.#driver.pump(block);
    if (block === undefined) this.#shift.rouse();
  }

  /** Does what accepts a run: at once, or, where several are driven, together with what else is to be stored. */
  accept<T>(store: () => T): Promise<T> {
    return this.#parts.commits.write(store, this.#driver.isBusy);
  }

  /** Resolves when a sender may be answered: at once, unless the work does not keep up with what is sent. */
  async pace(): Promise<void> {
    if (!this.#isBehind() || this.#held.size >= PACE.held) return;
    await new Promise<void>((resolve) => {
      const release = () => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, PACE.hold);
      this.#held.add(release);
    });
  }

  #isBehind(): boolean {
    return this.#parts.runs.queued > PACE.queued && !this.#driver.isIdle && !this.#isClosed;
  }

  /** Drives what is due, and what comes due meanwhile, until nothing is; then sets the alarm for what comes next. Never rejects. */
  async onAlarm(): Promise<void> {
    this.#isOnShift = true;
    this.#armedFor = Number.POSITIVE_INFINITY;
    let isLeased = false;
    const lease = () => {
      isLeased = true;
      this.#setAlarm(this.#parts.now() + LEASE);
    };
    const renewal = setInterval(lease, LEASE / 2);
    let isBroken = false;
    this.#fault = undefined;
    try {
      const deps = {
        now: this.#parts.now,
        begin: () => this.#begin(),
        isUnderWay: () => this.#isUnderWay,
        next: () => this.#nextToBegin(),
      };
      await this.#shift.work(deps, SHIFT);
      if (this.#fault !== undefined) throw this.#fault;
      await this.#tidy();
    } catch (error) {
      // A bug; the lease, and nothing sooner, brings the alarm back.
      logFault("alarm", { error });
      isBroken = true;
      lease();
    } finally {
      clearInterval(renewal);
      this.#isOnShift = false;
      this.#armedFor = Number.POSITIVE_INFINITY;
      if (!this.#isClosed && !isBroken && !this.arm() && isLeased) void this.#storage.deleteAlarm();
    }
  }

  #begin(): void {
    if (this.#isClosed || this.#fault !== undefined) return;
    this.#parts.runs.promote(this.#parts.now());
    void this.#lookAfterSubscriptions();
    this.#serveSlots();
    this.#driver.pump();
    if (this.#parts.runs.untoldCount) this.#outbox.touch();
  }

  get #isUnderWay(): boolean {
    return !this.#isClosed && (!this.#driver.isIdle || this.#served.size > 0 || this.#isLookingAfter);
  }

  /** When something is due that is not under way (ms), or NEVER. */
  #nextToBegin(): number {
    const { runs, slots, hooks } = this.#parts;
    const due = slots.list().flatMap(({ block, due, wake }) => (this.#served.has(block) ? [] : [Math.max(due, wake)]));
    const care = this.#isLookingAfter ? NEVER : Math.min(hooks.nextDue(), owedAt(this.#parts) ?? NEVER);
    return Math.min(runs.nextDelayed(this.#parts.now()), care, ...due);
  }

  /**
   * Drives a run at once and gives its block's answer; what the run has come to where it takes longer than 25 s, or will wait for longer.
   * `isKnown`: the run was started by an earlier call, which may have been answered.
   */
  async answerOf(id: string, block: string, isKnown: boolean): Promise<OutgoingResponse> {
    const gone = new AbortController();
    const timer = setTimeout(() => gone.abort(), PATIENCE);
    const listeners = this.#replies.get(id) ?? new Set();
    this.#replies.set(id, listeners);
    const reply = new Promise<Reply>((resolve) => listeners.add(resolve));
    const answer = await Promise.race([reply, this.#follow(id, block, isKnown, gone.signal)]);
    clearTimeout(timer);
    gone.abort();
    if (this.#replies.get(id) === listeners) this.#replies.delete(id);
    const earlier = answer ?? (isKnown ? await replyOfRun(this.#parts, id) : undefined);
    if (earlier) return toResponse(earlier);
    const row = this.#parts.runs.read(id);
    return row ? responseOfRun(row) : { status: 404, headers: {}, body: "" };
  }

  /** Resolves when the run has ended, waits for longer than a caller does, or `signal` is aborted. */
  async #follow(id: string, block: string, isKnown: boolean, signal: AbortSignal): Promise<undefined> {
    const { runs } = this.#parts;
    const until = this.#parts.now() + PATIENCE;
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    const goesOn = () => {
      const row = signal.aborted ? undefined : runs.read(id);
      return row !== undefined && row.ended === null && row.wake <= until;
    };
    let isOpen = !isKnown || goesOn();
    while (isOpen) {
      await Promise.race([aborted, this.#driver.follow(id, block, runs.isDue(id, this.#parts.now()), signal)]);
      isOpen = goesOn();
    }
  }

  /** Whether a run is queued and has to stay so for now: others are before it, or its block drives as many as it may. */
  isHeld({ id, block, status }: RunRow): boolean {
    return this.#parts.runs.isBehind(id) || (status === "queued" && this.#driver.roomFor(block) <= 0);
  }

  /** Ends a run that has not ended. Undefined where there is none such. */
  cancel(id: string, reason: string, why: Why): RunRow | undefined {
    const row = this.#parts.runs.cancel(id, this.#parts.now(), reason, why);
    this.#driver.leave(id);
    this.wake();
    return row;
  }

  /** Drives these runs to their end, for 20 s at most. */
  async finish(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const block = this.#parts.runs.read(id)?.block;
      if (block !== undefined) await Promise.race([this.#driver.start(id, block), new Promise((resolve) => setTimeout(resolve, 20_000))]);
    }
  }

  cancelAll(reason: string): void {
    for (const id of this.#parts.runs.liveIds()) this.#parts.runs.cancel(id, this.#parts.now(), reason);
  }

  publish(): Promise<void> {
    return this.#outbox.flush();
  }

  close(): void {
    this.#isClosed = true;
    this.#shift.rouse();
  }

  async #drive(id: string): Promise<void> {
    const { runs } = this.#parts;
    this.#outbox.touch();
    await driveRun(this.#parts, id, {
      isCanceled: () => this.#isClosed || runs.isCanceled(id),
      respond: (reply) => {
        for (const listener of this.#replies.get(id) ?? []) listener(reply);
      },
      isBusy: () => this.#driver.isBusy,
    });
    const delayed = runs.takeDelayed();
    if (delayed < NEVER && this.#isOnShift) this.#shift.rouse(delayed);
    else if (delayed < NEVER) this.#setAlarm(Math.max(delayed, this.#parts.now()));
    this.#outbox.touch();
    if (this.#held.size && !this.#isBehind()) for (const release of this.#held) release();
  }

  /** Sets the alarm for the next thing that is due, if it is not set for an earlier time. False where nothing is due. */
  arm(): boolean {
    const now = this.#parts.now();
    const retry = this.#outbox.retryIn;
    const next = Math.min(
      this.#parts.runs.nextWake(),
      this.#parts.slots.nextDue(),
      this.#parts.hooks.nextDue(),
      owedAt(this.#parts) ?? NEVER,
      this.#driver.isIdle ? NEVER : now,
      retry === undefined ? NEVER : now + retry,
      this.#purgeDue(),
    );
    if (next < NEVER) this.#setAlarm(Math.min(Math.max(next, now), now + FAR));
    return next < NEVER;
  }

  #setAlarm(at: number): void {
    // An alarm that should have fired long since was lost.
    const isArmed = at >= this.#armedFor && this.#armedFor > this.#parts.now() - LEASE;
    if (this.#isClosed || (!this.#isOnShift && isArmed)) return;
    this.#armedFor = at;
    void this.#storage.setAlarm(at);
  }

  /** Where a slot cannot be served now, such as without the workspace's key, none comes again before the lease is over. */
  #serveSlots(): void {
    const { slots, now } = this.#parts;
    const done = (fault: unknown) => {
      this.#fault ??= fault;
      if (this.#isClosed) return;
      this.#driver.pump();
      this.#shift.rouse();
    };
    try {
      serveSlots(this.#parts, this.#served, done);
    } catch (error) {
      // Whoever operates this has to know.
      logFault("slots", { error });
      const soon = now() + LEASE;
      for (const row of slots.list()) if (row.due < soon) slots.postpone(row.block, soon);
    }
  }

  /** Where that cannot be done now, it is not tried again within an hour. Never rejects. */
  async #lookAfterSubscriptions(): Promise<void> {
    const { hooks } = this.#parts;
    if (this.#isLookingAfter || Math.min(hooks.nextDue(), owedAt(this.#parts) ?? NEVER) > this.#parts.now()) return;
    this.#isLookingAfter = true;
    try {
      // Whoever operates this has to know.
      await this.#care.lookAfter().catch((error: unknown) => logFault("subscriptions", { error }));
      const now = this.#parts.now();
      for (const { block, due } of hooks.list()) if (due !== null && due <= now) hooks.postpone(block, now + HOUR);
    } catch (error) {
      this.#fault ??= error;
    } finally {
      this.#isLookingAfter = false;
      this.#shift.rouse();
    }
  }

  /** When the oldest run may be old enough to be forgotten; not more often than daily. NEVER where none is kept. */
  #purgeDue(): number {
    const oldest = this.#parts.runs.oldest() + keepRunsFor(this.#parts.env);
    return Math.min(NEVER, Math.max(oldest + HOUR, this.#purgedAt + DAY));
  }

  get #purgedAt(): number {
    return Number(this.#parts.meta.get("purged") ?? 0);
  }

  /** Once a day: forgets what is old, and looks whether the catalogue says the same of the integration. */
  async #tidy(): Promise<void> {
    const now = this.#parts.now();
    if (now - this.#purgedAt < DAY) return;
    this.#parts.runs.purge(now - keepRunsFor(this.#parts.env), now - QUEUE_LIMITS.dedupe);
    this.#parts.configs.purge(this.#parts.hooks.configs());
    this.#parts.polls.purgeKept();
    this.#parts.meta.set("purged", String(now));
    await this.#care.compare();
  }
}
