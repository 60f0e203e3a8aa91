// Rules of a value that the widget leaves to the edge: options of the file, time zones, durations, and sizes.

import type { Field } from "../../shared/flow/field.ts";
import { type FieldFault, isEmpty } from "../../shared/flow/field-rules.ts";
import { findJsonFault } from "../../shared/flow/find-json-fault.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { checkChoice, offeredBy } from "../engine/check-choice.ts";
import { checkFrom, pairsOf } from "../engine/map-fields.ts";

/** Items of a list, choices or pairs of one field. */
const MAX_ITEMS = 1_000;
/** Characters of one field's value as JSON. */
const MAX_SIZE = 100_000;

/** The first fault of a value that has passed `checkField`. */
export function checkValue(field: Field, value: unknown): FieldFault | undefined {
  if (Array.isArray(value) && value.length > MAX_ITEMS)
    return { code: "maxLength", message: `Enter at most ${MAX_ITEMS}`, params: { max: MAX_ITEMS } };
  if (JSON.stringify(value).length > MAX_SIZE)
    return { code: "maxLength", message: "This is too long to be stored", params: { max: MAX_SIZE } };
  switch (field.type) {
    case "select":
    case "radio":
    case "multiselect":
    case "checkboxes":
      return checkChoice(field, value);
    case "timezone":
      return isTimeZone(String(value)) ? undefined : { code: "type", message: "Choose a time zone, such as Europe/Vienna" };
    case "duration":
      return typeof value === "string" && parseDuration(value) !== undefined
        ? undefined
        : { code: "type", message: "Enter a duration, such as 30m or 2h" };
    case "code":
      return field.language?.toLowerCase() === "json" ? checkJson(String(value)) : undefined;
    case "mapping":
    case "value_map":
      return checkPairs(field, value);
    default:
      return undefined;
  }
}

function checkPairs(field: Field, value: unknown): FieldFault | undefined {
  const [from, to] = [offeredBy(field.from), offeredBy(field.to)];
  const pairs = pairsOf(value);
  if (pairs.some((pair) => isEmpty(pair.from) || isEmpty(pair.to))) return { code: "required", message: "Choose both sides of each pair" };
  for (const pair of pairs) {
    const wrong = checkFrom(pair.from);
    if (wrong !== undefined) return { code: "rule", message: `What goes into “${pair.to}” cannot be computed: ${wrong}` };
  }
  const isExpression = (side: unknown) => field.type === "mapping" && typeof side === "string" && side.includes("{{");
  const isFine = pairs.every((pair) => (!from || from.has(pair.from) || isExpression(pair.from)) && (!to || to.has(pair.to)));
  return isFine ? undefined : { code: "option", message: "Choose from the fields offered" };
}

/** `line` and `column` say where the text stops being JSON. What the JSON says is the flow's matter. */
function checkJson(text: string): FieldFault | undefined {
  const place = findJsonFault(text);
  return place && { code: "json", message: `This is not valid JSON: line ${place.line}, column ${place.column}`, params: { ...place } };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
