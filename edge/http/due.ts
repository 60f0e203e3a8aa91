import type { IntegrationState } from "../objects/integration/rpc.ts";

/** How long after its next run an integration is looked after, where its alarm should have done it. */
const MARGIN = 120_000;
/** How often one without a schedule is looked after. */
const IDLE = 3_600_000;

/** When the sweep should touch the integration (ms since epoch); null where it is switched off. */
export function sweepDue(state: IntegrationState, now: number): number | null {
  if (!state.enabled) return null;
  const next = state.blocks.flatMap(({ nextRunAt }) => (nextRunAt === undefined ? [] : [Date.parse(nextRunAt)])).filter(Number.isFinite);
  return Math.max(now, Math.min(now + IDLE, ...next)) + MARGIN;
}
