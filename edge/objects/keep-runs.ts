import type { Env } from "../env.ts";

const DAY = 86_400_000;
const DEFAULT_DAYS = 30;

/** How long (ms) a run is kept after its end: `INLAY_RUN_DAYS`, 1 to 3650, or 30 days. */
export function keepRunsFor({ INLAY_RUN_DAYS: text }: Pick<Env, "INLAY_RUN_DAYS">): number {
  const days = Number(text ?? DEFAULT_DAYS);
  return (Number.isInteger(days) && days >= 1 && days <= 3_650 ? days : DEFAULT_DAYS) * DAY;
}
