// Operations of apps, as flows and forms ask for them: the app file's templates become calls, the answers become outputs or errors.
import type { LoggedRequest, LoggedResponse, RunError } from "../../../shared/api/run.ts";
import type { AppFile, Operation, OperationRequest } from "../../../shared/flow/app-file.ts";
import { hasExpression } from "../../../shared/flow/expression.ts";
import { isEmpty } from "../../../shared/flow/field-rules.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";
import type { AccountRpc } from "../../objects/account/rpc.ts";
import type { GuardedFetch } from "../http/guarded-fetch.ts";
import { type Called, type CallLog, type CallPlan, callApp, expressionError } from "./call.ts";
import { collectPages, type ReadBefore, type Scope, type Unfinished } from "./pages.ts";
import { type RenderedRequest, renderRequest } from "./render-request.ts";

/** What gives and takes back leave to call with an account; a stub of AccountObject is one. */
export type AccountGate = Pick<AccountRpc, "lease" | "report">;

/** One call as the log keeps it: credentials masked, bodies cut at 16 kB. */
export interface Call {
  request: LoggedRequest;
  response?: LoggedResponse;
}

/** What an operation needs around it. `effectKey` goes out in the app's idempotency header; `accounts` is null for calls without an account. */
export interface PerformContext {
  env: Record<string, string>;
  accounts: AccountGate | null;
  effectKey: string;
  signal: AbortSignal;
  /** ms since epoch */
  now: () => number;
  fetch: GuardedFetch;
  /** ms for each call; the guarded fetch's own by default. */
  timeout?: number;
}

/**
 * What came of it. `retryAfter` (ms) is what the provider asked for; `wait.until` (ms since epoch) says that the account's budget has no
 * room before then and nothing was called. `tasks` counts the calls made.
 */
export type Performed =
  | { ok: true; output: unknown; calls: Call[]; tasks: number }
  | { ok: false; error: RunError; retryAfter?: number; wait?: { until: number }; calls: Call[]; tasks: number };

/** A raw request, its expressions evaluated already. A body that is no string goes out as JSON. */
export interface EvaluatedRequest {
  method: string;
  url: string;
  headers?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export interface PerformOptions {
  /** How many pages at most, below the app file's own `max`; 1 gives `nextCursor`. */
  pages?: number;
  /** Where to go on: `nextCursor` of an earlier answer, or `unfinished.cursor`. */
  cursor?: string;
  /** What was read up to `cursor`: it belongs to the output. */
  before?: ReadBefore;
}

/** Runs a query or an action of `app`. `nextCursor` is null on the last page; `unfinished` says how to go on where some pages were read. */
export async function performOperation(
  app: AppFile,
  kind: "query" | "action",
  key: string,
  input: Record<string, unknown>,
  context: PerformContext,
  options: PerformOptions = {},
): Promise<Performed & { nextCursor?: string | null; unfinished?: Unfinished }> {
  const log: CallLog = { calls: [], tasks: 0 };
  const operation = (kind === "query" ? app.queries : app.actions)[key];
  if (!operation) return { ok: false, error: invalid("unknown_operation", `${app.name} has no ${kind} “${key}”`), ...log };
  const filled = fillInput(operation, input);
  if (!filled.ok) return { ok: false, error: filled.error, ...log };
  const scope = { env: context.env, input: filled.input };
  try {
    const result = operation.page
      ? await collectPages(app, operation, operation.page, scope, context, options, log)
      : await performOnce(app, operation, scope, context, log);
    return { ...result, ...log };
  } catch (error) {
    return { ok: false, error: expressionError(error), ...log };
  }
}

type Outcome = { ok: true; output: unknown } | Extract<Called, { ok: false }>;

async function performOnce(app: AppFile, operation: Operation, scope: Scope, context: PerformContext, log: CallLog): Promise<Outcome> {
  const { request, missing } = operation;
  const idempotency = request.idempotency ? { headers: { ...request.headers, [request.idempotency]: context.effectKey } } : {};
  const render = (account: Record<string, string>) => renderRequest(app, { ...request, ...idempotency }, { ...scope, account });
  const called = await callApp({ name: app.name, render, rules: app.errors, scope, fine: missing?.status }, context, log);
  if (!called.ok) return called;
  const { answer, account } = called;
  const seen = { ...scope, ...answer, account };
  if (missing && answer.status === missing.status) return { ok: true, output: await evaluateValue(missing.output, seen) };
  return { ok: true, output: operation.output === undefined ? answer.body : await evaluateValue(operation.output, seen) };
}

/** Fills in the declared defaults, and refuses an input that lacks what is required. */
function fillInput(
  operation: Operation,
  given: Record<string, unknown>,
): { ok: true; input: Record<string, unknown> } | { ok: false; error: RunError } {
  const input = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const field of operation.input ?? []) {
    if (isEmpty(input[field.key]) && field.default !== undefined && !hasExpression(field.default)) input[field.key] = field.default;
    if (field.required === true && isEmpty(input[field.key])) {
      const error = invalid("required", `the input “${field.label ?? field.key}” is missing: give ${field.key} a value`);
      return { ok: false, error: { ...error, params: { input: field.label ?? field.key }, field: `input.${field.key}` } };
    }
  }
  return { ok: true, input };
}

const invalid = (code: string, message: string): RunError => ({ code, message, class: "invalid", retryable: false });

/** Sends a raw request; the output is `{status, headers, body}`, JSON bodies parsed. Credentials go to the hosts of the account's app alone. */
export async function performRequest(request: EvaluatedRequest, context: PerformContext & { app?: AppFile }): Promise<Performed> {
  const { method, url, headers = {}, query = {}, body } = request;
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, printValue(value)]],
  );
  const rendered: RenderedRequest = {
    method,
    url,
    headers: withKey(method, Object.fromEntries(texts), context.effectKey),
    query,
    body,
    encoding: isForm(headers) ? "form" : "json",
  };
  const name = context.app?.name ?? URL.parse(url)?.host ?? "the address";
  const rules = context.app?.errors ?? [];
  return answerOf({ name, render: async () => rendered, rules, scope: { env: context.env }, strict: true }, context);
}

/** Calls that change something carry their effect key, so that a target can tell a repeated one; a step's own key goes before it. */
function withKey(method: string, headers: Record<string, string>, effectKey: string): Record<string, string> {
  const isSafe = method === "GET" || method === "HEAD" || method === "OPTIONS";
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === "idempotency-key");
  return isSafe || hasOwn ? headers : { ...headers, "idempotency-key": effectKey };
}

const isForm = (headers: Record<string, unknown>) =>
  Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === "content-type" && String(value).startsWith("application/x-www-form-urlencoded"),
  );

/** Sends a request of an app file that is no operation (subscribe, unsubscribe, custom sign-in); the output is `{status, headers, body}`. */
export async function performAppRequest(
  app: AppFile,
  request: OperationRequest,
  scope: Record<string, unknown>,
  context: PerformContext,
): Promise<Performed> {
  const whole = { env: context.env, ...scope };
  const render = (account: Record<string, string>) => renderRequest(app, request, { account, ...whole });
  return answerOf({ name: app.name, render, rules: app.errors, scope: whole }, context);
}

async function answerOf(plan: CallPlan, context: PerformContext): Promise<Performed> {
  const log: CallLog = { calls: [], tasks: 0 };
  const called = await callApp(plan, context, log);
  return called.ok ? { ok: true, output: called.answer, ...log } : { ...called, ...log };
}
