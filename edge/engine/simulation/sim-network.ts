// The outside by chance: answers late, never, with 429 or 503, or does what it was asked and loses the answer. It keeps account of each
// effect key, and objects to a call that must not have come.
import type { RunError } from "../../../shared/api/run.ts";
import type { Effect, EffectContext, EffectResult } from "../deps.ts";
import { hashText } from "../seeded-random.ts";
import type { Random } from "./random-flow.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Faults in a row that one key may see: fewer than its attempts, so that every run has one right end. */
const MAX_FAULTS = 4;

interface Known {
  /** What it was called with first. */
  request: string;
  faults: number;
  calls: number;
  /** Calls that came to an answer which the object has durably, other than to come later. */
  answers: number;
  /** The object has the success, or the last failure, durably. */
  isSettled: boolean;
  /** Told not to call again before. */
  notBefore: number;
  /** When it was called last. */
  calledAt: number;
  /** Called, and the object died before its answer was durable. */
  isBroken: boolean;
}

/** What a call to a key always comes to in the end. Depends on the key's path alone, so that an ideal run can know it too. */
export function lastAnswer(path: string): { ok: true; output: unknown } | { ok: false; error: RunError } {
  const chance = hashText(path) % 100;
  if (chance < 6) return { ok: false, error: { code: "http_422", message: "No", class: "invalid", retryable: false } };
  return { ok: true, output: { status: 200, headers: {}, body: { path, chance } } };
}

/** The path in an effect key `run:path`. */
export const pathOf = (effectKey: string) => effectKey.slice(effectKey.indexOf(":") + 1);

const failed = (code: string, retryAfter?: number): EffectResult => ({
  kind: "failed",
  tasks: 1,
  error: { code, message: code, class: "network", retryable: true },
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

export class SimNetwork {
  calls = 0;
  /** Calls with a key that had been called, and broken off by a death. */
  repeats = 0;
  /** Calls that a death broke off. */
  broken = 0;
  isCalm = false;
  readonly violations: string[] = [];
  readonly #keys = new Map<string, Known>();
  readonly #inFlight = new Map<string, object>();
  #answered: { at: number; known: Known; note: () => void }[] = [];
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #isCut: () => boolean;

  /** `isCut`: what the object does now no longer leaves it. */
  constructor(time: VirtualTime, random: Random, isCut: () => boolean) {
    this.#time = time;
    this.#random = random;
    this.#isCut = isCut;
  }

  perform(effect: Effect, { effectKey, signal }: EffectContext): Promise<EffectResult> {
    if (this.#isCut()) return new Promise(() => undefined);
    this.calls++;
    const request = JSON.stringify(effect);
    const known = this.#keys.get(effectKey) ?? {
      request,
      faults: 0,
      calls: 0,
      answers: 0,
      isSettled: false,
      notBefore: 0,
      calledAt: 0,
      isBroken: false,
    };
    this.#keys.set(effectKey, known);
    if (known.request !== request) this.violations.push(`${effectKey} is called with ${request}, and was with ${known.request}`);
    if (known.isSettled) this.violations.push(`${effectKey} was done, and is called again`);
    if (this.#inFlight.has(effectKey)) this.violations.push(`${effectKey} is called twice at a time`);
    if (this.#time.now < known.notBefore) this.violations.push(`${effectKey} is called ${known.notBefore - this.#time.now} ms too early`);
    if (known.isBroken) this.repeats++;
    known.isBroken = false;
    known.calls++;
    known.calledAt = this.#time.now;
    const call = {};
    this.#inFlight.set(effectKey, call);
    const isOver = () => this.#inFlight.get(effectKey) !== call;
    const end = () => void (isOver() || this.#inFlight.delete(effectKey));
    signal.addEventListener("abort", end);
    const owner = this.#time.owner;
    return new Promise((resolve) => {
      const answer = (delay: number, result: EffectResult) =>
        this.#time.after(delay, () => {
          if (isOver() || owner !== this.#time.owner) return;
          end();
          const at = this.#time.now;
          const note = () => {
            if (result.kind !== "hold") known.answers++;
            known.isSettled = result.kind === "done" || (result.kind === "failed" && !result.error.retryable);
            const wait = result.kind === "failed" ? result.retryAfter : undefined;
            if (wait !== undefined) known.notBefore = at + wait;
            if (result.kind === "hold") known.notBefore = result.until ?? 0;
          };
          this.#answered.push({ at, known, note });
          resolve(result);
        });
      this.#reply(effectKey, known, answer);
    });
  }

  /** When (ms) a call with this key left last; undefined where none did. */
  lastCallOf(effectKey: string): number | undefined {
    return this.#keys.get(effectKey)?.calledAt;
  }

  /** How many calls with this key came to an answer that the object has. */
  answersOf(effectKey: string): number {
    return this.#keys.get(effectKey)?.answers ?? 0;
  }

  /** The runs that have a call under way. */
  get liveRuns(): Set<string> {
    return new Set([...this.#inFlight.keys()].map((key) => key.slice(0, key.indexOf(":"))));
  }

  /** All is durable that the object has written so far: answers that came more than a millisecond ago, since for so long a write waits for others. */
  settle(): void {
    const isSettled = ({ at }: { at: number }) => at + 1 < this.#time.now;
    for (const answered of this.#answered) if (isSettled(answered)) answered.note();
    this.#answered = this.#answered.filter((answered) => !isSettled(answered));
  }

  /** The object died: nobody hears the answers that are under way. */
  cut(): void {
    const cut = this.#answered.map(({ known }) => known);
    for (const key of this.#inFlight.keys()) cut.push(...[this.#keys.get(key) ?? []].flat());
    for (const known of cut) known.isBroken = true;
    this.broken += cut.length;
    this.#answered = [];
    this.#inFlight.clear();
  }

  #reply(effectKey: string, known: Known, answer: (delay: number, result: EffectResult) => void): void {
    const chance = this.#random();
    const soon = 1 + Math.floor(this.#random() * 300);
    if (!this.isCalm && known.faults < MAX_FAULTS && chance < 0.3) {
      known.faults++;
      if (chance < 0.08) answer(soon, failed("network"));
      else if (chance < 0.14) answer(soon, failed("http_503"));
      else if (chance < 0.2) answer(soon, failed("http_429", Math.floor(this.#random() * 90_000)));
      else if (chance < 0.24) answer(soon, { kind: "hold", reason: "budget", tasks: 0, until: this.#time.now + soon + 5_000 });
      else if (chance < 0.27) answer(125_000, failed("network"));
      // Else neither an answer nor an end of the connection: the step's timeout has to find out.
      return;
    }
    const last = lastAnswer(pathOf(effectKey));
    const delay = chance > 0.98 ? 2_500 : soon;
    if (last.ok) answer(delay, { kind: "done", output: last.output, tasks: 1 });
    else answer(delay, { kind: "failed", error: last.error, tasks: 1 });
  }
}
