import type { AppTrigger } from "../../../shared/flow/app-file.ts";
import type { Verify } from "../../../shared/flow/trigger.ts";
import { ExpressionError, evaluateValue, isTrue, printValue } from "../../engine/expression.ts";
import { cutValue, jsonSize } from "../../engine/json-size.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { isRecord } from "../../engine/plain.ts";
import { showSecrets } from "../../security/hide-secrets.ts";
import { findStartable, prepareRun, refuse, type Startable } from "./accept.ts";
import { buildScope, hookUrl } from "./build-scope.ts";
import type { Parts } from "./parts.ts";
import { type IncomingCall, readCall } from "./read-call.ts";
import type { IncomingRequest, Refusal } from "./rpc.ts";
import type { NewRun, RunRow } from "./run-store.ts";
import { verifySignature } from "./verify-signature.ts";
import { withoutProof } from "./without-proof.ts";

/** A run that a call from outside starts; `responds` where the caller waits for the block's answer. */
export type HookRun = { ok: true; run: NewRun | null; responds: boolean } | Refusal;

/** Checks a call to a hook's address: its key, its sender, its form. `run` is null for a call that the app's `match` leaves out. */
export async function acceptHookCall(parts: Parts, key: string, secret: string, request: IncomingRequest): Promise<HookRun> {
  if (!parts.hooks.hasKey(key, secret)) return refuse(404, "not_found", "There is nothing at this address");
  const startable = await findStartable(parts, key);
  if (!startable.ok) return startable;
  const incoming = { ...request, headers: lowerCase(request.headers) };
  const { trigger } = startable.block;
  try {
    if ("webhook" in trigger) return await acceptWebhook(parts, startable, trigger.webhook, incoming);
    if ("app_event" in trigger) return await acceptAppEvent(parts, startable, trigger.app_event, incoming);
  } catch (error) {
    if (error instanceof ExpressionError) return refuse(422, `expression_${error.code}`, wordsOf(error));
    throw error;
  }
  return refuse(404, "not_found", "This block is not started by calls");
}

interface WebhookOptions {
  verify?: Verify | undefined;
  respond?: boolean | undefined;
  dedupe?: string | undefined;
}

async function acceptWebhook(parts: Parts, startable: Startable, options: WebhookOptions, request: IncomingRequest): Promise<HookRun> {
  const scope = await scopeOf(parts, startable, options.verify !== undefined);
  const denied = options.verify && (await checkSender(options.verify, scope, request, parts.now()));
  if (denied) return denied;
  const call = readCall(withoutProof(request, options.verify));
  if (!call.ok) return call;
  const dedupe = options.dedupe === undefined ? "" : printValue(await evaluateValue(options.dedupe, { ...scope, ...call.call }));
  const run = await prepareRun(parts, startable, call.call, dedupe || undefined);
  return { ok: true, run, responds: options.respond === true };
}

async function acceptAppEvent(parts: Parts, startable: Startable, ref: string, request: IncomingRequest): Promise<HookRun> {
  const webhook = appTriggerOf(startable, ref)?.webhook;
  if (!webhook || webhook.shared) return refuse(404, "not_found", "This event is not sent to an address of the integration");
  const scope = await scopeOf(parts, startable, webhook.verify !== undefined);
  const denied = webhook.verify && (await checkSender(webhook.verify, scope, request, parts.now()));
  if (denied) return denied;
  const call = readCall(withoutProof(request, webhook.verify));
  if (!call.ok) return call;
  return { ok: true, run: await prepareAppEvent(parts, startable, webhook, call.call), responds: false };
}

type AppHook = NonNullable<AppTrigger["webhook"]>;

/** The run that an app's event starts; null where the trigger's `match` leaves it out. */
async function prepareAppEvent(
  parts: Parts,
  startable: Startable,
  webhook: AppHook,
  call: IncomingCall,
  fallback?: string,
): Promise<NewRun | null> {
  const seen: Record<string, unknown> & IncomingCall = { ...(await scopeOf(parts, startable, false)), ...call };
  if (webhook.match !== undefined && !isTrue(await evaluateValue(webhook.match, seen))) return null;
  const id = webhook.id === undefined ? "" : printValue(await evaluateValue(webhook.id, seen));
  const output = webhook.output === undefined ? call.body : await evaluateValue(webhook.output, seen);
  return prepareRun(parts, startable, output, id || fallback);
}

/**
 * The runs that a call of an app's one webhook starts, where it is about `account`. The call has been verified and taken: where a trigger
 * cannot be read of it, that leaves a run that has failed, with the call as its input.
 */
export async function prepareAppCall(
  parts: Parts,
  account: string,
  { id, app, request }: { id: string; app: string; request: IncomingRequest },
): Promise<{ ok: true; runs: NewRun[] } | Refusal> {
  const call = readCall(withoutProof(request));
  if (!call.ok) return call;
  const runs: NewRun[] = [];
  for (const { key, trigger } of parts.configs.current?.flow.blocks ?? []) {
    const startable = "app_event" in trigger ? await findStartable(parts, key) : undefined;
    if (!startable || !("app_event" in trigger)) continue;
    if (!startable.ok) return startable;
    const { config } = startable.open;
    const slot = trigger.app_event.slice(0, trigger.app_event.indexOf("."));
    const webhook = appTriggerOf(startable, trigger.app_event)?.webhook;
    if (!webhook?.shared || config.flow.accounts[slot]?.app !== app || config.accounts[slot] !== account) continue;
    try {
      const run = await prepareAppEvent(parts, startable, webhook, call.call, `app:${id}`);
      const isLarge = run && jsonSize(run.input, QUEUE_LIMITS.input) > QUEUE_LIMITS.input;
      if (isLarge) runs.push(await prepareUnread(parts, startable, call.call, id, "too_large", TOO_LARGE));
      else if (run) runs.push(run);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const message = `The app's trigger could not read the call: ${wordsOf(error)}`;
      runs.push(await prepareUnread(parts, startable, call.call, id, `expression_${error.code}`, message));
    }
  }
  return { ok: true, runs };
}

const wordsOf = ({ message, expression }: ExpressionError) => `${message} in {{ ${expression} }}`;
const TOO_LARGE = `What the trigger's “output” yields has more than ${QUEUE_LIMITS.input} bytes of JSON: keep less in it`;

/** What a run failed with whose trigger could not be read: its input is the call. */
const UNREAD = { class: "expression", retryable: false, field: "trigger" };
const isUnread = ({ error, started }: RunRow) =>
  started === null && error !== null && (JSON.parse(error) as { field?: string }).field === UNREAD.field;

async function prepareUnread(
  parts: Parts,
  startable: Startable,
  call: IncomingCall,
  id: string,
  code: string,
  message: string,
): Promise<NewRun> {
  const isLarge = jsonSize(call, QUEUE_LIMITS.input) > QUEUE_LIMITS.input;
  const run = await prepareRun(parts, startable, isLarge ? cutValue(call, QUEUE_LIMITS.input / 3) : call, `app:${id}`);
  return { ...run, fault: { ...UNREAD, code, message } };
}

/** Another attempt at a call that could not be read, with the trigger as it is now; undefined for any other run. */
export async function rereadCall(parts: Parts, id: string): Promise<{ ok: true; run: NewRun } | Refusal | undefined> {
  const row = parts.runs.read(id);
  if (!row || !isUnread(row)) return undefined;
  const startable = await findStartable(parts, row.block);
  if (!startable.ok) return startable;
  const { trigger } = startable.block;
  const webhook = "app_event" in trigger ? appTriggerOf(startable, trigger.app_event)?.webhook : undefined;
  if (!webhook?.shared) return refuse(409, "conflict", "The app's one webhook does not start this block any more: give the run an input");
  const call: unknown = JSON.parse(showSecrets(row.input, (await parts.configs.open(row.config)).hidden));
  if (!isRecord(call)) return refuse(413, "too_large", "The call was too large to be kept whole: give the run an input");
  try {
    const run = await prepareAppEvent(parts, startable, webhook, call as Record<string, unknown> & IncomingCall);
    return run ? { ok: true, run } : refuse(422, "invalid", "The trigger's “match” leaves this call out now: there is nothing to run");
  } catch (error) {
    if (error instanceof ExpressionError) return refuse(422, `expression_${error.code}`, wordsOf(error));
    throw error;
  }
}

/** The app's trigger that `SLOT.TRIGGER` names. */
export function appTriggerOf({ open }: Pick<Startable, "open">, ref: string): AppTrigger | undefined {
  const dot = ref.indexOf(".");
  const slot = open.config.flow.accounts[ref.slice(0, dot)];
  return slot && open.config.apps[slot.app]?.triggers[ref.slice(dot + 1)];
}

/** The scope of a trigger's own options: that of the flow, `hook` (its secret for `verify` alone) and `subscription`. */
async function scopeOf(parts: Parts, { open, block }: Startable, verifies: boolean): Promise<Record<string, unknown>> {
  const hook = parts.hooks.read(block.key);
  const own = hook
    ? {
        hook: {
          url: hookUrl(open.config.publicUrl, open.config.id, hook),
          ...(verifies ? { secret: await parts.hooks.secretOf(parts.env, open.config, block.key) } : {}),
        },
        subscription: hook.subscription === null ? null : JSON.parse(hook.subscription),
      }
    : {};
  return { ...buildScope(open, parts.hooks.list()), ...own };
}

/** Why the sender of `request` (header names in lower case) is not who `verify` asks for; undefined where it is. `now` in ms. */
export async function checkSender(
  verify: Verify,
  scope: Record<string, unknown>,
  request: IncomingRequest,
  now: number,
): Promise<Refusal | undefined> {
  const secret = printValue(await evaluateValue(verify.secret, scope));
  const { username: _, ...rest } = verify;
  const username = verify.username === undefined ? {} : { username: printValue(await evaluateValue(verify.username, scope)) };
  const reason = await verifySignature({ ...rest, ...username, secret }, request, now);
  return reason === undefined ? undefined : refuse(401, "signature_invalid", `The sender could not be verified: ${reason}`);
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
