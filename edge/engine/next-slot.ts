// When schedules and polls are due. No clock: the time is passed in, ms since epoch.
import { Cron } from "croner";
import { QUEUE_LIMITS } from "./limits.ts";
import { hashText } from "./seeded-random.ts";
import { timeOfWall, wallAt } from "./wall-clock.ts";

/** A rhythm with its expressions evaluated: a cron pattern in an IANA zone, or an interval (ms) with the integration's own offset. */
export type Rhythm = { cron: string; timezone: string } | { every: number; offset: number };

/** What is wrong with a cron pattern, in words, or undefined. Five fields, or six with seconds first. */
export function checkCron(pattern: string): string | undefined {
  try {
    const isEverDue = new Cron(pattern, { mode: "5-or-6-parts" }).nextRun(new Date(0)) !== null;
    return isEverDue ? undefined : `“${pattern}” is never due: no month has such a day`;
  } catch (error) {
    return `“${pattern}” is no cron pattern, such as 0 3 * * *: ${error instanceof Error ? error.message : error}`;
  }
}

/** Whether `zone` is a time zone that this platform knows. */
export function checkZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The place of `owner` within an interval: always the same, and evenly spread over many owners. */
export function stableOffset(owner: string, every: number): number {
  return hashText(owner) % every;
}

/**
 * The first time after `from` that `rhythm` is due; undefined where it never is again. Where a pattern names its hours and minutes, a time
 * that a clock change skips is due right after it, and one that it repeats is due once; a pattern such as every ten minutes goes on by itself.
 */
export function nextSlot(rhythm: Rhythm, from: number): number | undefined {
  if ("every" in rhythm) return (Math.floor((from - rhythm.offset) / rhythm.every) + 1) * rhythm.every + rhythm.offset;
  const { cron, timezone } = rhythm;
  if (!namesTimes(cron)) return cronOf(cron, timezone).nextRun(new Date(from))?.getTime();
  const walls = cronOf(cron, "UTC");
  for (let wall = walls.nextRun(new Date(wallAt(from, timezone))); wall; wall = walls.nextRun(wall)) {
    const time = timeOfWall(wall.getTime(), timezone);
    if (time > from) return time;
  }
  return undefined;
}

/** Whether a pattern names hours and minutes of a day, and not all of them. */
function namesTimes(cron: string): boolean {
  const fields = cron.trim().split(/\s+/);
  const [minutes = "*", hours = "*"] = fields.slice(-5);
  return fields.length >= 5 && !/[*?]|^0-23$/.test(hours) && !/[*?]|^0-59$/.test(minutes);
}

const MAX_KNOWN = 500;
const known = new Map<string, Cron>();

/** The pattern, parsed once: integrations of one flow share theirs. */
function cronOf(pattern: string, timezone: string): Cron {
  const key = `${timezone} ${pattern}`;
  const found = known.get(key) ?? new Cron(pattern, { timezone, mode: "5-or-6-parts" });
  known.set(key, found);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? key);
  return found;
}

/**
 * When the due time `due` of `from` comes where the same pattern follows another zone's clock: at its time of day on its day, which may have
 * passed there. Undefined for any other change, and where the pattern is due again sooner than the clocks are apart: then it goes by the new one.
 */
export function moveSlot(from: Rhythm, to: Rhythm, due: number): number | undefined {
  if (!("cron" in from && "cron" in to) || from.cron !== to.cron) return undefined;
  const moved = nextSlot(to, timeOfWall(wallAt(due, from.timezone), to.timezone) - 1);
  const after = nextSlot(from, due) ?? Number.POSITIVE_INFINITY;
  return moved !== undefined && Math.abs(moved - due) < after - due ? moved : undefined;
}

/** How a due time ended. */
export type SlotOutcome = "ran" | "late" | "skipped" | "coalesced";
export interface Slot {
  due: number;
  outcome: SlotOutcome;
  /** How many earlier times this one stands for as well. */
  missed: number;
}

/** A due time that is served within this (ms) counts as on time. */
export const ON_TIME = 60_000;

/**
 * What becomes of the due times from `due` (the first that was not served) up to `now`. Those more than a minute late were missed:
 * `skip` leaves them, `one` serves the last of them for all, `all` serves each. Beyond 1,000, only those of the last minute are looked at. `next` is the first still to come.
 */
export function settleSlots(
  rhythm: Rhythm,
  due: number,
  now: number,
  policy: "skip" | "one" | "all",
): { slots: Slot[]; next: number | undefined } {
  const dues: number[] = [];
  let next: number | undefined = due;
  while (next !== undefined && next <= now) {
    dues.push(next);
    next = nextSlot(rhythm, dues.length === QUEUE_LIMITS.missed ? Math.max(next, now - ON_TIME) : next);
  }
  const last = dues.length - 1;
  const slots = dues.map((time, index): Slot => {
    const isOnTime = now - time <= ON_TIME;
    if (policy === "all") return { due: time, outcome: isOnTime ? "ran" : "late", missed: 0 };
    if (policy === "skip") return { due: time, outcome: isOnTime && index === last ? "ran" : "skipped", missed: 0 };
    if (index < last) return { due: time, outcome: "coalesced", missed: 0 };
    return { due: time, outcome: isOnTime ? "ran" : "late", missed: last };
  });
  return { slots, next };
}
