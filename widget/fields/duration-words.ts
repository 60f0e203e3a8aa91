import type { I18n } from "../i18n/i18n.ts";

export const UNITS = ["s", "m", "h", "d", "w"] as const;
export type Unit = (typeof UNITS)[number];
export const SECONDS: Record<Unit, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const NAMES = { s: "second", m: "minute", h: "hour", d: "day", w: "week" } as const;

/** The largest unit of which `seconds` are a whole number. */
export const unitOf = (seconds: number): Unit => UNITS.findLast((unit) => seconds % SECONDS[unit] === 0 && seconds >= SECONDS[unit]) ?? "s";

/** Writes amounts of `unit` in words: "5 minutes". */
export const unitFormat = (locale: string, unit: Unit): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { style: "unit", unit: NAMES[unit], unitDisplay: "long" });

/** "5 minutes", "2 days", in the user's language. */
export function durationWords({ locale }: I18n, ms: number): string {
  const unit = unitOf(ms / 1_000);
  return unitFormat(locale, unit).format(ms / 1_000 / SECONDS[unit]);
}
