// App events by webhook: what the flow wants is subscribed to at the provider, what it no longer wants is not.
import type { Attention } from "../../../shared/api/integration.ts";
import type { TemplateValue } from "../../../shared/flow/expression.ts";
import { ExpressionError, evaluateValue } from "../../engine/expression.ts";
import { type Performed, performAppRequest } from "../../providers/app/perform.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { appTriggerOf } from "./accept-hook.ts";
import { buildScope, hookUrl } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import { connectedOf, gateOf } from "./connected.ts";
import type { Hook } from "./hook-store.ts";
import type { Parts } from "./parts.ts";

/** Brings subscriptions in step with `open`. What a provider refuses comes back as attention; everything else is in step then. */
export async function syncSubscriptions(parts: Parts, open: OpenConfig): Promise<Attention[]> {
  const faults: Attention[] = [];
  const wanted = new Map(
    open.config.enabled
      ? open.config.flow.blocks.flatMap((block) => ("app_event" in block.trigger ? [[block.key, block.trigger] as const] : []))
      : [],
  );
  for (const hook of parts.hooks.list()) {
    const trigger = wanted.get(hook.block);
    const mark = trigger && (await markOf(parts, open, trigger));
    if (hook.wanted !== null && hook.wanted !== mark) await unsubscribe(parts, open, hook);
  }
  for (const [block, trigger] of wanted) {
    const hook = parts.hooks.ensure(block);
    const mark = await markOf(parts, open, trigger);
    if (hook.wanted === mark) continue;
    const fault = await subscribe(parts, open, hook, trigger, mark);
    if (fault) faults.push(fault);
  }
  return faults;
}

/** Ends all subscriptions, or those of `account`, as far as the providers let us. */
export async function endSubscriptions(parts: Parts, open: OpenConfig, account?: string): Promise<void> {
  for (const hook of parts.hooks.list())
    if (hook.wanted !== null && (account === undefined || hook.account === account)) await unsubscribe(parts, open, hook);
}

interface Wanted {
  app_event: string;
  with?: Record<string, TemplateValue> | undefined;
}

/** What is subscribed to, as text to compare: event, account, address, and a hash of the input, which may hold a secret. */
async function markOf(parts: Parts, open: OpenConfig, wanted: Wanted): Promise<string> {
  const { accounts, publicUrl } = open.config;
  const ref = wanted.app_event;
  const input = JSON.stringify(await inputOf(parts, open, wanted));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(input));
  return JSON.stringify([
    ref,
    accounts[ref.slice(0, ref.indexOf("."))] ?? null,
    publicUrl,
    btoa(String.fromCharCode(...new Uint8Array(digest))),
  ]);
}

/** The trigger's input. One that cannot be evaluated is empty: the provider says then what it lacks. */
async function inputOf(parts: Parts, open: OpenConfig, { with: input }: Wanted): Promise<unknown> {
  if (input === undefined) return {};
  try {
    return (await evaluateValue(input, buildScope(open, parts.hooks.list()))) ?? {};
  } catch (error) {
    if (error instanceof ExpressionError) return {};
    throw error;
  }
}

async function subscribe(parts: Parts, open: OpenConfig, hook: Hook, wanted: Wanted, mark: string): Promise<Attention | undefined> {
  const webhook = appTriggerOf({ open }, wanted.app_event)?.webhook;
  if (!webhook) return undefined;
  const connected = connectedOf(open, wanted.app_event.slice(0, wanted.app_event.indexOf(".")));
  if (typeof connected === "string") return { code: "account_missing", message: connected, block: hook.block };
  if (!webhook.subscribe) {
    parts.hooks.subscribed(hook.block, connected.app.key, connected.account, mark, null);
    return undefined;
  }
  const scope = await scopeOf(parts, open, hook, wanted);
  const answer = await call(parts, open, connected.account, hook, (context) =>
    performAppRequest(connected.app, webhook.subscribe?.request ?? { method: "GET" }, scope, context),
  );
  if (!answer.ok) return { code: "subscribe_failed", message: answer.error.message, account: connected.account, block: hook.block };
  const seen = { ...scope, ...Object(answer.output) };
  const id = webhook.subscribe.id === undefined ? null : await evaluateValue(webhook.subscribe.id, seen).catch(() => null);
  parts.hooks.subscribed(hook.block, connected.app.key, connected.account, mark, { id });
  return undefined;
}

async function unsubscribe(parts: Parts, open: OpenConfig, hook: Hook): Promise<void> {
  const app = hook.app === null ? undefined : open.config.apps[hook.app];
  const ref = hook.wanted === null ? "" : String((JSON.parse(hook.wanted) as unknown[])[0]);
  const request = app?.triggers[ref.slice(ref.indexOf(".") + 1)]?.webhook?.unsubscribe?.request;
  if (app && request && hook.account !== null) {
    const scope = await scopeOf(parts, open, hook, { app_event: ref });
    await call(parts, open, hook.account, hook, (context) => performAppRequest(app, request, scope, context));
  }
  parts.hooks.unsubscribed(hook.block);
}

async function scopeOf(parts: Parts, open: OpenConfig, hook: Hook, wanted: Wanted): Promise<Record<string, unknown>> {
  const base = buildScope(open, parts.hooks.list());
  return {
    ...base,
    input: await inputOf(parts, open, wanted),
    hook: {
      url: hookUrl(open.config.publicUrl, open.config.id, hook),
      secret: await parts.hooks.secretOf(parts.env, open.config, hook.block),
    },
    subscription: hook.subscription === null ? null : JSON.parse(hook.subscription),
  };
}

async function call(
  parts: Parts,
  open: OpenConfig,
  account: string,
  hook: Hook,
  perform: (context: Parameters<typeof performAppRequest>[3]) => Promise<Performed>,
): Promise<Performed> {
  const context = {
    env: open.config.env,
    accounts: gateOf(parts.env, account, open.config.id),
    effectKey: `hook:${open.config.id}:${hook.block}`,
    signal: AbortSignal.timeout(20_000),
    now: () => parts.now(),
    fetch: guardedFetch(parts.env),
  };
  try {
    return await perform(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { code: "internal", message, class: "internal", retryable: true }, calls: [], tasks: 0 };
  }
}
