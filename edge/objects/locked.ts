// What cannot be opened for now, such as without the workspace's key: it waits, is tried again, and counts as overdue meanwhile.
import type { Why } from "../../shared/api/run.ts";

const CODE = "locked";
const PAUSE = { shortest: 15_000, longest: 300_000 };

export const LOCKED =
  "Secrets cannot be opened for now. This goes on by itself once they can be; whoever operates Inlay finds why in its log";

/** ms until the next attempt at what has been locked since `since` (ms): for as long again, 15 s at least, 5 min at most. */
export const lockedPause = (since: number, now: number): number => Math.min(PAUSE.longest, Math.max(PAUSE.shortest, now - since));

/** `why` where it says so, with the time of the first attempt: that which `before` (as stored) names, else `since` (ms). Others as they are. */
export function keepLocked(why: Why | undefined, before: string | null, since: number): Why | undefined {
  if (why?.code !== CODE) return why;
  return lockedWhy(lockedSince(before) ?? since);
}

export const lockedWhy = (since: number): Why => ({ code: CODE, params: { since: new Date(since).toISOString() } });

/** Since when (ms) it is locked, by its reason as stored; undefined where that is another. */
export function lockedSince(why: string | null): number | undefined {
  const since = why?.startsWith(`{"code":"${CODE}"`) ? (JSON.parse(why) as Why).params?.since : undefined;
  return since === undefined ? undefined : Date.parse(since);
}
