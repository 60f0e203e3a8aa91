import type { ApiError } from "../api/api-error.ts";
import type { MessageKey } from "./en.ts";
import type { I18n } from "./i18n.ts";

const OURS: Partial<Record<ApiError["code"], MessageKey>> = {
  network: "error.network",
  unauthenticated: "error.unauthenticated",
  token_expired: "error.unauthenticated",
  rate_limited: "error.rate_limited",
  unavailable: "error.unavailable",
  internal: "error.internal",
};

/** What happened and what to do, for the user: our words for what can happen to any call, the edge's for the rest. */
export function describeError(i18n: I18n, error: ApiError): string {
  const key = OURS[error.code];
  if (key) return i18n.msg(key);
  return error.message || i18n.msg(error.status === 404 ? "error.not_found" : "error.internal");
}
