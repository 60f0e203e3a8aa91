// Why an account form or a preview was refused, in the user's language by its code. English is the edge's own, which says more.
import type { Attempt } from "../../shared/api/account.ts";
import type { FormField } from "../../shared/api/flow.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { ApiError } from "../api/api-error.ts";
import { describeError } from "./describe-error.ts";
import { describeFault, type Told } from "./describe-why.ts";
import type { MessageKey } from "./en.ts";
import type { I18n } from "./i18n.ts";

const SAID: Record<string, MessageKey> = {
  required: "connect.required",
  type: "field.fault.pattern",
  minLength: "field.fault.pattern",
  maxLength: "field.fault.pattern",
  pattern: "field.fault.pattern",
  option: "field.fault.choose",
  character: "connect.character",
  address: "connect.address",
  invalid: "connect.refused",
  unavailable: "connect.unavailable",
  setting: "connect.setting",
  other_account: "connect.other",
  sign_in: "connect.error",
};

const isEnglish = ({ locale }: I18n) => /^en\b/.test(locale);

/** What keeps a block or an account of a preview from being asked. */
export const describeRefused = (i18n: I18n, told: Told): string => (isEnglish(i18n) ? told.message : describeFault(i18n, told).text);

/** Why a question to an app was not answered. */
export function describeCall(i18n: I18n, error: ApiError): string {
  const fault = isEnglish(i18n) ? undefined : error.errors.find(({ path }) => path === "app");
  const empty = fault?.code === "required" && fault.params?.input;
  if (empty) return i18n.msg("field.fillFirst", { name: empty });
  return fault ? describeFault(i18n, fault).text : describeError(i18n, error);
}

/** What came of a test or a sign-in at an app. */
export const describeOutcome = (i18n: I18n, message: string, why: Attempt["why"]): string =>
  !why || isEnglish(i18n) ? message : describeRefusal(i18n, { path: "app", message, ...why });

/** `errors` of a form with `fields`, in words. Those of whoever wrote the app for a value that does not fit stay as they are, as does a code that is new. */
export const describeRefusals = (i18n: I18n, errors: readonly FieldProblem[], fields: readonly FormField[]): readonly FieldProblem[] =>
  isEnglish(i18n)
    ? errors
    : errors.map((error) => {
        const field = fields.find(({ key }) => error.path === `fields.${key}`);
        return error.message === field?.validate?.message ? error : { ...error, message: describeRefusal(i18n, error) };
      });

function describeRefusal(i18n: I18n, { code, message, params = {} }: FieldProblem): string {
  const key = SAID[code];
  if (!key && code.startsWith("account_")) return describeFault(i18n, { code, message, params }).text;
  if (!key || (params.app === undefined && /^connect\.(refused|unavailable|setting|other|error)$/.test(key))) return message;
  const said = i18n.msg(key, params);
  // A host's own language may lack it, and the form's English may not be loaded.
  if (said === key) return message;
  const answer = params.status === undefined && !params.said ? "" : describeFault(i18n, { code, message, params }).text;
  return `${said} ${answer}`.trim();
}
