// Stops hammering a target that is down. Pure. Closed: calls pass. Open: none pass until the cool-down ends. Half open: one tries.

export interface Breaker {
  /** When the last failures happened, ms since epoch. */
  failures: number[];
  /** 0 while closed. */
  openUntil: number;
  /** How often in a row it opened; lengthens the cool-down. */
  opened: number;
  /** When the one that tries began; 0 where none does. */
  tryingSince: number;
}

const FAILURES = 5;
const WINDOW = 10_000;
const COOL_DOWN = 15_000;
const LONGEST = 300_000;
/** ms after which one that tries counts as dead, and another may. */
const TRY_LIFE = 90_000;

export const closedBreaker = (): Breaker => ({ failures: [], openUntil: 0, opened: 0, tryingSince: 0 });

/** Whether a call may pass at `now`; else when to ask again. */
export function admit(breaker: Breaker, now: number): { ok: true; breaker: Breaker } | { ok: false; retryAt: number } {
  if (breaker.openUntil === 0) return { ok: true, breaker };
  // A pause longer than the longest was set while the clock ran ahead.
  if (now < breaker.openUntil && breaker.openUntil <= now + LONGEST) return { ok: false, retryAt: breaker.openUntil };
  const isTrying = breaker.tryingSince > 0 && now - breaker.tryingSince < TRY_LIFE;
  return isTrying ? { ok: false, retryAt: now + 1_000 } : { ok: true, breaker: { ...breaker, tryingSince: now } };
}

/** The breaker after a call came to its end at `now`. A failure is no answer, or an answer that the target is broken. */
export function settle(breaker: Breaker, isFailure: boolean, now: number): Breaker {
  if (!isFailure) return breaker.openUntil > 0 && breaker.tryingSince === 0 ? breaker : closedBreaker();
  const failures = [...breaker.failures.filter((time) => time > now - WINDOW), now].slice(-FAILURES);
  const mustOpen = breaker.tryingSince > 0 || (breaker.openUntil === 0 && failures.length >= FAILURES);
  if (!mustOpen) return { ...breaker, failures };
  const pause = Math.min(LONGEST, COOL_DOWN * 2 ** breaker.opened);
  return { failures: [], openUntil: now + pause, opened: breaker.opened + 1, tryingSince: 0 };
}

/** The breaker when the call that tried never left. */
export const unsettle = (breaker: Breaker): Breaker => ({ ...breaker, tryingSince: 0 });
