import { DurableObject } from "cloudflare:workers";
import type { List } from "../../../shared/api/list.ts";
import type { Run } from "../../../shared/api/run.ts";
import type { MemberMessage } from "../../../shared/api/stream.ts";
import type { Env } from "../../env.ts";
import { type RateLimit, TokenBuckets } from "../../security/token-bucket.ts";
import { keepRunsFor } from "../keep-runs.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { EventStream, eventText } from "./event-stream.ts";
import {
  batchBefore,
  batchOf,
  endOfBatch,
  forgetRuns,
  isFor,
  isIndexed,
  LEDGER_STEPS,
  lastBatchId,
  listIndexedRuns,
  messagesSince,
  type RunIndexFilter,
  storeEntries,
} from "./ledger-store.ts";
import { PublishPace } from "./publish-pace.ts";
import { type LedgerEntry, type LedgerRpc, MEMBERS, STREAM_AGE, STREAM_EXPIRES, STREAM_USER } from "./rpc.ts";
import { GRACE, nextLook } from "./watch-store.ts";
import { watch } from "./watchdog.ts";

/** Proxies close what is silent for longer. */
const HEARTBEAT = 15_000;

/** Who comes for the first time is told of this much (ms) at most: whatever took longer has read again. */
const MOST_AGE = 60_000;

/** Old runs are forgotten this often (ms). */
const FORGET_EVERY = 3_600_000;
/** Alarms further away are set in steps (ms). */
const FAR = 30 * 86_400_000;

/** One a workspace: the index of its runs, and the live stream of its changes. */
export class LedgerObject extends DurableObject<Env> implements LedgerRpc {
  readonly #streams = new Set<EventStream>();
  readonly #doors = new TokenBuckets();
  readonly #pace = new PublishPace();
  #armedFor = Number.POSITIVE_INFINITY;
  #forgotAt = 0;
  #lastBatch: number;
  #heartbeat: ReturnType<typeof setInterval> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrateSqlite(ctx.storage, LEDGER_STEPS);
    this.#lastBatch = lastBatchId(ctx.storage.sql);
  }

  async publish(entries: LedgerEntry[]): Promise<number> {
    const stored = storeEntries(this.ctx.storage, entries, this.#lastBatch);
    const last = stored.at(-1);
    if (last) this.#lastBatch = batchOf(last.id);
    const texts = this.#streams.size ? stored.map(({ id, user, message }) => ({ user, text: eventText(id, message) })) : [];
    for (const stream of [...this.#streams]) {
      const seen = texts.filter(({ user }) => isFor(stream.user, user));
      if (seen.length) stream.send(seen.map(({ text }) => text).join(""));
    }
    this.#forget();
    this.#arm();
    return this.#pace.next(Date.now());
  }

  /** Tells members' open streams of a change. It is not kept: who comes back reads anew. */
  async tellMembers(message: MemberMessage): Promise<void> {
    for (const stream of [...this.#streams]) if (stream.user === MEMBERS) stream.send(eventText(null, message));
  }

  /** Looks after runs that should have gone on. */
  override async alarm(): Promise<void> {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = Date.now();
    try {
      await watch(this.env, this.ctx.storage.sql, now);
    } finally {
      this.#arm(now + GRACE / 4);
    }
  }

  /** Sets the alarm for the next look, no sooner than `soonest`, where it is not set for an earlier time. */
  #arm(soonest = 0): void {
    const next = nextLook(this.ctx.storage.sql, Date.now());
    const at = next === undefined ? undefined : Math.min(Math.max(next, soonest), Date.now() + FAR);
    if (at === undefined || at >= this.#armedFor) return;
    this.#armedFor = at;
    void this.ctx.storage.setAlarm(at);
  }

  #forget(): void {
    const now = Date.now();
    if (now - this.#forgotAt < FORGET_EVERY) return;
    this.#forgotAt = now;
    forgetRuns(this.ctx.storage.sql, new Date(now - keepRunsFor(this.env)).toISOString());
  }

  async hasRun(run: string): Promise<boolean> {
    return isIndexed(this.ctx.storage.sql, run);
  }

  async listRuns(filter: RunIndexFilter): Promise<List<Run>> {
    return listIndexedRuns(this.ctx.storage.sql, filter);
  }

  /** How long (ms) until `what` may be done again in this workspace; 0: now, and counted. */
  async admit(what: string, limit: RateLimit): Promise<number> {
    return this.#doors.take(what, limit, Date.now());
  }

  /** Answers whether the ledger can read its database. */
  async ping(): Promise<boolean> {
    return lastBatchId(this.ctx.storage.sql) >= 0;
  }

  async closeStreams(reader?: string): Promise<void> {
    for (const stream of [...this.#streams]) if (reader === undefined || stream.user === reader) stream.close();
  }

  /** Opens a stream for the user (or the members) that the route has verified and named in the headers; `Last-Event-ID` resumes, else the age does. */
  override async fetch(request: Request): Promise<Response> {
    const user = request.headers.get(STREAM_USER);
    const expires = Number(request.headers.get(STREAM_EXPIRES));
    if (!user || !Number.isFinite(expires)) return new Response(null, { status: 400 });
    const stream = this.#open(user, expires);
    const sql = this.ctx.storage.sql;
    const last = endOfBatch(this.#lastBatch);
    const resume = /^\d{1,15}$/.exec(request.headers.get("last-event-id") ?? "")?.[0];
    const age = Number(request.headers.get(STREAM_AGE));
    const since = age ? endOfBatch(batchBefore(sql, Date.now() - Math.min(age, MOST_AGE))) : last;
    const from = resume !== undefined && Number(resume) <= last ? Number(resume) : since;
    stream.send(`retry: 2000\nid: ${from}\n: open\n\n`);
    for (const { id, message } of from < last ? messagesSince(sql, user, from) : []) stream.send(eventText(id, message));
    return new Response(stream.readable, {
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
    });
  }

  #open(user: string, expires: number): EventStream {
    const stream = new EventStream(user, () => {
      clearTimeout(timer);
      this.#streams.delete(stream);
      if (this.#streams.size === 0) clearInterval(this.#heartbeat);
    });
    const timer = setTimeout(() => stream.close(), Math.max(0, Math.min(expires - Date.now(), 3_600_000)));
    this.#streams.add(stream);
    if (this.#streams.size === 1)
      this.#heartbeat = setInterval(() => {
        for (const one of [...this.#streams]) one.send(": still here\n\n");
      }, HEARTBEAT);
    return stream;
  }
}
