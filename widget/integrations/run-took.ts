/** How long something ran, in ms; undefined while it runs or where it never began. */
export function runTook({ startedAt, endedAt }: { startedAt: string | null; endedAt: string | null }): number | undefined {
  if (!startedAt || !endedAt) return undefined;
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
