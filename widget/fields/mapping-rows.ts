// The rows of a mapping, pure: one for each target that must be mapped or is, and those that the user has begun.
import type { Option } from "../../shared/api/flow.ts";
import type { Pair } from "./suggest-pairs.ts";

type Value = Option["value"];

export interface MappingRow {
  /** Stays while the row does, also when what was begun becomes a pair. */
  id: string;
  from: Value | undefined;
  to: Value | undefined;
  /** The target cannot be changed: it must be mapped. */
  isFixed: boolean;
}

/** A row that lacks one side. */
export interface BegunRow {
  id: string;
  from: Value | undefined;
  to: Value | undefined;
}

/** Whether a source is computed rather than taken from a field: `{{ item.first & ' ' & item.last }}`. */
export const isExpression = (from: unknown): from is string => typeof from === "string" && from.includes("{{");

/** The pairs in a field's value; whatever else stands in it is passed over. */
export function readPairs(value: unknown): Pair[] {
  return Array.isArray(value) ? value.filter(isPair) : [];
}

const isScalar = (value: unknown): value is Value =>
  (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean";
const isPair = (pair: unknown): pair is Pair =>
  typeof pair === "object" && pair !== null && isScalar((pair as Partial<Pair>).from) && isScalar((pair as Partial<Pair>).to);

/** Required targets first, in their own order, then other pairs as they were added, then what was begun. `idOf` names a target's row. */
export function layRows(
  pairs: readonly Pair[],
  begun: readonly BegunRow[],
  targets: readonly Option[],
  idOf: (to: Value) => string,
): MappingRow[] {
  const required = targets.filter((target) => target.required);
  const fixed = required.map(({ value }) => ({
    id: idOf(value),
    from: pairs.find((pair) => pair.to === value)?.from,
    to: value,
    isFixed: true,
  }));
  const isRequired = (to: Value) => required.some((target) => target.value === to);
  const free = pairs.filter((pair) => !isRequired(pair.to)).map(({ from, to }) => ({ id: idOf(to), from, to, isFixed: false }));
  return [...fixed, ...free, ...begun.map((row) => ({ ...row, isFixed: false }))];
}

/** The required targets that no source is chosen for. */
export const findUnmapped = (pairs: readonly Pair[], targets: readonly Option[]): Option[] =>
  targets.filter((target) => target.required && !pairs.some((pair) => pair.to === target.value));

/** Sides of pairs that are offered no longer. */
export function findVanished(
  pairs: readonly Pair[],
  options: { from?: readonly Option[] | undefined; to?: readonly Option[] | undefined },
): Pair[] {
  const has = (items: readonly Option[] | undefined, value: Value) => items === undefined || items.some((item) => item.value === value);
  return pairs.filter((pair) => !(isExpression(pair.from) || has(options.from, pair.from)) || !has(options.to, pair.to));
}
