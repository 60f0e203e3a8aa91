// App events by webhook: what the flow wants is subscribed to at the provider, what it no longer wants is not. Providers end subscriptions by
// themselves, some at a known time and some without a word: those are made anew.
import type { Attention } from "../../../shared/api/integration.ts";
import type { RunError } from "../../../shared/api/run.ts";
import type { AppFile, AppTrigger } from "../../../shared/flow/app-file.ts";
import type { TemplateValue } from "../../../shared/flow/expression.ts";
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import { ExpressionError, evaluateValue } from "../../engine/expression.ts";
import { type Performed, performAppRequest } from "../../providers/app/perform.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { appTriggerOf } from "./accept-hook.ts";
import { buildScope, hookUrl } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import { connectedOf, gateOf } from "./connected.ts";
import type { Hook, Leftover, Subscribed, Subscription } from "./hook-store.ts";
import type { Parts } from "./parts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** An app that could not be reached is asked again after this, and, where it is to end a subscription, for a day. */
const AGAIN = 5 * MINUTE;
/** A subscription that ends is made anew when this share of its time is left, and at least this long (ms) after it was made. */
const RENEWAL = { left: 0.2, soonest: 60_000 };

/**
 * Brings subscriptions in step with `open`. What a provider refuses comes back as attention, as does what is wrong with those that stand;
 * everything else is in step then.
 */
export async function syncSubscriptions(parts: Parts, open: OpenConfig): Promise<Attention[]> {
  const faults: Attention[] = [];
  const wanted = wantedOf(open);
  const down = new Map<string, Refused>();
  for (const hook of parts.hooks.list()) {
    if (hook.wanted === null) continue;
    const trigger = wanted.get(hook.block);
    const mark = trigger && (await markOf(parts, open, trigger));
    if (hook.wanted === mark && !(trigger && isMended(open, hook, trigger))) continue;
    const made = trigger && mark !== undefined ? await supersede(parts, open, hook, trigger, mark) : undefined;
    if (made?.ok) continue;
    if (made) down.set(hook.block, made);
    await unsubscribe(parts, open, hook);
  }
  for (const [block, trigger] of wanted) {
    const hook = parts.hooks.ensure(block);
    const mark = await markOf(parts, open, trigger);
    const failed = down.get(block);
    if (hook.wanted === mark) faults.push(...faultsOf(hook));
    else faults.push(...(failed ? refused(parts, hook, failed) : await subscribe(parts, open, hook, trigger, mark)));
  }
  return faults;
}

/** The app events that the flow is to hear of, by block. */
const wantedOf = ({ config: { enabled, flow } }: OpenConfig): Map<string, Wanted> =>
  new Map(enabled ? flow.blocks.flatMap(({ key, trigger }) => ("app_event" in trigger ? [[key, trigger] as const] : [])) : []);

/**
 * Looks after the subscriptions that are due: makes anew what ends soon, what the provider no longer knows, and what could not be made
 * before. What it refuses comes back as attention, as from {@link syncSubscriptions}; undefined where nothing was to be made.
 */
export async function keepSubscriptions(parts: Parts, open: OpenConfig): Promise<Attention[] | undefined> {
  const now = parts.now();
  let isChanged = false;
  await endLeftovers(parts, open);
  for (const hook of parts.hooks.list()) {
    if ((hook.due ?? Number.POSITIVE_INFINITY) > now) continue;
    if (await isStanding(parts, open, hook)) continue;
    isChanged = true;
    if (hook.wanted !== null) await renew(parts, open, hook);
  }
  return isChanged ? syncSubscriptions(parts, open) : undefined;
}

/** Asks apps once more to end what they could not be asked to end before. */
async function endLeftovers(parts: Parts, open: OpenConfig): Promise<void> {
  const now = parts.now();
  for (const left of parts.hooks.leftovers(now)) {
    // Postponed first: whatever happens now, it comes again.
    parts.hooks.leave(left, left.since, now + AGAIN);
    if ((await isEnded(parts, open, left)) || now - left.since > DAY) parts.hooks.forget(left);
  }
}

/**
 * Ends a subscription that {@link syncSubscriptions} makes anew. One that only its time ends stands until another stands beside it, so that no
 * event falls between them; where the app takes no second one, it is ended first as well.
 */
async function renew(parts: Parts, open: OpenConfig, hook: Hook): Promise<void> {
  const trigger = wantedOf(open).get(hook.block);
  const isOld = (subscriptionOf(hook)?.renew ?? Number.POSITIVE_INFINITY) <= parts.now();
  if (isOld && trigger && hook.wanted === (await markOf(parts, open, trigger))) {
    const made = await supersede(parts, open, hook, trigger, hook.wanted);
    if (made) return made.ok ? undefined : putOff(parts, hook, made);
  }
  await unsubscribe(parts, open, hook);
  // Whatever happens now, it is made.
  parts.hooks.postpone(hook.block, parts.now() + AGAIN);
}

/**
 * The app cannot be reached: what stands is left alone until it can, and nobody need know before that has ended. Where its end is not known
 * (of an earlier release, or not to be read), it is taken to stand for an hour.
 */
function putOff(parts: Parts, hook: Hook, { attention }: Refused): void {
  const now = parts.now();
  const known = subscriptionOf(hook);
  const left = (known?.ends ?? (known?.renew ?? now) + HOUR) - now;
  const tries = (known?.tries ?? 0) + 1;
  const wait = left > 0 ? Math.min(AGAIN * 2 ** (tries - 1), HOUR, left) : AGAIN;
  parts.hooks.amend(hook.block, { id: null, ...known, tries, ...(left > 0 ? {} : { lapsed: attention }) }, now + wait);
}

/** Makes anew what was subscribed to with `account`, which is connected again: the app may have dropped it with the access. */
export async function renewSubscriptions(parts: Parts, open: OpenConfig, account: string): Promise<void> {
  const wanted = wantedOf(open);
  for (const hook of parts.hooks.list()) {
    if (hook.wanted === null || hook.account !== account) continue;
    const trigger = wanted.get(hook.block);
    const isWanted = trigger && hook.wanted === (await markOf(parts, open, trigger));
    const made = isWanted ? await supersede(parts, open, hook, trigger, hook.wanted) : undefined;
    if (!made) await unsubscribe(parts, open, hook);
    else if (!made.ok) {
      const now = parts.now();
      parts.hooks.amend(hook.block, { id: null, ...subscriptionOf(hook), renew: now, ends: now, lapsed: made.attention }, now + AGAIN);
    }
  }
}

/**
 * Makes a subscription beside that of `hook`, and ends that one then, so that no event falls between them. An answer that is not ok: the app
 * cannot be reached. Undefined where the one that stands has to be ended first.
 */
async function supersede(parts: Parts, open: OpenConfig, hook: Hook, trigger: Wanted, mark: string): Promise<Made | undefined> {
  if (!(await canStandTwice(parts, open, hook, trigger, mark))) return undefined;
  const made = await makeSubscription(parts, open, hook, trigger);
  if (!made?.ok) return made?.error?.retryable ? made : undefined;
  await take(parts, open, hook, { ...made.subscribed, wanted: mark }, hook);
  await endLeftovers(parts, open);
  return made;
}

/**
 * Stores what was subscribed to, in place of `former`, which is to be ended. What was to be ended, and would be by the call that ends this one,
 * is not: the app has given it once more, or names none apart.
 */
async function take(parts: Parts, open: OpenConfig, hook: Hook, subscribed: Subscribed, former?: Hook): Promise<void> {
  const ending = await endingOf(parts, open, { ...hook, ...subscribed, subscription: JSON.stringify(subscribed.subscription) });
  const isSame = async (one: Hook) => ending !== undefined && ending === (await endingOf(parts, open, one));
  const spent: Leftover[] = [];
  for (const left of parts.hooks.leftoversOf(hook.block)) if (await isSame(left)) spent.push(left);
  const isLeft = former !== undefined && !(await isSame(former));
  parts.transaction(() => {
    for (const left of spent) parts.hooks.forget(left);
    if (isLeft) parts.hooks.leave(former, parts.now(), parts.now());
    parts.hooks.subscribed(hook.block, subscribed);
  });
}

/** Whether what ends the subscription of `hook` leaves one of `trigger` at the same address alone. */
async function canStandTwice(parts: Parts, open: OpenConfig, hook: Hook, trigger: Wanted, mark: string): Promise<boolean> {
  const { webhook } = await originOf(parts, open, hook);
  if (webhook?.unsubscribe === undefined || namesSubscription(webhook)) return true;
  const connected = connectedOf(open, slotOf(trigger));
  if (typeof connected === "string") return false;
  const next = { ...hook, app: connected.app.key, account: connected.account, wanted: mark, subscription: `{"config":${open.id}}` };
  const ending = await endingOf(parts, open, next);
  return ending !== undefined && ending !== (await endingOf(parts, open, hook));
}

const namesSubscription = ({ unsubscribe }: AppHook) => /\bsubscription\b/.test(JSON.stringify(unsubscribe?.request ?? ""));

/** The call that ends the subscription of `hook`, as text to compare; undefined where there is none, or it cannot be said. */
async function endingOf(parts: Parts, open: OpenConfig, hook: Hook): Promise<string | undefined> {
  const { made, wanted, webhook } = await originOf(parts, open, hook);
  const request = webhook?.unsubscribe?.request;
  if (!request) return undefined;
  try {
    const call = await evaluateValue(request as TemplateValue, await scopeOf(parts, made, hook, wanted));
    return JSON.stringify([hook.app, hook.account, call]);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
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

type AppHook = NonNullable<AppTrigger["webhook"]>;

const slotOf = ({ app_event }: Wanted) => app_event.slice(0, app_event.indexOf("."));

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

async function subscribe(parts: Parts, open: OpenConfig, hook: Hook, wanted: Wanted, mark: string): Promise<Attention[]> {
  const made = await makeSubscription(parts, open, hook, wanted);
  if (!made) return [];
  if (!made.ok) return refused(parts, hook, made);
  await take(parts, open, hook, { ...made.subscribed, wanted: mark });
  return made.subscribed.subscription?.unread ?? [];
}

type Refused = { ok: false; attention: Attention; error?: RunError };
type Made = { ok: true; subscribed: Omit<Subscribed, "wanted"> } | Refused;

/** What could not be subscribed to is tried again, unless that is to no purpose before the account is connected again. */
function refused(parts: Parts, hook: Hook, { attention, error }: Refused): Attention[] {
  if (error && error.class !== "auth") parts.hooks.postpone(hook.block, parts.now() + (error.retryable ? AGAIN : HOUR));
  return [attention];
}

/** Asks the provider for a subscription, and stores nothing of it; undefined where the app has no such event by webhook. */
async function makeSubscription(parts: Parts, open: OpenConfig, hook: Hook, wanted: Wanted): Promise<Made | undefined> {
  const webhook = appTriggerOf({ open }, wanted.app_event)?.webhook;
  if (!webhook) return undefined;
  const connected = connectedOf(open, slotOf(wanted));
  if (typeof connected === "string") return { ok: false, attention: { code: "account_missing", message: connected, block: hook.block } };
  const base = { app: connected.app.key, account: connected.account };
  const { subscribe, check } = webhook;
  if (!subscribe) return { ok: true, subscribed: { ...base, subscription: null, due: null } };
  const scope = await scopeOf(parts, open, hook, wanted);
  const answer = await call(parts, open, connected.account, hook, (context) =>
    performAppRequest(connected.app, subscribe.request, scope, context),
  );
  if (!answer.ok) {
    const { error } = answer;
    const attention = { code: "subscribe_failed", message: error.message, error, account: connected.account, block: hook.block };
    return { ok: false, attention, error };
  }
  const subscription = await readAnswer(open, hook, webhook, { app: connected.app, scope, answer: answer.output }, parts.now());
  const { renew } = subscription;
  const due = Math.min(renew ?? Number.POSITIVE_INFINITY, check ? parts.now() + checkEvery(check) : Number.POSITIVE_INFINITY);
  return { ok: true, subscribed: { ...base, subscription, due: Number.isFinite(due) ? due : null } };
}

/**
 * What the app's answer says of the subscription that it has made. It stands, whatever cannot be read of that: without its id nothing can end
 * it, and without its end it is made anew once a day. Both are told.
 */
async function readAnswer(
  { id: config }: OpenConfig,
  { block }: Hook,
  webhook: AppHook,
  { app, scope, answer }: { app: AppFile; scope: Record<string, unknown>; answer: unknown },
  now: number,
): Promise<Subscription> {
  const { subscribe } = webhook;
  const seen = { ...scope, ...Object(answer) };
  const unread: Attention[] = [];
  const read = async (name: "id" | "expires", outcome: string, isRead: (value: unknown) => boolean): Promise<unknown> => {
    const template = subscribe?.[name];
    if (template === undefined) return null;
    const told = (reason: string) =>
      unread.push({ code: "subscription_unread", message: `${app.name} answers, but “subscribe.${name}” ${reason}. ${outcome}`, block });
    try {
      const value = await evaluateValue(template, seen);
      if (isRead(value)) return value;
      told(`yields ${JSON.stringify(value ?? null).slice(0, 100)} in ${template}`);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const where = error.position === undefined ? "" : ` at ${error.position}`;
      told(`fails: ${error.message} in {{ ${error.expression} }}${where}`);
    }
    return undefined;
  };
  const needsId = webhook.unsubscribe !== undefined && namesSubscription(webhook);
  const manual = `Its events come, and cannot be ended by us any more: whoever has to, ends them at ${app.name}`;
  const id = await read("id", manual, (value) => !needsId || !isNothing(value));
  const isEndless = id === undefined && needsId;
  const soon = isEndless ? `Its events end when ${app.name} ends them` : "It is subscribed to anew once a day";
  const expires = await read("expires", soon, (value) => isNothing(value) || endOf(value) !== undefined);
  const ends = endOf(expires);
  const renew = expires !== undefined ? renewalOf(ends, now) : isEndless ? undefined : now + DAY;
  return {
    ...{ id: id ?? null, config },
    ...(renew === undefined ? {} : { renew }),
    ...(ends === undefined ? {} : { ends }),
    ...(unread.length ? { unread, readBy: readingOf(webhook) } : {}),
    ...(isEndless ? { isEndless } : {}),
  };
}

const isNothing = (value: unknown) => value === undefined || value === null || value === "";
const readingOf = ({ subscribe }: AppHook): string => JSON.stringify([subscribe?.id, subscribe?.expires]);

/** Whether the app's file reads in another way what could not be read when the subscription was made. */
function isMended(open: OpenConfig, hook: Hook, { app_event }: Wanted): boolean {
  const { unread, readBy } = subscriptionOf(hook) ?? {};
  const webhook = appTriggerOf({ open }, app_event)?.webhook;
  return unread !== undefined && webhook !== undefined && readBy !== readingOf(webhook);
}

/** What is wrong with a subscription that stands, or did. */
function faultsOf(hook: Hook): Attention[] {
  const { unread = [], lapsed } = subscriptionOf(hook) ?? {};
  return lapsed ? [...unread, lapsed] : unread;
}

/** When (ms) a subscription ends that ends at `expires`; undefined where that is no time. Numbers below 1e11 are seconds. */
function endOf(expires: unknown): number | undefined {
  const number = typeof expires === "number" ? expires : Number(isNothing(expires) ? Number.NaN : expires);
  const end = Number.isNaN(number) ? Date.parse(String(expires)) : number < 1e11 ? number * 1_000 : number;
  return Number.isNaN(end) ? undefined : end;
}

/** When (ms) one that ends at `end` is made anew. */
const renewalOf = (end: number | undefined, now: number): number | undefined =>
  end === undefined ? undefined : Math.max(now + RENEWAL.soonest, end - (end - now) * RENEWAL.left);

/** Ends a subscription. Where the app cannot be reached, it is asked again later. */
async function unsubscribe(parts: Parts, open: OpenConfig, hook: Hook): Promise<void> {
  if (!(await isEnded(parts, open, hook))) parts.hooks.leave(hook, parts.now(), parts.now() + AGAIN);
  parts.hooks.unsubscribed(hook.block);
}

/** Asks the app to end a subscription. False where that is worth another attempt. */
async function isEnded(parts: Parts, open: OpenConfig, hook: Hook): Promise<boolean> {
  const { made, wanted, app, webhook } = await originOf(parts, open, hook);
  const request = webhook?.unsubscribe?.request;
  // Without its id, the call would be about another one, or about all.
  if (!app || !request || hook.account === null || subscriptionOf(hook)?.isEndless) return true;
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
