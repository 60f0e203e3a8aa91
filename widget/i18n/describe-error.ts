import type { ApiError } from "../api/api-error.ts";
import type { MessageKey } from "./en.ts";
import type { I18n } from "./i18n.ts";

/** What can happen to any call: in our words, also in English. */
const OURS = /^(network|un|token|rate|internal)/;
/** Codes that are told in the words of another. */
const TOLD_AS: Record<string, string> = {
  token_expired: "unauthenticated",
  precondition_failed: "conflict",
  app_timeout: "app_failed",
  account_expired: "account_needed",
};

/** What happened and what to do, for the user. English has the edge's own words for the rest, which say more than words by code can. */
export function describeError(i18n: I18n, { code, message }: ApiError): string {
  const key = `error.${TOLD_AS[code] ?? code}` as MessageKey;
  const said = i18n.msg(key);
  if (said !== key && (!message || OURS.test(code) || !/^en\b/.test(i18n.locale))) return said;
  return message || i18n.msg("error.internal");
}
