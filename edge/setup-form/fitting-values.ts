// A newer version may ask for something of another kind under the same key.
import type { Field } from "../../shared/flow/field.ts";
import { isEmpty } from "../../shared/flow/field-rules.ts";

const LISTS = /^(list|multiselect|checkboxes|mapping|value_map)$/;
const SINGLES = /^(text|textarea|email|url|number|toggle|date|time|datetime|select|radio)$/;

/**
 * `values` as the controls of `fields` can show them. What one cannot show becomes null, as if nothing was entered: it would not be seen, be
 * refused, and nobody could take it away. `isFinished`: as an integration has them; of a draft, numbers may be half-written text.
 */
export function fittingValues(
  fields: readonly Pick<Field, "key" | "type">[],
  values: Readonly<Record<string, unknown>>,
  isFinished: boolean,
): Record<string, unknown> {
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const isMisfit = ([key, value]: [string, unknown]) => {
    const type = types.get(key) ?? "";
    if (isEmpty(value)) return false;
    if (LISTS.test(type)) return !Array.isArray(value);
    if (SINGLES.test(type) && typeof value === "object") return true;
    return isFinished && ((type === "number" && typeof value !== "number") || (type === "toggle" && typeof value !== "boolean"));
  };
  return Object.fromEntries(Object.entries(values).map((entry) => [entry[0], isMisfit(entry) ? null : entry[1]]));
}
