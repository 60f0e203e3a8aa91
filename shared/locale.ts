/** The name under which words in the language of `tag` are shipped; undefined where it is none. Traditional Chinese is not served by simplified (CLDR: no parent). */
export function localeOf(tag: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    if (language === "zh") return script === "Hans" ? "zh-CN" : undefined;
    return language === "pt" ? "pt-BR" : language;
  } catch {
    return undefined;
  }
}
