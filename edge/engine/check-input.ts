import type { FieldProblem } from "../../shared/api/problem.ts";
import type { Field } from "../../shared/flow/field.ts";
import { checkField, isEmpty } from "../../shared/flow/field-rules.ts";
import { checkChoice } from "./check-choice.ts";
import { matchesPattern } from "./matches-pattern.ts";

export type FormValues = Record<string, unknown>;
export type CheckedInput = { ok: true; values: FormValues } | { ok: false; field: string; message: string; errors: FieldProblem[] };

/** `values` with plain defaults filled in, checked against `fields`; values that no field names pass. `field` and `message` are of the first fault. */
export function checkInput(fields: readonly Field[], values: FormValues): CheckedInput {
  const filled = { ...values };
  const errors: FieldProblem[] = [];
  for (const field of fields) {
    const hasDefault = field.default !== undefined && !(typeof field.default === "string" && field.default.includes("{{"));
    if (hasDefault && isEmpty(filled[field.key])) filled[field.key] = field.default;
    const value = filled[field.key];
    const fault = checkField(field, value, matchesPattern) ?? checkChoice(field, value);
    if (fault) errors.push({ ...fault, path: field.key, message: `${field.label ?? field.key}: ${fault.message}` });
  }
  const [first] = errors;
  return first ? { ok: false, field: first.path, message: first.message, errors } : { ok: true, values: filled };
}
