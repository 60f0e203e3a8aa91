// Budget, breaker and permits of one account, put together: who may call when. No I/O: the clock and the memory are passed in.
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import { readExhausted } from "../../providers/http/retry-after.ts";
import { admit, type Breaker, closedBreaker, settle, unsettle } from "./breaker.ts";
import { type Budget, correct, giveBack, type Limits, learn, nextSlot, take, withoutAhead } from "./budget.ts";
import { Permits } from "./permits.ts";
import type { AccountConfig, LeaseReport } from "./rpc.ts";
import { Shares } from "./shares.ts";

/** Windows up to this many ms live in memory alone: an object that forgets has been idle for longer. */
const SHORT_WINDOW = 5_000;
const REMEMBER_EVERY = 1_000;
/** A call has arrived when its answer is there, and is taken to have arrived this many ms after it left. */
const ARRIVAL = 100;

export interface RateDeps {
  now: () => number;
  random: () => number;
  remember: (budget: Budget) => void;
  /** Called as the breaker opens and closes: its pauses are longer than an idle object stays in memory. */
  rememberBreaker: (breaker: Breaker) => void;
}

export type Permit =
  | { ok: true; lease: number; delay: number }
  | { ok: false; reason: "throttled" | "broken"; message: string; retryAt: number };

export class AccountRate {
  readonly #permits = new Permits();
  readonly #shares = new Shares();
  readonly #deps: RateDeps;
  #budget: Budget;
  #breaker: Breaker;
  #rememberedAt = 0;

  constructor(budget: Budget, breaker: Breaker, deps: RateDeps) {
    this.#budget = budget;
    this.#breaker = breaker;
    this.#deps = deps;
  }

  /** Forgets what was learned about the former credentials. */
  reset(): void {
    this.#turn(closedBreaker());
    this.#budget = { ...this.#budget, blockedUntil: 0, strikes: 0 };
    this.#deps.remember(this.#budget);
  }

  /** Room for one call of `by` that leaves within `maxDelay` ms; or when to ask again. */
  async permit({ app }: AccountConfig, version: number, maxDelay: number, by = ""): Promise<Permit> {
    const { now } = this.#deps;
    const end = now() + maxDelay;
    const limits = limitsOf(app.limits);
    const lease = await this.#permits.take(app.limits?.concurrency, maxDelay, now, by);
    if (lease === undefined)
      return this.#throttled(`${app.name} answers ${app.limits?.concurrency} calls at once, and all are under way`, now() + 1_000);
    const admitted = admit(this.#breaker, now());
    this.#budget = withoutAhead(this.#budget, now());
    const slot = nextSlot(this.#budget, limits, now());
    const isFair = this.#shares.admits(by, slot, now(), limits, maxDelay);
    if (!admitted.ok || slot > end || !isFair) {
      this.#permits.giveBack(lease);
      if (admitted.ok) return this.#throttled(`${app.name} takes no more calls for the moment`, slot);
      return { ok: false, reason: "broken", message: `${app.name} does not answer; calls go on once it does`, retryAt: admitted.retryAt };
    }
    this.#breaker = admitted.breaker;
    this.#change(take(this.#budget, limits, slot, now()), limits);
    this.#permits.plan(lease, slot, version);
    this.#shares.plan(by, slot);
    return { ok: true, lease, delay: Math.max(0, slot - now()) };
  }

  /** Takes in what came of a call. Answers the version of the credentials that it went out with. */
  settle({ app }: AccountConfig, report: LeaseReport): number | undefined {
    const now = this.#deps.now();
    const limits = limitsOf(app.limits);
    const held = this.#permits.giveBack(report.lease);
    if (report.status === "unsent") {
      this.#breaker = unsettle(this.#breaker);
      if (held) this.#budget = giveBack(this.#budget, held.plannedAt);
      return held?.version;
    }
    const isFailure = report.status === "network" || (report.status >= 500 && report.status !== 501);
    this.#turn(settle(this.#breaker, isFailure, now));
    const arrivedAt = report.sentAt === undefined ? 0 : Math.min(now, report.sentAt + ARRIVAL);
    const moved = held ? correct(this.#budget, held.plannedAt, arrivedAt) : this.#budget;
    const wait = report.retryAfter ?? readExhausted(report.limitHeaders ?? {}, now);
    this.#change(report.status === "network" ? moved : learn(moved, report.status === 429, wait, now), limits);
    return held?.version;
  }

  /** All who wait for the same moment would come at once: each is sent a little later than it. */
  #throttled(message: string, at: number): Permit {
    return { ok: false, reason: "throttled", message, retryAt: Math.ceil(at + this.#deps.random() * 1_000) };
  }

  #turn(breaker: Breaker): void {
    const isTurned = breaker.openUntil !== this.#breaker.openUntil;
    this.#breaker = breaker;
    if (isTurned) this.#deps.rememberBreaker(breaker);
  }

  #change(budget: Budget, limits: Limits | undefined): void {
    const now = this.#deps.now();
    const isLearned = budget.blockedUntil !== this.#budget.blockedUntil && budget.blockedUntil > now + SHORT_WINDOW;
    this.#budget = budget;
    const isDue = (limits?.per ?? 0) > SHORT_WINDOW && now - this.#rememberedAt >= REMEMBER_EVERY;
    if (!isLearned && !isDue) return;
    this.#rememberedAt = now;
    this.#deps.remember(budget);
  }
}

function limitsOf(limits: AccountConfig["app"]["limits"]): Limits | undefined {
  const per = limits && parseDuration(limits.per);
  return limits && per ? { requests: limits.requests, per } : undefined;
}
