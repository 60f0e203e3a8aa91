// The languages beside English. Loaded with the first of them that is asked for.
import type { MessageTable } from "./en.ts";

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

/** The shipped name that serves the language tag; undefined: none does. Traditional Chinese is not served by simplified (CLDR: no parent). */
export function findLocale(tag: string): LocaleName | undefined {
  const { language, script } = new Intl.Locale(tag).maximize();
  if (language === "zh") return script === "Hans" ? "zh-CN" : undefined;
  const name = language === "pt" ? "pt-BR" : language;
  return name in LOCALES ? (name as LocaleName) : undefined;
}

/** The table that serves `tag`, with its name. Rejects where it does not load. */
export async function loadTable(tag: string): Promise<{ name: LocaleName; table: MessageTable } | undefined> {
  const name = findLocale(tag);
  return name && { name, table: await LOCALES[name]() };
}
