// App events by webhook: what the flow wants is subscribed to at the provider, what it no longer wants is not. Providers end subscriptions by
// themselves, some at a known time and some without a word: those are made anew.
import type { Attention } from "../../../shared/api/integration.ts";
import type { TemplateValue } from "../../../shared/flow/expression.ts";
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import { ExpressionError, evaluateValue } from "../../engine/expression.ts";
import { type Performed, performAppRequest } from "../../providers/app/perform.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { appTriggerOf } from "./accept-hook.ts";
import { buildScope, hookUrl } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import { connectedOf, gateOf } from "./connected.ts";
import type { Hook, Subscription } from "./hook-store.ts";
import type { Parts } from "./parts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** An app that could not be reached is asked again after this, and, where it is to end a subscription, for a day. */
const AGAIN = 5 * MINUTE;
/** A subscription that ends is made anew when this share of its time is left, and at least this long (ms) after it was made. */
const RENEWAL = { left: 0.2, soonest: 60_000 };

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

/**
 * Looks after the subscriptions that are due: makes anew what ends soon, what the provider no longer knows, and what could not be made
 * before. What it refuses comes back as attention, as from {@link syncSubscriptions}; undefined where nothing was to be made.
 */
export async function keepSubscriptions(parts: Parts, open: OpenConfig): Promise<Attention[] | undefined> {
  const now = parts.now();
  let isChanged = false;
  for (const left of parts.hooks.leftovers(now)) {
    // Postponed first: whatever happens now, it comes again.
    parts.hooks.leave(left, left.since, now + AGAIN);
    if ((await isEnded(parts, open, left)) || now - left.since > DAY) parts.hooks.forget(left);
  }
  for (const hook of parts.hooks.list()) {
    if ((hook.due ?? Number.POSITIVE_INFINITY) > now) continue;
    if (await isStanding(parts, open, hook)) continue;
    isChanged = true;
    if (hook.wanted !== null) await unsubscribe(parts, open, hook);
  }
  return isChanged ? syncSubscriptions(parts, open) : undefined;
}

/** Whether the provider still knows the subscription, and will for a while. One that cannot be asked is asked again in an hour. */
async function isStanding(parts: Parts, open: OpenConfig, hook: Hook): Promise<boolean> {
  const { renew } = subscriptionOf(hook) ?? {};
  if (hook.wanted === null || (renew !== undefined && renew <= parts.now())) return false;
  const { made, wanted, app, webhook } = await originOf(parts, open, hook);
  const check = webhook?.check;
  if (!app || !check || hook.account === null) {
    parts.hooks.postpone(hook.block, null);
    return true;
  }
  const scope = await scopeOf(parts, made, hook, wanted);
  const answer = await call(parts, made, hook.account, hook, (context) => performAppRequest(app, check.request, scope, context));
  if (!answer.ok && answer.error.class === "missing") return false;
  const wait = answer.ok ? checkEvery(check) : HOUR;
  parts.hooks.postpone(hook.block, Math.min(parts.now() + wait, renew ?? Number.POSITIVE_INFINITY));
  return true;
}

const checkEvery = ({ every }: { every?: string | undefined }) => Math.max(RENEWAL.soonest, parseDuration(every ?? "") ?? DAY);

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
  const base = { app: connected.app.key, account: connected.account, wanted: mark };
  if (!webhook.subscribe) {
    parts.hooks.subscribed(hook.block, { ...base, subscription: null, due: null });
    return undefined;
  }
  const scope = await scopeOf(parts, open, hook, wanted);
  const answer = await call(parts, open, connected.account, hook, (context) =>
    performAppRequest(connected.app, webhook.subscribe?.request ?? { method: "GET" }, scope, context),
  );
  if (!answer.ok) {
    // A reconnect tries again by itself.
    if (answer.error.class !== "auth") parts.hooks.postpone(hook.block, parts.now() + (answer.error.retryable ? AGAIN : HOUR));
    return { code: "subscribe_failed", message: answer.error.message, error: answer.error, account: connected.account, block: hook.block };
  }
  const seen = { ...scope, ...Object(answer.output) };
  const id = webhook.subscribe.id === undefined ? null : await evaluateValue(webhook.subscribe.id, seen).catch(() => null);
  const renew = renewalOf(await evaluateValue(webhook.subscribe.expires ?? null, seen).catch(() => null), parts.now());
  const due = Math.min(
    renew ?? Number.POSITIVE_INFINITY,
    webhook.check ? parts.now() + checkEvery(webhook.check) : Number.POSITIVE_INFINITY,
  );
  parts.hooks.subscribed(hook.block, {
    ...base,
    subscription: { id, config: open.id, ...(renew === undefined ? {} : { renew }) },
    due: Number.isFinite(due) ? due : null,
  });
  return undefined;
}

/** When (ms) a subscription that ends at `expires` is made anew; undefined where that is no time. Numbers below 1e11 are seconds. */
function renewalOf(expires: unknown, now: number): number | undefined {
  const number = typeof expires === "number" ? expires : Number(expires === "" ? Number.NaN : (expires ?? Number.NaN));
  const end = Number.isNaN(number) ? Date.parse(String(expires)) : number < 1e11 ? number * 1_000 : number;
  return Number.isNaN(end) ? undefined : Math.max(now + RENEWAL.soonest, end - (end - now) * RENEWAL.left);
}

/** Ends a subscription. Where the app cannot be reached, it is asked again later. */
async function unsubscribe(parts: Parts, open: OpenConfig, hook: Hook): Promise<void> {
  if (!(await isEnded(parts, open, hook))) parts.hooks.leave(hook, parts.now(), parts.now() + AGAIN);
  parts.hooks.unsubscribed(hook.block);
}

/** Asks the app to end a subscription. False where that is worth another attempt. */
async function isEnded(parts: Parts, open: OpenConfig, hook: Hook): Promise<boolean> {
  const { made, wanted, app, webhook } = await originOf(parts, open, hook);
  const request = webhook?.unsubscribe?.request;
  if (!app || !request || hook.account === null) return true;
  const scope = await scopeOf(parts, made, hook, wanted);
  const answer = await call(parts, made, hook.account, hook, (context) => performAppRequest(app, request, scope, context));
  return answer.ok || !answer.error.retryable;
}

const subscriptionOf = ({ subscription }: Hook) => (subscription === null ? null : (JSON.parse(subscription) as Subscription | null));

/**
 * What a subscription was made with: the configuration that was in force then, whose values it names the app's things by. Its app is as it
 * is now, or, where the flow has left it, as it was.
 */
async function originOf(parts: Parts, open: OpenConfig, hook: Hook) {
  const ref = hook.wanted === null ? "" : String((JSON.parse(hook.wanted) as unknown[])[0]);
  const { config } = subscriptionOf(hook) ?? {};
  const made = config !== undefined && parts.configs.read(config) ? await parts.configs.open(config) : open;
  const trigger = made.config.flow.blocks.find(({ key }) => key === hook.block)?.trigger;
  const wanted: Wanted = trigger && "app_event" in trigger && trigger.app_event === ref ? trigger : { app_event: ref };
  const name = ref.slice(ref.indexOf(".") + 1);
  const apps = [open, made].map((one) => (hook.app === null ? undefined : one.config.apps[hook.app]));
  const app = apps.find((one) => one?.triggers[name]);
  return { made, wanted, app, webhook: app?.triggers[name]?.webhook };
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
  const abort = new AbortController();
  const cancel = parts.deadlines.after(20_000, () => abort.abort());
  const context = {
    env: open.config.env,
    accounts: gateOf(parts.env, account, open.config.id),
    effectKey: `hook:${open.config.id}:${hook.block}`,
    signal: abort.signal,
    now: () => parts.now(),
    fetch: guardedFetch(parts.env),
  };
  try {
    return await perform(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { code: "internal", message, class: "internal", retryable: true }, calls: [], tasks: 0 };
  } finally {
    cancel();
  }
}
