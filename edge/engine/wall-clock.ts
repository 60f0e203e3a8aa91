// What clocks on the wall show in a zone, as ms since 1970 as though that zone were UTC, and when they show it.

const MINUTE = 60_000;
const DAY = 86_400_000;
const MAX_KNOWN = 500;
const known = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const found = known.get(zone);
  if (found) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const whole = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    ...whole,
  });
  known.set(zone, made);
  return made;
}

/** What the wall shows at `time` (ms since epoch). */
export function wallAt(time: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return shown + (((time % 1_000) + 1_000) % 1_000);
}

/** When (ms since epoch) the wall shows `wall` first. What a change of the clock leaves out counts as shown right after the change. */
export function timeOfWall(wall: number, zone: string): number {
  const [before, after] = [wall - DAY, wall + DAY].map((time) => wall - (wallAt(time, zone) - time));
  const [first = wall, last = wall] = [before ?? wall, after ?? wall].sort((a, b) => a - b);
  if (wallAt(first, zone) === wall) return first;
  if (wallAt(last, zone) === wall) return last;
  let [low, high] = [first, last];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallAt(middle, zone) > wall) high = middle;
    else low = middle;
  }
  return Math.round(high / MINUTE) * MINUTE;
}
