// A mapping applied: what the user paired becomes an object. The left side is a field's name, a dotted way to it, or an expression over `item`.
import { compileTemplate, evaluateTemplate } from "./expression.ts";
import { ExpressionError } from "./expression-error.ts";
import { type Budget, type Clock, isRecord } from "./plain.ts";

/** A pair of a mapping's value. */
export interface FieldPair {
  from: unknown;
  to: unknown;
}

/** The pairs in a mapping's value, or the one that JSONata makes of a list of one; whatever else stands in it is passed over. */
export const pairsOf = (value: unknown): FieldPair[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter(
    (pair): pair is Record<string, unknown> & FieldPair => isRecord(pair) && "from" in pair && "to" in pair,
  );

/** `item` as `pairs` want it. What is not there is left out. Rejects with ExpressionError where an expression in a pair does. */
export async function mapFields(
  pairs: readonly FieldPair[],
  item: unknown,
  clock?: Clock,
  budget?: Budget,
): Promise<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  for (const { from, to } of pairs) {
    const value = await readFrom(String(from), item, clock, budget);
    if (value !== undefined) entries.push([String(to), value]);
  }
  return Object.fromEntries(entries);
}

async function readFrom(from: string, item: unknown, clock?: Clock, budget?: Budget): Promise<unknown> {
  if (from.includes("{{")) return evaluateTemplate(compileTemplate(from), { item }, clock, budget);
  return propertyOf(item, from) ?? (from.includes(".") ? from.split(".").reduce<unknown>(propertyOf, item) : undefined);
}

const propertyOf = (item: unknown, name: string): unknown => (isRecord(item) && Object.hasOwn(item, name) ? item[name] : undefined);

/** Why the left side of a pair cannot be computed; undefined where it can, or is no expression. */
export function checkFrom(from: unknown): string | undefined {
  if (typeof from !== "string" || !from.includes("{{")) return undefined;
  try {
    compileTemplate(from);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
