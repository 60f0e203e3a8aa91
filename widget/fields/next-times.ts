// When a rhythm of the picker comes next, pure: for the sentence below it. The edge alone decides when something runs.
import type { Rhythm } from "./cron-words.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Days that are looked through: a 31st is at most two months away, whatever the month begins with. */
const HORIZON = 70;

/** The first `count` moments after `now` (both in ms) in the time zone `zone`. None for cron text without words, or a zone that there is not. */
export function nextTimes(rhythm: Rhythm, zone: string, now: number, count: number): number[] {
  if (rhythm.kind === "custom" || !isZone(zone)) return [];
  if (rhythm.kind === "minutes") return every(rhythm.every, 0, now, count);
  if (rhythm.kind === "hourly") return every(60, (rhythm.minute + 60 - (offsetAt(zone, now) % 60)) % 60, now, count);
  const [hour = 0, minute = 0] = rhythm.time.split(":").map(Number);
  const times: number[] = [];
  for (let day = -1; day < HORIZON && times.length < count; day++) {
    const local = new Date(now + offsetAt(zone, now) * MINUTE + day * DAY);
    const wanted = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), hour, minute);
    const time = toMoment(wanted, zone);
    if (time > now && isDue(rhythm, new Date(wanted))) times.push(time);
  }
  return times;
}

/** Moments a whole number of steps of `minutes` after `first` minutes past the hour. */
function every(minutes: number, first: number, now: number, count: number): number[] {
  const step = minutes * MINUTE;
  const start = Math.floor((now - first * MINUTE) / step) * step + first * MINUTE;
  return Array.from({ length: count }, (_, index) => start + (index + 1) * step);
}

function isDue(rhythm: Exclude<Rhythm, { kind: "custom" | "minutes" | "hourly" }>, day: Date): boolean {
  const weekday = day.getUTCDay();
  if (rhythm.kind === "weekdays") return weekday >= 1 && weekday <= 5;
  if (rhythm.kind === "weekly") return rhythm.days.includes(weekday);
  return rhythm.kind === "daily" || rhythm.day === day.getUTCDate();
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** Minutes that clocks in `zone` are ahead of UTC at `moment`. */
function offsetAt(zone: string, moment: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric" },
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return Math.round((local - Math.floor(moment / MINUTE) * MINUTE) / MINUTE);
}

/** The moment at which clocks in `zone` show `local` (as if it were UTC). */
function toMoment(local: number, zone: string): number {
  const guess = local - offsetAt(zone, local) * MINUTE;
  return local - offsetAt(zone, guess) * MINUTE;
}
