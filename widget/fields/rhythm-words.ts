import type { I18n } from "../i18n/i18n.ts";
import "../i18n/setup/words.ts";
import type { Rhythm } from "./cron-words.ts";

/** A Sunday, to name the days of the week from. */
const SUNDAY = Date.UTC(2023, 0, 1);

/** The name of a day of the week; 0 is Sunday. */
export const dayName = (locale: string, day: number, weekday: "long" | "short"): string =>
  new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(SUNDAY + day * 86_400_000);

const timeName = (locale: string, time: string): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: "UTC" }).format(new Date(`2023-01-01T${time}:00Z`));

/** A rhythm as a sentence: "Runs every weekday at 09:00". */
export function rhythmWords(i18n: I18n, rhythm: Rhythm): string {
  const { msg, locale } = i18n;
  switch (rhythm.kind) {
    case "minutes":
      return msg("field.schedule.sayMinutes", { count: rhythm.every });
    case "hourly":
      return msg("field.schedule.sayHourly", { minute: String(rhythm.minute).padStart(2, "0") });
    case "daily":
      return msg("field.schedule.sayDaily", { time: timeName(locale, rhythm.time) });
    case "weekdays":
      return msg("field.schedule.sayWeekdays", { time: timeName(locale, rhythm.time) });
    case "weekly": {
      const days = i18n.list(rhythm.days.map((day) => dayName(locale, day, "long")));
      return msg("field.schedule.sayWeekly", { days, time: timeName(locale, rhythm.time) });
    }
    case "monthly":
      return msg("field.schedule.sayMonthly", { day: rhythm.day, time: timeName(locale, rhythm.time) });
    case "custom":
      return msg("field.schedule.sayCustom", { cron: rhythm.cron });
  }
}
