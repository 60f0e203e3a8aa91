import type { Field } from "../../shared/flow/field.ts";
import { type FieldFault, isEmpty } from "../../shared/flow/field-rules.ts";

/** The values of options that stand in the file; undefined where an app or a block gives them. */
export function offeredBy(options: Field["options"]): Set<unknown> | undefined {
  return Array.isArray(options) ? new Set(options.map((one) => (typeof one === "object" ? one.value : one))) : undefined;
}

const isScalar = (value: unknown) => typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Refuses what a field with options does not offer. Of options that an app or a block gives, anything may be one. */
export function checkChoice(field: Field, value: unknown): FieldFault | undefined {
  const { type } = field;
  if (isEmpty(value) || (type !== "select" && type !== "radio" && type !== "multiselect" && type !== "checkboxes")) return undefined;
  const isOne = type === "select" || type === "radio";
  const chosen = isOne ? [value] : Array.isArray(value) ? value : [];
  const offered = offeredBy(field.options);
  const isFine = (one: unknown) => isScalar(one) && (!offered || offered.has(one));
  return chosen.every(isFine) ? undefined : { code: "option", message: "Choose one of the options" };
}
