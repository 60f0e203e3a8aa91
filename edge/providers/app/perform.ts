// Operations of apps, as flows and forms ask for them: the app file's templates become calls, the answers become outputs or errors.
import type { LoggedRequest, LoggedResponse, RunError } from "../../../shared/api/run.ts";
import type { AppFile, OperationRequest } from "../../../shared/flow/app-file.ts";
import type { AccountRpc } from "../../objects/account/rpc.ts";
import type { GuardedFetch } from "../http/guarded-fetch.ts";

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
  /** Where to go on: `nextCursor` of an earlier answer. */
  cursor?: string;
}

/** Runs a query or an action of `app`. `nextCursor` is null on the last page. */
export async function performOperation(
  app: AppFile,
  kind: "query" | "action",
  key: string,
  input: Record<string, unknown>,
  context: PerformContext,
  options: PerformOptions = {},
): Promise<Performed & { nextCursor?: string | null }> {
  void [app, kind, key, input, context, options];
  throw new Error("not here yet");
}

/** Sends a raw request; the output is `{status, headers, body}`, JSON bodies parsed. */
export async function performRequest(request: EvaluatedRequest, context: PerformContext & { app?: AppFile }): Promise<Performed> {
  void [request, context];
  throw new Error("not here yet");
}

/** Sends a request of an app file that is no operation (subscribe, unsubscribe, custom sign-in); the output is `{status, headers, body}`. */
export async function performAppRequest(
  app: AppFile,
  request: OperationRequest,
  scope: Record<string, unknown>,
  context: PerformContext,
): Promise<Performed> {
  void [app, request, scope, context];
  throw new Error("not here yet");
}
