import { triggerType } from "../../../shared/flow/trigger.ts";
import { prepareRun, storeRuns } from "./accept.ts";
import type { OpenConfig } from "./config-store.ts";
import { readAttention, storeAttention } from "./describe.ts";
import type { Parts } from "./parts.ts";
import { planSlots } from "./plan-slots.ts";
import type { ConfigUser, IntegrationConfig } from "./rpc.ts";
import { endSubscriptions, keepSubscriptions, syncSubscriptions } from "./subscriptions.ts";
import { rememberTold, tellAttention } from "./tell-attention.ts";

export type Change = "created" | "enabled" | "updated" | "upgraded" | "disabled";

/**
 * Pins `config`, gives each block that is called from outside its address, brings slots and subscriptions in step, and queues lifecycle runs.
 * `goOn` is called where runs are due by it: before anything is asked of apps, which takes its time and may fail.
 */
export async function configure(parts: Parts, config: IntegrationConfig, change: Change, goOn: () => void): Promise<void> {
  const isReplaced = parts.transaction(() => {
    const isReplaced = replaceAccounts(parts, config);
    parts.configs.pin({ ...config, user: newest(parts.configs.current?.user, config.user) });
    for (const { key, trigger } of config.flow.blocks) if ("webhook" in trigger || "app_event" in trigger) parts.hooks.ensure(key);
    return isReplaced;
  });
  if (isReplaced) goOn();
  const open = await openCurrent(parts);
  const attention = [...(await planSlots(parts, open)), ...(await syncSubscriptions(parts, open))];
  storeAttention(parts, attention);
  rememberTold(parts, readAttention(parts));
  const changes: string[] = change === "created" && config.enabled ? ["created", "enabled"] : [change];
  await queueLifecycle(parts, open, changes);
}

/** Whichever of what is said of a user is from later. */
const newest = (known: ConfigUser | undefined, said: ConfigUser): ConfigUser =>
  known && revisionOf(known) > revisionOf(said) ? known : said;
const revisionOf = ({ revision = 0 }: ConfigUser): number => revision;

/**
 * Lets what follows the user's profile follow it as it is now. False where nothing is configured. Done again by whoever does not hear of its
 * end: the plan may have broken off behind the pin.
 */
export async function followUser(parts: Parts, user: ConfigUser): Promise<boolean> {
  const config = parts.configs.current;
  if (!config) return false;
  parts.configs.pin({ ...config, user: newest(config.user, user) });
  if (!config.enabled) return true;
  const open = await openCurrent(parts);
  storeAttention(parts, [...(await planSlots(parts, open)), ...(await syncSubscriptions(parts, open))]);
  await tellAttention(parts);
  return true;
}

/** Where a slot has another account of its app now, runs that wait for the former are due at once, with the other. */
function replaceAccounts(parts: Parts, { accounts, flow }: IntegrationConfig): boolean {
  const before = parts.configs.current;
  const replaced = new Map(
    Object.entries(before?.accounts ?? {}).flatMap(([slot, from]) => {
      const to = accounts[slot];
      const isSameApp = before?.flow.accounts[slot]?.app === flow.accounts[slot]?.app;
      return to !== undefined && to !== from && isSameApp ? [[slot, { from, to }] as const] : [];
    }),
  );
  if (!replaced.size) return false;
  parts.configs.replaceAccounts(replaced);
  for (const { from } of replaced.values()) parts.runs.release(from, parts.now());
  return true;
}

/**
 * Tries again what the last configuration could not do without `account`, which is connected anew. Its subscriptions are made anew as
 * well: apps drop them with the access that somebody took back, and say nothing.
 */
export async function reconcile(parts: Parts, account: string): Promise<void> {
  const open = await openCurrent(parts);
  await endSubscriptions(parts, open, account);
  storeAttention(parts, [...(await planSlots(parts, open)), ...(await syncSubscriptions(parts, open))]);
  await tellAttention(parts);
}

/** Looks after the subscriptions that are due. */
export async function lookAfterSubscriptions(parts: Parts): Promise<void> {
  const open = await openCurrent(parts);
  const attention = await keepSubscriptions(parts, open);
  if (!attention) return;
  storeAttention(parts, [...(await planSlots(parts, open)), ...attention]);
  await tellAttention(parts);
}

/** Queues the blocks whose lifecycle trigger is one of `changes`. Their ids. */
export async function queueLifecycle(parts: Parts, open: OpenConfig, changes: readonly string[]): Promise<string[]> {
  const runs = [];
  for (const block of open.config.flow.blocks) {
    if (triggerType(block.trigger) !== "lifecycle" || !("lifecycle" in block.trigger) || !changes.includes(block.trigger.lifecycle))
      continue;
    runs.push(await prepareRun(parts, { open, block }, { change: block.trigger.lifecycle }));
  }
  const stored = storeRuns(parts, runs);
  return stored.ok ? stored.stored.map((run) => run.id) : [];
}

/** The configuration in force, open. Rejects where there is none. */
export function openCurrent(parts: Parts): Promise<OpenConfig> {
  const { currentId } = parts.configs;
  if (currentId === undefined) throw new Error("the integration has no configuration");
  return parts.configs.open(currentId);
}
