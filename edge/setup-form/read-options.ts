// Items that an app answered, as options to choose from.
import type { Option } from "../../shared/api/flow.ts";
import type { OptionSource } from "../../shared/flow/field.ts";
import { evaluateValue, isTrue, printValue } from "../engine/expression.ts";
import { evaluateOr, own } from "./form-scope.ts";

const VALUE_NAMES = ["value", "id", "key"];
const LABEL_NAMES = ["label", "name", "title"];

/** The options in `items`, by the source's `value`, `label` and `group`. Items without a value, and values seen before, are left out. */
export async function readOptions(items: unknown[], source: OptionSource): Promise<Option[]> {
  const seen = new Set<unknown>();
  const options: Option[] = [];
  for (const item of items) {
    const option = await readOption(item, source);
    if (!option || seen.has(option.value)) continue;
    seen.add(option.value);
    options.push(option);
  }
  return options;
}

async function readOption(item: unknown, source: OptionSource): Promise<Option | undefined> {
  const value = source.value === undefined ? firstOf(item, VALUE_NAMES) : await pick(item, source.value);
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  const label = printValue(source.label === undefined ? firstOf(item, LABEL_NAMES) : await pick(item, source.label));
  const group = source.group === undefined ? "" : printValue(await pick(item, source.group));
  const required = source.required !== undefined && isTrue(await pick(item, source.required));
  const type = printValue(propertyOf(item, "type"));
  const sample = printValue(propertyOf(item, "sample") ?? propertyOf(item, "example"));
  return {
    value,
    label: label || String(value),
    ...(group ? { group } : {}),
    ...(required ? { required } : {}),
    ...(type ? { type } : {}),
    ...(sample ? { sample: sample.slice(0, 200) } : {}),
  };
}

/** What `name` is of the item: an expression over `item`, or a property by name, dots going deeper. */
async function pick(item: unknown, name: string): Promise<unknown> {
  if (name.includes("{{")) return evaluateOr(undefined, name, { item });
  return propertyOf(item, name) ?? (name.includes(".") ? name.split(".").reduce<unknown>(propertyOf, item) : undefined);
}

const propertyOf = (item: unknown, name: string): unknown =>
  item !== null && typeof item === "object" && !Array.isArray(item) ? own(item as Record<string, unknown>, name) : undefined;

const firstOf = (item: unknown, names: string[]): unknown =>
  item !== null && typeof item === "object" ? names.map((name) => propertyOf(item, name)).find((value) => value !== undefined) : item;

/** Options whose label, value or group holds every word of `search`. */
export function searchOptions(options: Option[], search: string): Option[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ value, label, group }) => {
    const text = `${label} ${value} ${group ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The inputs of a source's query, evaluated. Rejects with ExpressionError. */
export async function optionInput(source: OptionSource, scope: Record<string, unknown>): Promise<Record<string, unknown>> {
  const input = await evaluateValue(source.with ?? {}, scope);
  return input !== null && typeof input === "object" && !Array.isArray(input) ? (input as Record<string, unknown>) : {};
}
