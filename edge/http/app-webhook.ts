// Calls to an app's one webhook for all customers: who sent it, and whom it is about.
import type { AppWebhook } from "../../shared/flow/app-file.ts";
import { type AppHookRow, ensureAppHook, findAppHook } from "../db/app-hooks.ts";
import { catalogue } from "../db/catalogue.ts";
import { findApp } from "../db/find-app.ts";
import { loadVariables } from "../db/settings.ts";
import { ExpressionError, evaluateValue, printValue, readsOf } from "../engine/expression.ts";
import { jsonSize } from "../engine/json-size.ts";
import type { Env } from "../env.ts";
import { checkSender } from "../objects/integration/accept-hook.ts";
import { readCall } from "../objects/integration/read-call.ts";
import type { IncomingRequest } from "../objects/integration/rpc.ts";
import { randomToken } from "../security/random-token.ts";
import { openSecret, sealSecret } from "../security/seal.ts";
import { readWorkspaceSecret } from "../security/workspace-secret.ts";
import { ProblemError, refusalProblem } from "./problem.ts";

/** Accounts that one call may be about, and its size as stored (bytes of JSON). */
const MAX_ACCOUNTS = 90;
const MAX_SIZE = 1_800_000;

const context = (app: string) => `app-hook/${app}`;
const addressOf = (env: Env, { app, key }: Pick<AppHookRow, "app" | "key">) => `${env.PUBLIC_URL}/hooks/apps/${app}/${key}`;

/** The address of the app's webhook, and the secret that its provider may sign with; made at the first time that it is asked for. */
export async function openAppWebhook(env: Env, workspace: string, app: string): Promise<{ url: string; secret: string }> {
  const db = catalogue(env);
  const file = await findApp(db, workspace, app);
  if (!file) throw new ProblemError("not_found", "There is no app with this key in the workspace.");
  if (!file.webhook) throw new ProblemError("conflict", `${file.name} has no webhook for all customers: give its file a “webhook” first.`);
  const secret = `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
  const sealed = await sealSecret(env, workspace, context(app), secret);
  const row = await ensureAppHook(db, { workspace, app, key: randomToken(""), sealed, createdAt: Date.now() });
  return { url: addressOf(env, row), secret: await openSecret(env, workspace, context(app), row.sealed) };
}

/** What to answer: text that the provider asked for, or that the call is taken; `id` is null where it is about no account. */
export type AppCallAnswer = { challenge: string } | { id: string | null };

/** Takes a call: verifies it, finds out whom it is about, and stores it for them before it returns. Refusals are problems. */
export async function acceptAppCall(env: Env, app: string, key: string, request: IncomingRequest): Promise<AppCallAnswer> {
  const db = catalogue(env);
  const hook = await findAppHook(db, app, key);
  const webhook = hook && (await findApp(db, hook.workspace, app))?.webhook;
  if (!hook || !webhook) throw new ProblemError("not_found", "There is no webhook at this address.");
  const lower = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const incoming = { ...request, headers: lower };
  try {
    const scope = await scopeOf(env, hook, webhook);
    const denied = webhook.verify && (await checkSender(webhook.verify, scope, incoming, Date.now()));
    if (denied) throw refusalProblem(denied);
    const call = readCall(incoming);
    if (!call.ok) throw refusalProblem(call);
    const { secrets: _, ...open } = scope;
    const seen: Record<string, unknown> = { ...open, ...call.call };
    const challenge = webhook.challenge === undefined ? "" : printValue(await evaluateValue(webhook.challenge, seen));
    if (challenge) return { challenge };
    const externalIds = namesOf(await evaluateValue(webhook.account, seen));
    if (externalIds.length === 0) return { id: null };
    const stored = { externalIds, request: withoutCredentials(incoming) };
    if (externalIds.length > MAX_ACCOUNTS || jsonSize(stored, MAX_SIZE) > MAX_SIZE)
      throw new ProblemError("too_large", `A call has at most 1 MB and is about at most ${MAX_ACCOUNTS} accounts.`);
    return { id: await env.INBOXES.getByName(hook.workspace).acceptAppCall(hook.workspace, app, stored) };
  } catch (error) {
    if (error instanceof ExpressionError) throw new ProblemError("invalid", `${error.message} in {{ ${error.expression} }}`);
    throw error;
  }
}

/** What `webhook`'s expressions see beside the call; `secrets` holds those alone that `verify` reads. */
async function scopeOf(env: Env, hook: AppHookRow, { verify }: AppWebhook): Promise<Record<string, unknown>> {
  const { workspace, app } = hook;
  const names = verify ? readsOf([verify.secret, verify.username ?? ""]).filter((path) => path.startsWith("secrets.")) : [];
  const secrets = names.map(async (path) => {
    const name = path.slice("secrets.".length);
    return [name, await readWorkspaceSecret(env, workspace, name)] as const;
  });
  return {
    env: await loadVariables(catalogue(env), workspace),
    hook: { url: addressOf(env, hook), secret: await openSecret(env, workspace, context(app), hook.sealed) },
    secrets: Object.fromEntries(await Promise.all(secrets)),
  };
}

function namesOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(list.map(printValue).filter((name) => name !== ""))];
}

/** The sender has been verified: what proved it is no business of the log. */
function withoutCredentials({ headers, ...request }: IncomingRequest): IncomingRequest {
  const { authorization: _, cookie: __, ...rest } = headers;
  return { ...request, headers: rest };
}
