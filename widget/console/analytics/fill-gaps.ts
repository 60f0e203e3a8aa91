import type { Analytics } from "../../../shared/api/workspace-error.ts";

type Point = Analytics["series"][number];

const STEP = { hour: 3_600_000, day: 86_400_000 };
const NOTHING = { runs: 0, succeeded: 0, failed: 0, stopped: 0, canceled: 0, tasks: 0, averageMs: null };

/** A point for every hour or day of the range; those in which nothing ran are told as nought. */
export function fillGaps({ from, to, unit, series }: Pick<Analytics, "from" | "to" | "unit" | "series">): Point[] {
  const step = STEP[unit];
  const known = new Map(series.map((point) => [Math.floor(Date.parse(point.at) / step), point]));
  const [first, last] = [Math.floor(Date.parse(from) / step), Math.ceil(Date.parse(to) / step) - 1];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = first + index;
    return known.get(at) ?? { at: new Date(at * step).toISOString(), ...NOTHING };
  });
}
