import { ExpressionError } from "./expression-error.ts";

/** Where expressions get the time (ms since epoch) and chance (0 ≤ n < 1) from, so that a replay sees the same. */
export interface Clock {
  now: () => number;
  random: () => number;
}

/** What is left of an expression's budget. Expressions that are evaluated within one another share it. */
export interface Budget {
  left: number;
}

/** Evaluates one expression; what it resolves to is plain JSON or undefined. Rejects with ExpressionError. */
export type Evaluator = (scope: Record<string, unknown>, clock?: Clock, budget?: Budget) => Promise<unknown>;

/** Whether `value` is an object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Levels of lists and objects in one value. */
export const MAX_DEPTH = 200;

/** Whether `value` nests deeper than {@link MAX_DEPTH} levels: what does cannot be written out, nor handed to another object. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (value === null || typeof value !== "object") return false;
  return depth >= MAX_DEPTH || Object.values(value).some((item) => isTooDeep(item, depth + 1));
}

/** `value` as plain JSON: lists lose JSONata's flags, functions are left out. Parts that are plain already are not copied. */
export function toPlain(value: unknown, depth = 0): unknown {
  if (typeof value === "function") return undefined;
  if (value === null || typeof value !== "object") return typeof value === "bigint" || typeof value === "symbol" ? undefined : value;
  if (depth > MAX_DEPTH) throw new ExpressionError("depth", `a value nests deeper than ${MAX_DEPTH} levels`, "");
  if (Array.isArray(value)) {
    const isFlagged = "sequence" in value || "outerWrapper" in value || "keepSingleton" in value || "cons" in value;
    const items = value.map((item) => toPlain(item, depth + 1));
    return isFlagged || items.some((item, index) => item !== value[index]) ? items.filter((item) => item !== undefined) : value;
  }
  if (isRecord(value) && (value._jsonata_function === true || value._jsonata_lambda === true)) return undefined;
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const plain = toPlain(item, depth + 1);
    if (plain === item) continue;
    copy ??= { ...value };
    if (plain === undefined) delete copy[key];
    else copy[key] = plain;
  }
  return copy ?? value;
}
