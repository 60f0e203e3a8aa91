// Why an account form was refused, in the user's language by its code. English is the edge's own, which says more. Loaded with the first refusal.
import type { FieldProblem } from "../../shared/api/problem.ts";
import { describeFault } from "./describe-why.ts";
import type { MessageKey } from "./en.ts";
import type { I18n } from "./i18n.ts";
import "./setup/words.ts";

const SAID: Record<string, MessageKey> = {
  required: "connect.required",
  type: "field.fault.pattern",
  pattern: "field.fault.pattern",
  option: "field.fault.choose",
  character: "connect.character",
  address: "connect.address",
  invalid: "connect.refused",
  unavailable: "connect.unavailable",
  setting: "connect.setting",
  other_account: "connect.other",
};
const LENGTHS: Record<string, MessageKey> = { minLength: "field.fault.minLength", maxLength: "field.fault.maxLength" };

/** `own`: the words of whoever wrote the app for a value that does not fit; they stay as they are, and so does a code that is new. */
export function describeRefusal(i18n: I18n, { code, message, params = {} }: FieldProblem, own?: string): string {
  if (/^en\b/.test(i18n.locale) || message === own) return message;
  const length = LENGTHS[code];
  if (length) return i18n.msg(length, { count: Number(params[code === "minLength" ? "min" : "max"] ?? 0) });
  const key = SAID[code];
  if (!key || (params.app === undefined && /^connect\.(refused|unavailable|setting|other)$/.test(key))) return message;
  const answer = params.status === undefined ? "" : describeFault(i18n, { code, message, params: texts(params) }).text;
  return `${i18n.msg(key, params)} ${answer}`.trim();
}

const texts = (params: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
