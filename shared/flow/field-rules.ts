// The rules that need no server: presence, type and `validate`, without its `rule`. The edge decides; the widget asks the same first.
import type { Field } from "./field.ts";
import { parseDuration } from "./parse-duration.ts";

/** Why a value is refused. `code` is stable; the widget has words for each, `message` is the builder's own where there is one. */
export interface FieldFault {
  code: "required" | "type" | "min" | "max" | "minLength" | "maxLength" | "pattern" | "option" | "rule" | "account" | "unmapped" | "json";
  message: string;
  params?: Record<string, string | number>;
}

/** What the rules look at: a field of a flow file, or the same field as the widget gets it. */
export type CheckedField = Pick<Field, "type" | "required" | "validate">;

/** Whether `value` counts as nothing entered: null, undefined, blank text, an empty list. */
export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === "string" && value.trim() === "") ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Whether `value` fits `pattern`; throws where the pattern is none. */
export type MatchesPattern = (pattern: string, value: string) => boolean;

/** What a browser may do with its own user's time. The edge passes one that cannot run for ever (`engine/matches-pattern.ts`). */
const matchesNatively: MatchesPattern = (pattern, value) => new RegExp(pattern, "u").test(value);

/** The first fault of `value` for `field`, or undefined. Never looks at options, at `when` or at `rule`. */
export function checkField(field: CheckedField, value: unknown, matches: MatchesPattern = matchesNatively): FieldFault | undefined {
  if (isEmpty(value)) return field.required === true ? { code: "required", message: "Fill this in" } : undefined;
  return checkType(field, value) ?? checkBounds(field, value) ?? checkPattern(field, value, matches);
}

const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}(:\d{2})?$/;

function checkType(field: CheckedField, value: unknown): FieldFault | undefined {
  const fault = (message: string): FieldFault => ({ code: "type", message });
  switch (field.type) {
    case "text":
    case "textarea":
    case "secret":
    case "timezone":
    case "code":
      return typeof value === "string" ? undefined : fault("Enter text");
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? undefined : fault("Enter a number");
    case "toggle":
      return typeof value === "boolean" ? undefined : fault("Switch this on or off");
    case "email":
      return typeof value === "string" && EMAIL.test(value) ? undefined : fault("Enter an e-mail address, such as ada@example.com");
    case "url":
      return isWebAddress(value) ? undefined : fault("Enter a web address that starts with https://");
    case "date":
      return typeof value === "string" && DATE.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : fault("Enter a date");
    case "time":
      return typeof value === "string" && TIME.test(value) ? undefined : fault("Enter a time");
    case "datetime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? undefined : fault("Enter a date and time");
    case "multiselect":
    case "checkboxes":
    case "list":
      return Array.isArray(value) ? undefined : fault("Choose from the list");
    case "mapping":
    case "value_map":
      return Array.isArray(value) && value.every(isPair) ? undefined : fault("Pair the fields");
    case "object":
      return typeof value === "object" && !Array.isArray(value) ? undefined : fault("Fill in the fields");
    default:
      return undefined;
  }
}

const WEB_ADDRESS = /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/i;

function isWebAddress(value: unknown): boolean {
  return typeof value === "string" && WEB_ADDRESS.test(value);
}

function isPair(pair: unknown): boolean {
  return pair !== null && typeof pair === "object" && "from" in pair && "to" in pair;
}

function checkBounds({ type, validate }: CheckedField, value: unknown): FieldFault | undefined {
  if (!validate) return undefined;
  const { min, max, minLength, maxLength, message } = validate;
  const size = typeof value === "string" ? value.length : Array.isArray(value) ? value.length : undefined;
  /** Text in the order of what it stands for: dates and times are, as they are. */
  const orderly = (one: unknown): string | number | undefined =>
    type === "duration" ? parseDuration(String(one)) : typeof one === "string" || typeof one === "number" ? one : undefined;
  const [given, least, most] = [value, min, max].map(orderly);
  if (min !== undefined && given !== undefined && least !== undefined && given < least)
    return { code: "min", message: message ?? `Enter ${min} or more`, params: { min } };
  if (max !== undefined && given !== undefined && most !== undefined && given > most)
    return { code: "max", message: message ?? `Enter ${max} or less`, params: { max } };
  if (minLength !== undefined && size !== undefined && size < minLength)
    return { code: "minLength", message: message ?? `Enter at least ${minLength}`, params: { min: minLength } };
  if (maxLength !== undefined && size !== undefined && size > maxLength)
    return { code: "maxLength", message: message ?? `Enter at most ${maxLength}`, params: { max: maxLength } };
  return undefined;
}

function checkPattern({ validate }: CheckedField, value: unknown, matches: MatchesPattern): FieldFault | undefined {
  if (validate?.pattern === undefined || typeof value !== "string" || value.length > 10_000) return undefined;
  try {
    if (matches(validate.pattern, value)) return undefined;
  } catch {
    return undefined;
  }
  return { code: "pattern", message: validate.message ?? "This does not have the expected form" };
}
