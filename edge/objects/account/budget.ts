// When the next call may leave. Pure: no clock. A sliding window of the app's limits, with a margin since clocks and networks are not
// exact, and whatever the provider has asked for by 429 or by its headers.
import { LONGEST } from "../../providers/http/retry-after.ts";

/** At most `requests` calls leave in any `per` ms. */
export interface Limits {
  requests: number;
  per: number;
}

/** `times`: when calls left or will leave (ms since epoch, ascending). `strikes`: 429s in a row. */
export interface Budget {
  times: number[];
  blockedUntil: number;
  strikes: number;
}

/** No call is planned further ahead (ms). */
const AHEAD = 120_000;
const MARGIN = 1.05;
const FIRST_BACK_OFF = 1_000;
const LONGEST_BACK_OFF = 60_000;

export const emptyBudget = (): Budget => ({ times: [], blockedUntil: 0, strikes: 0 });

/** The budget without what was noted while the clock ran ahead: it would hold up calls until the clock has caught up. */
export function withoutAhead(budget: Budget, now: number): Budget {
  const isBlockedAhead = budget.blockedUntil > now + LONGEST;
  if ((budget.times.at(-1) ?? 0) <= now + AHEAD && !isBlockedAhead) return budget;
  return { ...budget, times: budget.times.filter((time) => time <= now + AHEAD), blockedUntil: isBlockedAhead ? 0 : budget.blockedUntil };
}

/** The earliest time, not before `now`, at which one more call may leave. */
export function nextSlot(budget: Budget, limits: Limits | undefined, now: number): number {
  const free = Math.max(now, budget.blockedUntil);
  const oldest = limits ? budget.times.at(-limits.requests) : undefined;
  return limits && oldest !== undefined ? Math.max(free, Math.ceil(oldest + limits.per * MARGIN)) : free;
}

/** The budget with one more call at `at`. It knows all calls that still count, so that one which is given back makes room for one alone. */
export function take(budget: Budget, limits: Limits | undefined, at: number, now: number): Budget {
  if (!limits) return budget;
  const counts = (time: number) => time > now - limits.per * MARGIN;
  return { ...budget, times: insert(budget.times.filter(counts), at) };
}

/** The budget once a call planned for `planned` is known to count from `at`, which is later. */
export function correct(budget: Budget, planned: number, at: number): Budget {
  const index = budget.times.indexOf(planned);
  if (index < 0 || at <= planned) return budget;
  return { ...budget, times: insert(budget.times.toSpliced(index, 1), at) };
}

/** The budget without the call planned for `planned`, which never left. */
export function giveBack(budget: Budget, planned: number): Budget {
  const index = budget.times.indexOf(planned);
  return index < 0 ? budget : { ...budget, times: budget.times.toSpliced(index, 1) };
}

/** What an answer teaches: 429 closes for `wait` ms (else for a growing back-off), an exhausted window until it opens again. */
export function learn(budget: Budget, isLimited: boolean, wait: number | undefined, now: number): Budget {
  const strikes = isLimited ? budget.strikes + 1 : 0;
  const pause = wait ?? (isLimited ? Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** (strikes - 1)) : 0);
  return { ...budget, strikes, blockedUntil: Math.max(budget.blockedUntil, pause > 0 ? now + pause : 0) };
}

function insert(times: readonly number[], at: number): number[] {
  const index = times.findLastIndex((time) => time <= at) + 1;
  return times.toSpliced(index, 0, at);
}
