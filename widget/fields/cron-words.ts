// A schedule between words and cron. Pure: the picker knows a few rhythms, everything else stays the cron text that it is.

export type Rhythm =
  | { kind: "minutes"; every: number }
  | { kind: "hourly"; minute: number }
  | { kind: "daily"; time: string }
  | { kind: "weekdays"; time: string }
  | { kind: "weekly"; days: number[]; time: string }
  | { kind: "monthly"; day: number; time: string }
  | { kind: "custom"; cron: string };

export const MINUTE_STEPS = [5, 10, 15, 20, 30] as const;

/** Five fields, each of what cron knows: numbers, `*`, lists, ranges, steps, names of days and months. */
export const isCron = (text: string): boolean =>
  /^\s*(?:[\d*/,-]+|\*)(?:\s+[\d*/,a-z#?L-]+){4}\s*$/i.test(text) && text.trim().split(/\s+/).length === 5;

const pad = (n: number) => String(n).padStart(2, "0");

/** Reads five-field cron text; what the picker has no words for is `custom`. */
export function readCron(cron: string): Rhythm {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = cron.trim().split(/\s+/);
  const custom: Rhythm = { kind: "custom", cron };
  if (!isCron(cron) || month !== "*") return custom;
  const step = /^\*\/(\d+)$/.exec(minute);
  if (step && hour === "*" && day === "*" && weekday === "*") {
    const every = Number(step[1]);
    return MINUTE_STEPS.some((known) => known === every) ? { kind: "minutes", every } : custom;
  }
  const at = wholeNumber(minute, 0, 59);
  if (at === undefined) return custom;
  if (hour === "*") return day === "*" && weekday === "*" ? { kind: "hourly", minute: at } : custom;
  const clock = wholeNumber(hour, 0, 23);
  if (clock === undefined) return custom;
  const time = `${pad(clock)}:${pad(at)}`;
  if (day === "*" && weekday === "*") return { kind: "daily", time };
  if (day === "*" && (weekday === "1-5" || weekday.toUpperCase() === "MON-FRI")) return { kind: "weekdays", time };
  const days = weekday.split(",").map((one) => wholeNumber(one, 0, 7));
  if (day === "*" && days.every((one) => one !== undefined)) {
    return { kind: "weekly", days: [...new Set(days.map((one) => one % 7))].sort((a, b) => a - b), time };
  }
  const date = wholeNumber(day, 1, 31);
  return weekday === "*" && date !== undefined ? { kind: "monthly", day: date, time } : custom;
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
