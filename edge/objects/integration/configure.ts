import { triggerType } from "../../../shared/flow/trigger.ts";
import type { Change, OwedChange } from "../../db/schema.ts";
import { prepareRun, refused, storeRuns } from "./accept.ts";
import type { OpenConfig } from "./config-store.ts";
import { readAttention, storeAttention } from "./describe.ts";
import type { Parts } from "./parts.ts";
import { planSlots } from "./plan-slots.ts";
import type { ConfigUser, IntegrationConfig } from "./rpc.ts";
import type { NewRun } from "./run-store.ts";
import { keepSubscriptions, renewSubscriptions, syncSubscriptions } from "./subscriptions.ts";
import { rememberTold, tellAttention } from "./tell-attention.ts";

const REVISION = "revision";

/** What is told while a configuration is brought in step, before anything is asked of apps, which takes its time and may fail. */
interface Signals {
  /** Runs are due by it. */
  goOn(): void;
  /** It is pinned: see to it that {@link finishConfiguring} is called at {@link owedAt}, should this die. */
  owes(): void;
}

/**
 * Pins `config`, gives each block that is called from outside its address, brings slots and subscriptions in step, and queues lifecycle runs.
 * Where that cannot be done, the former configuration is in force again. `change` is one, or what the catalogue has not seen confirmed: of
 * that, what has been taken is not done again, and what comes late, behind a later one, does nothing.
 */
export async function configure(
  parts: Parts,
  config: IntegrationConfig,
  change: Change | readonly OwedChange[],
  { goOn, owes }: Signals,
): Promise<void> {
  const before = parts.configs.current;
  const known = Number(parts.meta.get(REVISION) ?? 0);
  const fresh = typeof change === "string" ? [{ change, revision: known }] : change.filter(({ revision }) => revision > known);
  const last = fresh.at(-1);
  if (!last) return;
  const isUndone = fresh.some(({ change, revision }) => change === "restored" && known === revision - 1);
  if (before && last.change === "restored" && fresh.length === 1 && !isUndone) {
    // What it refused has never been in force here.
    parts.meta.set(REVISION, String(last.revision));
    return;
  }
  // What was begun of a change that is taken back is not gone on with; what an earlier one has left is.
  const left = (readOwed(parts)?.changes ?? []).filter(({ revision }) => !isUndone || revision !== known);
  const changes = fresh.flatMap((one): OwedChange[] =>
    one.change === "created" && config.enabled ? [one, { ...one, change: "enabled" }] : [one],
  );
  const isReplaced = parts.transaction(() => {
    const isReplaced = replaceAccounts(parts, config);
    parts.configs.pin({ ...config, user: newest(parts.configs.current?.user, config.user) });
    for (const { key, trigger } of config.flow.blocks) if ("webhook" in trigger || "app_event" in trigger) parts.hooks.ensure(key);
    owe(parts, { changes: [...left, ...changes], at: parts.now() + OWED_FOR });
    if (last.revision !== known) parts.meta.set(REVISION, String(last.revision));
    return isReplaced;
  });
  owes();
  if (isReplaced) goOn();
  try {
    await bringInStep(parts);
  } catch (error) {
    // Whoever asked takes the change for refused: what it has moved already is moved back, by what follows a death.
    if (before)
      parts.transaction(() => {
        parts.configs.pin(before);
        owe(parts, { changes: left, at: parts.now() + OWED_FOR });
        if (last.revision !== known) parts.meta.set(REVISION, String(known));
      });
    throw error;
  }
  rememberTold(parts, readAttention(parts));
}

/** What is still to be done for the configuration in force: bring slots and subscriptions in step, and queue the blocks of `changes`. */
interface Owed {
  changes: OwedChange[];
  /** When a death is taken to have kept it from being done (ms). */
  at: number;
}

const OWED_FOR = 60_000;
function readOwed(parts: Parts): Owed | undefined {
  const owed = JSON.parse(parts.meta.get("owed") || "null") as { changes: (OwedChange | Change)[]; at: number } | null;
  // Earlier releases noted no revision.
  return owed ? { ...owed, changes: owed.changes.map((one) => (typeof one === "string" ? { change: one, revision: 0 } : one)) } : undefined;
}
const owe = (parts: Parts, owed: Owed | undefined): void => parts.meta.set("owed", owed ? JSON.stringify(owed) : "");

/** When (ms) what a death has left of a configuration is to be done; undefined where nothing is left. */
export const owedAt = (parts: Parts): number | undefined => readOwed(parts)?.at;

/** Does what a death has left to be done for the configuration in force. Where that cannot be done now, it comes again. */
async function finishConfiguring(parts: Parts): Promise<void> {
  const owed = readOwed(parts);
  if (!owed || owed.at > parts.now()) return;
  owe(parts, { ...owed, at: parts.now() + OWED_FOR });
  await bringInStep(parts);
  await tellAttention(parts);
}

async function bringInStep(parts: Parts): Promise<void> {
  const open = await openCurrent(parts);
  storeAttention(parts, [...(await planSlots(parts, open)), ...(await syncSubscriptions(parts, open))]);
  const changes = (readOwed(parts)?.changes ?? []).map(({ change }) => change);
  await queueLifecycle(parts, open, changes, () => owe(parts, undefined));
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
  await renewSubscriptions(parts, open, account);
  storeAttention(parts, [...(await planSlots(parts, open)), ...(await syncSubscriptions(parts, open))]);
  await tellAttention(parts);
}

/** Looks after what a death has left of a configuration, and the subscriptions that are due. */
export async function lookAfter(parts: Parts): Promise<void> {
  await finishConfiguring(parts);
  const open = await openCurrent(parts);
  const attention = await keepSubscriptions(parts, open);
  if (!attention) return;
  storeAttention(parts, [...(await planSlots(parts, open)), ...attention]);
  await tellAttention(parts);
}

/**
 * Queues the blocks whose lifecycle trigger is one of `changes`, together with what `also` writes. Their ids. Nobody sends them again: one
 * without room leaves a run that has failed.
 */
export async function queueLifecycle(
  parts: Parts,
  open: OpenConfig,
  changes: readonly string[],
  also: () => void = () => undefined,
): Promise<string[]> {
  const runs: NewRun[] = [];
  for (const block of open.config.flow.blocks) {
    if (triggerType(block.trigger) !== "lifecycle" || !("lifecycle" in block.trigger) || !changes.includes(block.trigger.lifecycle))
      continue;
    runs.push(await prepareRun(parts, { open, block }, { change: block.trigger.lifecycle }));
  }
  return parts.transaction(() => {
    also();
    return runs.flatMap((run) => {
      const taken = storeRuns(parts, [run]);
      const stored = taken.ok ? taken : storeRuns(parts, [refused(run, taken)]);
      return taken.ok && stored.ok ? stored.stored.map(({ id }) => id) : [];
    });
  });
}

/** The configuration in force, open. Rejects where there is none. */
export function openCurrent(parts: Parts): Promise<OpenConfig> {
  const { currentId } = parts.configs;
  if (currentId === undefined) throw new Error("the integration has no configuration");
  return parts.configs.open(currentId);
}
