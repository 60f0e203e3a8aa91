import type { I18n } from "../i18n/i18n.ts";
import type { ComboboxWords } from "../ui/combobox.ts";

const known = new WeakMap<I18n, ComboboxWords>();

/** What a combobox says, in the user's language; the same object for the same language. */
export function comboboxWords(i18n: I18n): ComboboxWords {
  const words = known.get(i18n) ?? {
    loading: i18n.msg("loading"),
    empty: i18n.msg("field.empty"),
    noMatch: i18n.msg("field.noMatch"),
    clear: i18n.msg("field.clear"),
    remove: (label: string) => i18n.msg("field.remove", { label }),
  };
  known.set(i18n, words);
  return words;
}
