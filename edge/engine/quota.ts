// How much a block may do in each period. Periods begin at multiples of their length since epoch. No clock: `now` is passed in, ms.

import type { Quota } from "../../shared/flow/flow-file.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";

/** Shortest period, ms. */
export const QUOTA_PERIOD = 60_000;
const DAY = "1d";

/** What was done in the period that began at `since`. */
export interface Usage {
  since: number;
  runs: number;
  tasks: number;
}

/** The quota with its period in ms. */
export function readQuota(quota: Quota): { tasks: number; runs: number; per: number } | undefined {
  const { tasks = Infinity, runs = Infinity, per: length = DAY } = typeof quota === "number" ? { tasks: quota, per: DAY } : quota;
  const per = parseDuration(length);
  return per === undefined ? undefined : { tasks, runs, per };
}

/** The period that `now` falls into, by its beginning. */
export const periodOf = (per: number, now: number): number => Math.floor(now / per) * per;

/** How many runs may still begin in the period that `now` falls into. */
export function runsLeft(quota: Quota, used: Usage | undefined, now: number): number {
  const limit = readQuota(quota);
  if (!limit) return Infinity;
  return Math.max(0, limit.runs - (used?.since === periodOf(limit.per, now) ? used.runs : 0));
}

/** Why no run may begin now, and when one may again (ms since epoch); undefined where there is room. */
export function quotaRefusal(quota: Quota, used: Usage | undefined, now: number): { message: string; again: number } | undefined {
  const limit = readQuota(quota);
  if (!limit) return undefined;
  const since = periodOf(limit.per, now);
  if (used?.since !== since) return undefined;
  const isOver = used.tasks >= limit.tasks ? `${limit.tasks} tasks` : used.runs >= limit.runs ? `${limit.runs} runs` : undefined;
  if (isOver === undefined) return undefined;
  const again = since + limit.per;
  const per = typeof quota === "number" ? DAY : quota.per;
  return { message: `The quota of ${isOver} per ${per} is used up. It starts again at ${new Date(again).toISOString()}`, again };
}
