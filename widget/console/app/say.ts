import { english, type Message, type Params } from "../../i18n/i18n.ts";

const plural = new Intl.PluralRules(english.locale);

/**
 * The words of one part of the console: `say("key", {count: 3})`. Texts are written as the widget's are: `{name}` places, and plural forms
 * chosen by `count`. The console speaks English.
 */
export function speaker<T extends Record<string, Message>>(table: T): (key: keyof T & string, params?: Params) => string {
  return (key, params = {}) => {
    const message: Message = table[key] ?? key;
    const text = typeof message === "string" ? message : (message[plural.select(Number(params.count ?? 0))] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = params[name];
      return value === undefined ? place : typeof value === "number" ? english.number(value) : value;
    });
  };
}
