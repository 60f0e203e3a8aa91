// Every refusal of this Worker has one shape: RFC 9457 `application/problem+json` with a stable `code`.
import type { Context } from "hono";
import { type FieldProblem, PROBLEM_STATUS, type Problem, type ProblemCode } from "../../shared/api/problem.ts";
import type { Why } from "../../shared/api/run.ts";
import type { Refusal } from "../objects/integration/rpc.ts";
import { logRefusal } from "../security/log-line.ts";
import { requestOf } from "./request-of.ts";

const TITLES: Record<ProblemCode, string> = {
  bad_request: "The request is not well formed",
  invalid: "Some of what was sent cannot be accepted",
  unauthenticated: "Sign in first",
  token_expired: "The token has expired",
  forbidden: "Not allowed",
  not_found: "Not found",
  gone: "No longer there",
  method_not_allowed: "The method is not allowed here",
  request_timeout: "The request did not arrive in time",
  conflict: "Something else has changed this meanwhile",
  in_use: "Still in use",
  already_exists: "Exists already",
  precondition_failed: "Changed since it was read",
  too_large: "Too large",
  unsupported_media_type: "The content type is not understood",
  idempotency_mismatch: "The Idempotency-Key was used for something else",
  rate_limited: "Too many requests",
  quota_exceeded: "The quota is used up",
  queue_full: "Too much is waiting already",
  account_needed: "An account must be connected first",
  account_expired: "The account must be connected again",
  app_failed: "The app answered with an error",
  app_timeout: "The app did not answer in time",
  disabled: "Switched off",
  internal: "Something went wrong on our side",
  unavailable: "Not available at the moment",
};

export interface ProblemOptions {
  errors?: FieldProblem[] | undefined;
  /** Whole seconds for `Retry-After`. */
  retryAfter?: number | undefined;
  headers?: Record<string, string> | undefined;
  /** Further members of the problem (RFC 9457, 3.2), such as what the thing has come to meanwhile. */
  more?: Record<string, string | number> | undefined;
  /** What was at fault, by the code of a run's error, for whoever says it in another language: goes out as the error at `app`. */
  why?: Pick<Why, "code" | "params"> | undefined;
}

/** A refusal thrown from below a route; `onError` of the app answers with it. `detail` tells the user what to do. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = "ProblemError";
    this.code = code;
    this.options = options;
  }
}

/** Refusals that the log tells of: whoever is not let in, asks for too much, or sends what nobody sends by accident. */
const LOGGED: ReadonlySet<ProblemCode> = new Set([
  ...(["unauthenticated", "token_expired", "forbidden", "rate_limited", "queue_full"] as const),
  ...(["bad_request", "invalid", "request_timeout", "too_large", "unsupported_media_type", "idempotency_mismatch"] as const),
]);

/** What an answer with `code` says. */
export function problemBody(code: ProblemCode, detail: string | undefined, options: ProblemOptions, requestId: unknown): Problem {
  const body: Problem = { ...options.more, type: `/docs#problem-${code}`, title: TITLES[code], status: PROBLEM_STATUS[code], code };
  if (detail !== undefined) body.detail = detail;
  const errors = options.errors ?? (options.why && [{ path: "app", message: detail ?? "", ...options.why }]);
  if (errors?.length) body.errors = errors;
  if (typeof requestId === "string") body.requestId = requestId;
  return body;
}

/** The refusal `code` as a response. `detail` tells the user what to do; it never holds a secret. */
export function problem(c: Context, code: ProblemCode, detail?: string, options: ProblemOptions = {}): Response {
  const status = PROBLEM_STATUS[code];
  if (LOGGED.has(code)) logRefusal("refused", { code, status, ...requestOf(c) });
  const body = problemBody(code, detail, options, c.get("requestId"));
  const headers: Record<string, string> = { "content-type": "application/problem+json", ...options.headers };
  if (options.retryAfter !== undefined) headers["retry-after"] = String(Math.max(0, Math.ceil(options.retryAfter)));
  return c.body(JSON.stringify(body), status, headers);
}

const BY_STATUS = new Map<number, ProblemCode>([
  [400, "bad_request"],
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "not_found"],
  [405, "method_not_allowed"],
  [408, "request_timeout"],
  [409, "conflict"],
  [410, "gone"],
  [412, "precondition_failed"],
  [413, "too_large"],
  [415, "unsupported_media_type"],
  [422, "invalid"],
  [429, "rate_limited"],
  [503, "unavailable"],
]);

/** The general code for `status`, where whoever refused knows none of ours. */
export const codeOfStatus = (status: number): ProblemCode => BY_STATUS.get(status) ?? (status >= 500 ? "internal" : "bad_request");

/** What a refusal of an object says, as a problem: its own code where that is one of ours, else the one of its status. */
export function refusalProblem(
  refusal: Pick<Refusal, "code" | "message" | "retryAfter" | "allow" | "errors"> & { status: number },
): ProblemError {
  const known = Object.keys(PROBLEM_STATUS).find((code) => code === refusal.code);
  const code = (known as ProblemCode | undefined) ?? codeOfStatus(refusal.status);
  const headers = refusal.allow === undefined ? undefined : { allow: refusal.allow };
  return new ProblemError(code, refusal.message, { retryAfter: refusal.retryAfter, errors: refusal.errors, headers });
}
