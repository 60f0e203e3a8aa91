// The rows of a mapping, pure: one for each target that must be mapped, then those that the user has made, whole or begun.
import type { Option } from "../../shared/api/flow.ts";
import type { Pair } from "./suggest-pairs.ts";

type Value = Option["value"];

/** A pair as it is made: "" stands for a side that is not chosen yet. The id stays while the row does. */
export interface Row extends Pair {
  id: string;
}

export interface MappingRow extends Row {
  /** The target cannot be changed: it must be mapped. */
  isFixed: boolean;
}

/** Whether a source is computed rather than taken from a field: `{{ item.first & ' ' & item.last }}`. */
export const isExpression = (from: unknown): from is string => typeof from === "string" && from.includes("{{");

const isSide = (side: unknown) => ["string", "number", "boolean"].includes(typeof side);
const isWhole = ({ from, to }: Pair) => from !== "" && to !== "";

/** Whether a row lacks one side. */
export const isHalf = ({ from, to }: Pair) => (from === "") !== (to === "");

/** The rows that say something, as a draft keeps them. One that lacks a side is among them, and refused when it is to be saved. */
export const begun = (rows: readonly Pair[]): Pair[] =>
  rows.filter(({ from, to }) => from !== "" || to !== "").map(({ from, to }) => ({ from, to }));

/** The rows in a field's value; whatever else stands in it is passed over. */
export const readBegun = (value: unknown): Pair[] =>
  begun(Array.isArray(value) ? value.filter((pair) => pair && isSide(pair.from) && isSide(pair.to)) : []);

/** The whole pairs in a field's value. */
export const readPairs = (value: unknown): Pair[] => readBegun(value).filter(isWhole);

/** Required targets first, in their own order, whether mapped or not, then other rows as they were added. */
export function layRows(rows: readonly Row[], targets: readonly Option[]): MappingRow[] {
  const required = targets.filter((target) => target.required).map(({ value }) => value);
  const fixed = required.map((to) => ({ ...(rows.find((row) => row.to === to) ?? { id: `to-${to}`, from: "", to }), isFixed: true }));
  return [...fixed, ...rows.filter((row) => !required.includes(row.to)).map((row) => ({ ...row, isFixed: false }))];
}

/** The required targets that no source is chosen for. */
export const findUnmapped = (rows: readonly Pair[], targets: readonly Option[]): Option[] =>
  targets.filter((target) => target.required && !rows.some((row) => row.to === target.value && row.from !== ""));

/** Rows with a side that is offered no longer. */
export function findVanished<R extends Pair>(
  rows: readonly R[],
  options: { from?: readonly Option[] | undefined; to?: readonly Option[] | undefined },
): R[] {
  const has = (items: readonly Option[] | undefined, value: Value) => !items || value === "" || items.some((item) => item.value === value);
  return rows.filter((row) => !(isExpression(row.from) || has(options.from, row.from)) || !has(options.to, row.to));
}
