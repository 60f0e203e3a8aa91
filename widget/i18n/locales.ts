// The languages beside American English, and which of them serves a page. Loaded with the first that is asked for.
import { localeOf } from "../../shared/locale.ts";
import type { MessageTable } from "./en.ts";
import { I18n, type Overrides } from "./i18n.ts";

type Load = () => Promise<MessageTable>;

/** By shipped name. Each is one chunk. */
export const LOCALES = {
  ar: async () => (await import("./ar.ts")).ar,
  de: async () => (await import("./de.ts")).de,
  es: async () => (await import("./es.ts")).es,
  fr: async () => (await import("./fr.ts")).fr,
  he: async () => (await import("./he.ts")).he,
  it: async () => (await import("./it.ts")).it,
  ja: async () => (await import("./ja.ts")).ja,
  nl: async () => (await import("./nl.ts")).nl,
  pl: async () => (await import("./pl.ts")).pl,
  "pt-BR": async () => (await import("./pt-br.ts")).ptBr,
  "zh-CN": async () => (await import("./zh-cn.ts")).zhCn,
} as const satisfies Record<string, Load>;
export type LocaleName = keyof typeof LOCALES;

/** The shipped name that serves the language tag; undefined: none does. */
export function findLocale(tag: string): LocaleName | undefined {
  const name = localeOf(tag) ?? "";
  return name in LOCALES ? (name as LocaleName) : undefined;
}

/**
 * The words for `locale` ("de-AT" takes "de", "pt" takes "pt-BR"); `english` where there are none or they do not load. `overrides` count by
 * language, by the name of the shipped table and by the locale itself, the narrowest last; they alone make a language as well.
 */
export async function makeI18n(locale: string, overrides: Overrides, english: Partial<MessageTable>): Promise<I18n> {
  const tag = canonicalTag(locale);
  const language = tag.split("-")[0] ?? tag;
  const name = findLocale(tag);
  const mine = { ...overrides[language], ...overrides[name ?? ""], ...overrides[locale], ...overrides[tag] };
  const table = name && (await LOCALES[name]().catch(() => undefined));
  const isKnown = table || language === "en" || Object.keys(mine).length > 0;
  return isKnown ? new I18n(tag, table ?? english, mine) : new I18n("en", english, overrides.en);
}

/** `locale` as `Intl` takes it ("de_AT" becomes "de-AT"); English where it is no language tag: a host may have written anything. */
function canonicalTag(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}
