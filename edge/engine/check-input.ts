import type { Field } from "../../shared/flow/field.ts";
import { checkField, isEmpty } from "../../shared/flow/field-rules.ts";
import { matchesPattern } from "./matches-pattern.ts";

export type FormValues = Record<string, unknown>;
export type CheckedInput = { ok: true; values: FormValues } | { ok: false; field: string; message: string };

/** `values` with plain defaults filled in, checked against `fields`; values that no field names pass. `message` names the field. */
export function checkInput(fields: readonly Field[], values: FormValues): CheckedInput {
  const filled = { ...values };
  for (const field of fields) {
    const hasDefault = field.default !== undefined && !(typeof field.default === "string" && field.default.includes("{{"));
    if (hasDefault && isEmpty(filled[field.key])) filled[field.key] = field.default;
    const fault = checkField(field, filled[field.key], matchesPattern);
    if (fault) return { ok: false, field: field.key, message: `${field.label ?? field.key}: ${fault.message}` };
  }
  return { ok: true, values: filled };
}
