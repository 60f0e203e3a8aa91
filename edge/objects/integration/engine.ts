// What makes runs go: the alarm, the driver and the outbox together. Accepting arms the alarm for now, and the alarm drives.
import type { Reply } from "../../engine/deps.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { keepRunsFor } from "../keep-runs.ts";
import { driveRun } from "./drive-run.ts";
import { Driver } from "./driver.ts";
import { Outbox } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import type { OutgoingResponse } from "./rpc.ts";
import { NEVER } from "./run-store.ts";
import { serveSlots } from "./serve-slots.ts";
import { responseOfRun, toResponse } from "./to-response.ts";

/** A driver that has died is found out after this: the platform fires an alarm again whose handler did not end, a long shift has one set. */
const LEASE = 10_000;
/** An alarm's handler may run for 15 minutes; this one hands over to the next long before. */
const SHIFT = 300_000;
/** How long a caller is kept waiting for a block's answer. */
const PATIENCE = 25_000;
/** How often the tasks of a run that is being driven are told. */
const PROGRESS = 1_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Alarms further away than this are set in steps: the platform knows no dates after 2189. */
const FAR = 30 * DAY;

type AlarmStorage = Pick<DurableObjectStorage, "setAlarm" | "deleteAlarm">;

export class Engine {
  readonly #parts: Parts;
  readonly #storage: AlarmStorage;
  readonly #driver: Driver;
  readonly #outbox: Outbox;
  readonly #replies = new Map<string, (reply: Reply) => void>();
  #isOnShift = false;
  #isClosed = false;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(parts: Parts, storage: AlarmStorage) {
    this.#parts = parts;
    this.#storage = storage;
    this.#outbox = new Outbox(parts, () => this.#rest());
    const { runs } = parts;
    this.#driver = new Driver({
      due: (block, limit) => runs.due(block, parts.now(), limit),
      blocks: () => runs.liveBlocks(),
      concurrency: (block) => parts.configs.current?.flow.blocks.find((one) => one.key === block)?.concurrency ?? QUEUE_LIMITS.concurrency,
      drive: (id) => this.#drive(id),
    });
    runs.recover(parts.now());
    this.#arm();
  }

  /** Something may be due: of `block`, or anything. Joins the alarm that is at work, else sets it for now. */
  wake(block?: string): void {
    this.#outbox.touch();
    if (this.#isOnShift) this.#driver.pump(block);
    else this.#setAlarm(this.#parts.now());
  }

  /** Drives what is due until nothing is, then sets the alarm for what comes next. Never rejects. */
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
    try {
      await this.#serveSlots();
      this.#driver.pump();
      await this.#driver.settle(SHIFT);
      this.#purge();
    } catch (error) {
      // biome-ignore lint/suspicious/noConsole: a bug; the lease, and nothing sooner, brings the alarm back
      console.error("alarm:", error);
      isBroken = true;
      lease();
    } finally {
      clearInterval(renewal);
      this.#isOnShift = false;
      this.#armedFor = Number.POSITIVE_INFINITY;
      if (!this.#isClosed && !isBroken && !this.#arm() && isLeased) void this.#storage.deleteAlarm();
    }
  }

  /** Drives a run at once and gives its block's answer; what the run has come to where it takes longer than 25 s. */
  async answerOf(id: string, block: string): Promise<OutgoingResponse> {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const reply = new Promise<Reply>((resolve) => this.#replies.set(id, resolve));
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE);
    });
    const over = this.#driver.start(id, block).then(() => undefined);
    const answer = await Promise.race([reply, over, late]);
    clearTimeout(timer);
    this.#replies.delete(id);
    const row = this.#parts.runs.read(id);
    if (answer) return toResponse(answer);
    return row ? responseOfRun(row) : { status: 404, headers: {}, body: "" };
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
  }

  async #drive(id: string): Promise<void> {
    const { runs } = this.#parts;
    this.#outbox.touch();
    const progress = setInterval(() => this.#outbox.touch(), PROGRESS);
    await driveRun(this.#parts, id, {
      isCanceled: () => this.#isClosed || runs.isCanceled(id),
      respond: (reply) => this.#replies.get(id)?.(reply),
    });
    clearInterval(progress);
    this.#outbox.touch();
  }

  /** Sets the alarm for the next thing that is due, if it is not set for an earlier time. False where nothing is due. */
  #arm(): boolean {
    const now = this.#parts.now();
    const retry = this.#outbox.retryIn;
    const next = Math.min(
      this.#parts.runs.nextWake(),
      this.#parts.slots.nextDue(),
      this.#driver.isIdle ? NEVER : now,
      retry === undefined ? NEVER : now + retry,
      this.#purgeDue(),
    );
    if (next < NEVER) this.#setAlarm(Math.min(Math.max(next, now), now + FAR));
    return next < NEVER;
  }

  /** Everything is published: where nothing else is due, the alarm that would have seen to it is not needed. */
  #rest(): void {
    if (this.#isOnShift || this.#isClosed) return;
    this.#armedFor = Number.POSITIVE_INFINITY;
    if (!this.#arm()) void this.#storage.deleteAlarm();
  }

  #setAlarm(at: number): void {
    if (this.#isClosed || (!this.#isOnShift && at >= this.#armedFor)) return;
    this.#armedFor = at;
    void this.#storage.setAlarm(at);
  }

  /** Where a slot cannot be served now, such as without the workspace's key, none comes again before the lease is over. */
  async #serveSlots(): Promise<void> {
    try {
      await serveSlots(this.#parts);
    } catch (error) {
      // biome-ignore lint/suspicious/noConsole: whoever operates this has to know
      console.error("slots:", error);
      const soon = this.#parts.now() + LEASE;
      for (const row of this.#parts.slots.list()) if (row.due < soon) this.#parts.slots.postpone(row.block, soon);
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

  #purge(): void {
    const now = this.#parts.now();
    if (now - this.#purgedAt < DAY) return;
    this.#parts.runs.purge(now - keepRunsFor(this.#parts.env), now - QUEUE_LIMITS.dedupe);
    this.#parts.configs.purge();
    this.#parts.meta.set("purged", String(now));
  }
}
