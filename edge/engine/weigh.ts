// What the values of a run come to, so that a run that makes more and more of them fails instead of its object. Values are shared between
// steps, not copied: what is counted once is not counted again.
import { RUN_LIMITS } from "./limits.ts";
import { isRecord, MAX_DEPTH } from "./plain.ts";

const LIVE = Symbol("live");
/** Values of fewer characters are counted anew each time: remembering them costs more. */
const SMALL = 100;

/** Marks what goes on changing while a run is driven: its scope, its steps' outputs, its state. Copies by spreading keep the mark. */
export function markLive<T extends object>(value: T): T {
  return Object.assign(value, { [LIVE]: true });
}

/** A value's characters as JSON, about, and whether it nests deeper than {@link MAX_DEPTH} levels. */
export interface Weight {
  size: number;
  isTooDeep: boolean;
}

/** Stands for a text: its length and some of it. Long texts of one length are costly to tell from each other. */
const markOf = (text: string) =>
  [0, 0.3, 0.5, 0.8, 1].map((part) => text.slice(Math.floor(part * (text.length - 30))).slice(0, 30)).join("") + text.length;

/** Counts the values of one drive of a run. */
export class Scale {
  /** Characters of all different values so far. */
  total = 0;
  readonly #sizes = new WeakMap<object, { size: number; height: number }>();
  readonly #texts = new Set<string>();
  #hasLive = false;

  /** `value` as it may be kept, a copy where it holds something that goes on changing, and what it weighs. */
  keep(value: unknown): Weight & { value: unknown } {
    this.#hasLive = false;
    const { size, height } = this.#weigh(value, 0);
    const isTooDeep = height > MAX_DEPTH;
    return { value: this.#hasLive && !isTooDeep ? JSON.parse(JSON.stringify(value)) : value, size, isTooDeep };
  }

  #weigh(value: unknown, depth: number): { size: number; height: number } {
    if (typeof value === "string") return { size: this.#weighText(value), height: 0 };
    if (value === null || typeof value !== "object") {
      this.total += 8;
      return { size: 8, height: 0 };
    }
    const known = this.#sizes.get(value);
    if (known) return known;
    if (depth > MAX_DEPTH) return { size: 0, height: 1 };
    const hadLive = this.#hasLive;
    this.#hasLive = LIVE in value;
    let [size, height] = [2, 0];
    for (const item of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
      const inner = this.#weigh(item, depth + 1);
      size += inner.size + 1;
      height = Math.max(height, inner.height);
    }
    if (isRecord(value)) for (const key of Object.keys(value)) size += key.length + 3;
    this.total += 2;
    const weight = { size, height: height + 1 };
    if (size >= SMALL && !this.#hasLive) this.#sizes.set(value, weight);
    this.#hasLive ||= hadLive;
    return weight;
  }

  #weighText(text: string): number {
    // Beyond what a run may keep, nothing is remembered: that would write out a text that may be no more than a plan of one.
    if (text.length < SMALL || text.length > RUN_LIMITS.value) this.total += text.length;
    else {
      const mark = markOf(text);
      if (!this.#texts.has(mark)) this.total += text.length;
      this.#texts.add(mark);
    }
    return text.length + 2;
  }
}
