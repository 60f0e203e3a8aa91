// Words, numbers and times in the user's language. A table is loaded when it is needed; English is always there.
import type { MessageKey, MessageTable } from "./en.ts";
import { en } from "./en.ts";

/** Text with `{name}` places, or such texts by plural category of `count`. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Params = Record<string, string | number>;
export type Overrides = Readonly<Record<string, Partial<Record<MessageKey, Message>>>>;

const words: Partial<Record<MessageKey, Message>> = { ...en };

/** Adds the English words of a part of the widget that is loaded later. */
export function addEnglish(more: Partial<Record<MessageKey, Message>>): void {
  Object.assign(words, more);
}

/** One language with its table. Immutable: another language is another instance. */
export class I18n {
  /** A valid BCP 47 tag, region and all: dates and numbers follow it. */
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  readonly #table: Partial<MessageTable>;
  readonly #overrides: Partial<Record<MessageKey, Message>>;
  readonly #made = new Map<string, unknown>();

  constructor(locale: string, table: Partial<MessageTable>, overrides: Partial<Record<MessageKey, Message>> = {}) {
    this.locale = locale;
    this.dir = /^(ar|fa|he|ur)\b/.test(locale) ? "rtl" : "ltr";
    this.#table = table;
    this.#overrides = overrides;
  }

  /**
   * The words for `key`; `count` in `params` chooses the plural form. Numbers are written as the language does; names that could turn the
   * sentence around do not.
   */
  msg = (key: MessageKey, params: Params = {}): string => {
    const message = this.#overrides[key] ?? this.#table[key] ?? words[key] ?? key;
    const count = Number(params.count ?? 0);
    const text = typeof message === "string" ? message : (message[this.#make(Intl.PluralRules).select(count)] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = params[name];
      if (value === undefined) return place;
      if (typeof value === "number") return this.number(value);
      return this.#isolate(value);
    });
  };

  /** A formatter for the language. They are dear to make, and lists need thousands: each is made once. */
  #make<T, O>(kind: new (locale: string, options?: O) => T, options?: O): T {
    const key = kind.name + JSON.stringify(options);
    const made = (this.#made.get(key) as T | undefined) ?? new kind(this.locale, options);
    this.#made.set(key, made);
    return made;
  }

  /** `name` isolated (U+2068) where it may run the other way than the sentence, and without what turns text around from there on (U+202E). */
  #isolate = (name: string) => {
    const text = name.replace(/[\u202a-\u202e\u2066\u2067]/g, "");
    return this.dir === "rtl" || /[\u0590-\u08ff\ufb1d-\ufeff]/.test(text) ? `\u2068${text}\u2069` : text;
  };

  /** In English, small whole numbers as they are: a formatter takes a tenth of the time until the first cards to make. */
  number(value: number): string {
    if (this.locale === "en" && value >= 0 && value < 1_000 && Number.isInteger(value)) return String(value);
    return this.#make(Intl.NumberFormat).format(value);
  }

  /** `names` joined as a sentence does: "A, B and C". */
  list(names: readonly string[], type: "conjunction" | "disjunction" = "conjunction"): string {
    return this.#make(Intl.ListFormat, { type }).format(names.map(this.#isolate));
  }

  /** Day and time, in the user's own time zone. */
  dateTime(iso: string, options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" }): string {
    const date = new Date(iso);
    return Number.isNaN(date.getTime()) ? iso : this.#make(Intl.DateTimeFormat, options).format(date);
  }

  /** "5 minutes ago", "in 3 hours"; days from one day on. `now` in ms. */
  relative(iso: string, now = Date.now()): string {
    const seconds = (new Date(iso).getTime() - now) / 1000;
    const size = Math.abs(seconds);
    const format = this.#make(Intl.RelativeTimeFormat, { numeric: "auto" });
    if (Number.isNaN(seconds)) return iso;
    if (size < 45) return seconds > 5 ? format.format(Math.round(seconds), "second") : this.msg("time.now");
    if (size < 3_600) return format.format(Math.round(seconds / 60), "minute");
    if (size < 86_400) return format.format(Math.round(seconds / 3_600), "hour");
    if (size < 86_400 * 30) return format.format(Math.round(seconds / 86_400), "day");
    return this.dateTime(iso, { dateStyle: "medium" });
  }

  /** How long something took: "340 ms", "1.2 s", "3 min". */
  took(ms: number): string {
    const [value, unit, digits] =
      ms < 1_000 ? [ms, "millisecond", 0] : ms < 60_000 ? [ms / 1_000, "second", 1] : [ms / 60_000, "minute", 1];
    return this.#make(Intl.NumberFormat, {
      style: "unit",
      unit: String(unit),
      unitDisplay: "short",
      maximumFractionDigits: Number(digits),
    }).format(Number(value));
  }
}

/** English, at once. */
export const english = new I18n("en", words);

/** The words for `locale`: see `makeI18n` in locales.ts, which is loaded for it. English where that does not load. */
export async function loadI18n(locale: string, overrides: Overrides = {}): Promise<I18n> {
  try {
    const { makeI18n } = await import("./locales.ts");
    return await makeI18n(locale, overrides, words);
  } catch {
    return new I18n("en", words, overrides.en);
  }
}
