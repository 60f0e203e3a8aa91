// A block that runs once a day by the clock of its user, who travels; and what must hold of its due times, wherever they have been.
import type { FlowFile } from "../../../shared/flow/flow-file.ts";
import { wallAt } from "../wall-clock.ts";
import { pick, type Random } from "./random-flow.ts";

type Block = FlowFile["blocks"][number];

const DAY = 86_400_000;
/** No two of them show the same time of day, and none changes its clocks while a world lasts that begins in January. */
const ZONES = ["UTC", "Europe/Berlin", "Asia/Tokyo", "Asia/Kolkata", "America/New_York", "Pacific/Honolulu", "Pacific/Auckland"] as const;

export const pickZone = (random: Random): string => pick(random, ZONES);

/** Due within a quarter of an hour after `start`, in one of the zones. */
export function dailyBlock(random: Random, start: number): Block {
  const at = new Date(wallAt(start, pickZone(random)) + Math.floor(random() * 15) * 60_000);
  return {
    ...{ key: "daily", name: "Daily", missed: pick(random, ["skip", "one", "all"]) },
    trigger: { schedule: { cron: `${at.getUTCMinutes()} ${at.getUTCHours()} * * *` } },
    steps: [{ key: "dawn", http: { method: "POST", url: "https://sink.test/", body: {} } }],
  } as Block;
}

/** Each day from `first` (a due time in `zone`, where the world began) up to the next due one has one row. */
export function checkDays(
  block: Block,
  first: number,
  zone: string,
  rows: readonly { due: number; run: string | null }[],
  next: number,
): string[] {
  const [minute, hour] = "schedule" in block.trigger ? (block.trigger.schedule.cron ?? "").split(" ").map(Number) : [];
  const dayOf = (due: number): number | undefined => {
    const walls = ZONES.map((one) => new Date(wallAt(Math.floor(due / 60_000) * 60_000, one)));
    const wall = walls.find((one) => one.getUTCMinutes() === minute && one.getUTCHours() === hour);
    return wall && Math.floor(wall.getTime() / DAY);
  };
  const iso = (time: number) => new Date(time).toISOString();
  const found: string[] = [];
  const days = new Map<number, number>();
  for (const { due } of rows) {
    const day = dayOf(due);
    if (day === undefined) found.push(`the daily schedule was due at ${iso(due)}, which is its time of day nowhere`);
    else if (days.has(day))
      found.push(`the daily schedule was due twice on ${iso(day * DAY)}: at ${iso(days.get(day) ?? 0)} and at ${iso(due)}`);
    else days.set(day, due);
  }
  const end = dayOf(next);
  if (end === undefined) return [...found, `the daily schedule is due at ${iso(next)}, which is its time of day nowhere`];
  for (let day = Math.floor(wallAt(first, zone) / DAY); day < end; day++)
    if (!days.has(day)) found.push(`the daily schedule left out ${iso(day * DAY)}`);
  return found;
}
