import type { IntegrationState } from "../objects/integration/rpc.ts";

/** How long after its next run an integration is looked after, where its alarm should have done it. */
const MARGIN = 120_000;
/** How often one without a schedule is looked after. */
const IDLE = 3_600_000;

/** No integration is to be looked after later than this (ms) from now: where one is, that was noted while the clock ran ahead. */
export const FARTHEST = IDLE + MARGIN + 60_000;

/** What was to run more than this (ms) ago has been forgotten, not delayed. */
const LATE = 60_000;

/**
 * When the sweep should touch the integration (ms since epoch); null where it is switched off. Where its next time has passed it is that, which
 * is long ago: it stays overdue until the sweep finds that it has been served.
 */
export function sweepDue(state: IntegrationState, now: number): number | null {
  if (!state.enabled) return null;
  const next = state.blocks.flatMap(({ nextRunAt }) => (nextRunAt === undefined ? [] : [Date.parse(nextRunAt)])).filter(Number.isFinite);
  const first = Math.min(now + IDLE, ...next);
  return first < now - LATE ? first : Math.max(now, first) + MARGIN;
}
