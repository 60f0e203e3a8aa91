// One call with an account: leave first, then the wait that it asks for, the request, the report; once more after a refresh that helped.
import type { RunError } from "../../../shared/api/run.ts";
import type { AppFile } from "../../../shared/flow/app-file.ts";
import { ExpressionError } from "../../engine/expression.ts";
import { UrlShapeError } from "../../engine/join-url.ts";
import type { Carry, Lease } from "../../objects/account/rpc.ts";
import type { FetchAnswer } from "../http/guarded-fetch.ts";
import { limitHeaders } from "../http/retry-after.ts";
import { type Answer, type Failure, judgeAnswer, judgeFault, readAnswer } from "./answer.ts";
import { mayCarryTo } from "./carry.ts";
import type { Call, PerformContext } from "./perform.ts";
import { logRequest, logResponse, maskValues } from "./redact.ts";
import { type RenderedRequest, toGuardedRequest } from "./render-request.ts";

/** Waits up to this many ms are slept; longer ones are handed to the caller as `wait`. */
export const SHORT_WAIT = 5_000;
/** Calls that the log keeps of one operation: the last ones. */
const MAX_LOGGED = 10;

/** What to call and how to judge the answer. `render` gets the account's fields that are no secret. */
export interface CallPlan {
  /** Who answers, in words. */
  name: string;
  render: (account: Record<string, string>) => Promise<RenderedRequest>;
  rules: AppFile["errors"];
  scope: Record<string, unknown>;
  /** An answer with this status is no failure. */
  fine?: number | undefined;
  /** Refuse hosts that the account's credentials are not for, instead of calling them without. */
  strict?: boolean;
  /** ms to wait for the account's budget. */
  patience?: number;
}

/** Calls and their number, over all pages of one operation. */
export interface CallLog {
  calls: Call[];
  tasks: number;
}

export type Called =
  | { ok: true; answer: Answer; account: Record<string, string> }
  | { ok: false; error: RunError; retryAfter?: number; wait?: { until: number } };

const NO_CARRY: Carry = { headers: {}, query: {}, body: {}, redact: [], hosts: [], fields: {} };

/** Calls once; a second time where the account was refused as not signed in and has been refreshed. Never throws for what others do wrong. */
export async function callApp(plan: CallPlan, context: PerformContext, log: CallLog): Promise<Called> {
  for (let attempt = 0; ; attempt++) {
    const lease = await askLease(context, plan.patience ?? SHORT_WAIT);
    if (!lease.ok) return refusedLease(lease, plan.name);
    const result = await callOnce(plan, context, lease, log);
    if (!result.again || attempt > 0) return result.called;
  }
}

type Leased = Extract<Lease, { ok: true }>;

async function askLease({ accounts }: PerformContext, maxDelay: number): Promise<Lease> {
  if (!accounts) return { ok: true, lease: -1, delay: 0, carry: NO_CARRY };
  try {
    return await accounts.lease({ maxDelay });
  } catch (error) {
    const message = `the account cannot be reached right now: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, reason: "broken", message, retryAt: 0 };
  }
}

function refusedLease(lease: Exclude<Lease, { ok: true }>, app: string): Called {
  const code = `account_${lease.reason}`;
  if (!("retryAt" in lease))
    return { ok: false, error: { code, message: lease.message, class: "auth", retryable: false, params: { app } } };
  const kind = lease.reason === "throttled" ? "rate_limit" : "intermittent";
  const error = { code, message: lease.message, class: kind, retryable: true, params: { app } };
  return { ok: false, error, ...(lease.retryAt > 0 ? { wait: { until: lease.retryAt } } : {}) };
}

async function callOnce(plan: CallPlan, context: PerformContext, lease: Leased, log: CallLog): Promise<{ again: boolean; called: Called }> {
  const { carry } = lease;
  const report = async (
    status: number | "network" | "unsent",
    rest: { retryAfter?: number; auth?: boolean; limitHeaders?: Record<string, string>; sentAt?: number } = {},
  ) => {
    if (!context.accounts) return { retry: false, ended: true };
    return context.accounts.report({ lease: lease.lease, status, ...rest }).catch(() => ({ retry: false, later: true }));
  };
  const refuse = async (error: RunError) => {
    await report("unsent");
    return { again: false, called: { ok: false, error } as const };
  };

  const rendered = await tryRender(plan, carry.fields);
  if (!rendered.ok) return refuse(rendered.error);
  const mayCarry = mayCarryTo(carry.hosts, rendered.request.url);
  if (plan.strict && context.accounts && !mayCarry)
    return refuse({
      code: "host_not_allowed",
      message: `this account may only be used with ${carry.hosts.join(", ") || "its own app"}; use an address there, or no account`,
      class: "invalid",
      retryable: false,
    });
  const request = toGuardedRequest(rendered.request, mayCarry ? carry : null);
  if (!(await sleep(lease.delay, context.signal)))
    return refuse({ code: "canceled", message: "the call was canceled", class: "canceled", retryable: false });

  const sentAt = context.now();
  const result = await context.fetch({ ...request, signal: context.signal, ...(context.timeout ? { timeout: context.timeout } : {}) });
  if (result.ok || result.code !== "blocked") log.tasks++;
  log.calls.push({ request: logRequest(request, carry.redact), ...(result.ok ? { response: logResponse(result, carry.redact) } : {}) });
  if (log.calls.length > MAX_LOGGED) log.calls.shift();
  const judged = await judge(plan, context, result.ok ? withoutCredentials(result, carry.redact) : result, carry);
  const isAuth = !judged.ok && judged.error.class === "auth";
  const answer: ReportAnswer = await report(reportedStatus(result, judged), {
    sentAt,
    ...(isAuth ? { auth: true } : {}),
    ...(!judged.ok && judged.retryAfter !== undefined ? { retryAfter: judged.retryAfter } : {}),
    ...(result.ok ? { limitHeaders: limitHeaders(result.headers) } : {}),
  });
  return { again: isAuth && answer.retry, called: isAuth ? reclass(judged, answer) : judged };
}

/** Shorter credentials are words that may stand in data by chance. */
const SURELY_A_CREDENTIAL = 16;

/** An app that repeats what it was sent must not carry the account's credentials into outputs, where they would be stored and shown. */
function withoutCredentials(answer: FetchAnswer, secrets: readonly string[]): FetchAnswer {
  const sure = secrets.filter((secret) => secret.length >= SURELY_A_CREDENTIAL);
  if (!sure.length) return answer;
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, maskValues(value, sure)]);
  return { ...answer, headers: Object.fromEntries(headers) as Record<string, string>, body: maskValues(answer.body, sure) };
}

type ReportAnswer = Awaited<ReturnType<NonNullable<PerformContext["accounts"]>["report"]>>;

/** A refusal as not signed in is the account's only where the account has ended by it; else it is this call's, or one to try again. */
function reclass(judged: Called, { ended, later }: ReportAnswer): Called {
  if (judged.ok || ended) return judged;
  const kind = later ? { class: "intermittent", retryable: true } : { class: "invalid", retryable: false };
  return { ...judged, error: { ...judged.error, ...kind } };
}

/** What the account's budget and breaker should see: a rate limit told in another status, or in a 200, counts as 429. */
function reportedStatus(result: Awaited<ReturnType<PerformContext["fetch"]>>, judged: Called): number | "network" | "unsent" {
  if (!result.ok) return result.code === "blocked" ? "unsent" : result.code === "network" || result.code === "timeout" ? "network" : 200;
  return !judged.ok && judged.error.class === "rate_limit" ? 429 : result.status;
}

async function judge(
  plan: CallPlan,
  context: PerformContext,
  result: Awaited<ReturnType<PerformContext["fetch"]>>,
  carry: Carry,
): Promise<Called> {
  const mask = ({ error, retryAfter }: Failure): Called => ({
    ok: false,
    error: maskError(error, carry.redact),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
  if (!result.ok) return mask(judgeFault(result));
  const answer = readAnswer(result satisfies FetchAnswer);
  try {
    const scope = { ...plan.scope, account: carry.fields };
    const failed = answer.status === plan.fine ? undefined : await judgeAnswer(answer, plan.rules, scope, plan.name, context.now());
    return failed ? mask(failed) : { ok: true, answer, account: carry.fields };
  } catch (error) {
    return { ok: false, error: expressionError(error) };
  }
}

/** `error` without `secrets`, which a provider may have repeated in its words. */
function maskError({ params, ...error }: RunError, secrets: readonly string[]): RunError {
  const masked = params && Object.fromEntries(Object.entries(params).map(([name, value]) => [name, maskValues(value, secrets)]));
  return { ...error, message: maskValues(error.message, secrets), ...(masked && { params: masked }) };
}

async function tryRender(
  plan: CallPlan,
  account: Record<string, string>,
): Promise<{ ok: true; request: RenderedRequest } | { ok: false; error: RunError }> {
  try {
    return { ok: true, request: await plan.render(account) };
  } catch (error) {
    return { ok: false, error: expressionError(error) };
  }
}

/** The run's error for a template that cannot be evaluated. Rethrows everything else: that is a bug. */
export function expressionError(error: unknown): RunError {
  if (error instanceof UrlShapeError) return { code: "bad_address", message: error.message, class: "invalid", retryable: false };
  if (!(error instanceof ExpressionError)) throw error;
  const position = error.position === undefined ? {} : { position: error.position };
  return { code: `expression_${error.code}`, message: error.message, class: "expression", retryable: false, ...position };
}

/** Whether nothing was called because of the address itself: it is out of shape, or nothing may be called there. */
export const isAddressFault = ({ code }: RunError): boolean => code === "bad_address" || code === "blocked";

/** Sleeps `ms`; false where `signal` ended it first. */
export function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve(true);
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
