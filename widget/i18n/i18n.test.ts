/// <reference types="vite/client" />
import { expect, test } from "vitest";
import { en } from "./en.ts";
import { enMore } from "./en-more.ts";
import { enYours } from "./en-yours.ts";
import { english, loadI18n, type Message } from "./i18n.ts";
import { findLocale, LOCALES } from "./locales.ts";
import "./yours-words.ts";
import { setupEn } from "./setup/en.ts";
import { scheduleEn } from "./setup/en-schedule.ts";

const ENGLISH: Record<string, Message> = { ...en, ...enMore, ...enYours, ...setupEn, ...scheduleEn };
const textsOf = (message: Message) => (typeof message === "string" ? [message] : Object.values(message));
const placesOf = (message: Message) => [...new Set(textsOf(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();
const SHIPPED = Object.entries(LOCALES);
/** What is the same in every language, and the words of the trade. */
const UNTRANSLATED = /\{\w+\}|webhooks?|\bAPI\b|\bJSON\b|\bcron\b|https:\/\/|\bTab\b|\bEsc(?:ape)?\b|ada@example\.com/gi;

test("the issue's twelve languages are there", () => {
  const names = ["en", ...Object.keys(LOCALES)].sort();
  expect(names).toEqual(["ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt-BR", "zh-CN"]);
});

test("every message is said somewhere", () => {
  const sources = import.meta.glob<string>(["../**/*.ts", "!../**/*.test.ts", "!../{testing,console,i18n}/**"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const i18n = import.meta.glob<string>(["./describe-*.ts", "./i18n.ts"], { query: "?raw", import: "default", eager: true });
  const all = [...Object.values(sources), ...Object.values(i18n)].join("\n");
  /** `status.${…}` says every key that begins so. */
  const begun = [...all.matchAll(/`([\w.]+)\$\{/g)].map(([, prefix = ""]) => prefix);
  const unsaid = Object.keys(ENGLISH).filter((key) => !all.includes(`"${key}"`) && !begun.some((prefix) => key.startsWith(prefix)));
  expect(unsaid).toEqual([]);
});

test.each(SHIPPED)("%s has every message with the places of the English one", async (_name, load) => {
  const table: Record<string, Message> = await load();
  expect(Object.keys(table).sort()).toEqual(Object.keys(ENGLISH).sort());
  for (const [key, message] of Object.entries(ENGLISH)) expect(placesOf(table[key] ?? ""), key).toEqual(placesOf(message));
});

test.each(SHIPPED)("%s leaves nothing empty and no phrase in English", async (name, load) => {
  const table: Record<string, Message> = await load();
  const isLatin = !/^(ar|he|ja|zh)/.test(name);
  for (const [key, message] of Object.entries(table))
    for (const text of textsOf(message)) {
      expect(text.trim(), key).not.toBe("");
      if (isLatin)
        expect(/ /.test(text.replace(UNTRANSLATED, "").trim()) && textsOf(ENGLISH[key] ?? "").includes(text), `${key}: ${text}`).toBe(
          false,
        );
      else expect(text.replace(UNTRANSLATED, ""), key).not.toMatch(/[a-z]{3}/i);
    }
});

test.each(SHIPPED)("%s has a form for each plural category that whole numbers take", async (name, load) => {
  const rules = new Intl.PluralRules(name);
  const taken = [...new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)))];
  for (const [key, message] of Object.entries(await load()))
    if (typeof message !== "string" && message.other.includes("{count}"))
      expect(Object.keys(message), key).toEqual(expect.arrayContaining(taken));
});

test("what counts in English counts in every language that tells one from many", async () => {
  const counting = Object.entries(ENGLISH).filter(([, message]) => typeof message !== "string" && message.one !== message.other);
  for (const [name, load] of SHIPPED) {
    const table: Record<string, Message> = await load();
    if (new Intl.PluralRules(name).resolvedOptions().pluralCategories.length === 1) continue;
    for (const [key] of counting) expect(typeof table[key], `${name} ${key}`).toBe("object");
  }
});

test("French keeps its high punctuation and its quotation marks with their words", async () => {
  for (const [key, message] of Object.entries(await LOCALES.fr()))
    for (const text of textsOf(message)) expect(text, key).not.toMatch(/ [:;?!»]|« /);
});

test.each([
  ["pt", "pt-BR"],
  ["pt-PT", "pt-BR"],
  ["zh", "zh-CN"],
  ["zh-Hans", "zh-CN"],
  ["zh-SG", "zh-CN"],
  ["zh-TW", undefined],
  ["zh-Hant-HK", undefined],
  ["iw", "he"],
  ["fr-CA", "fr"],
  ["en", undefined],
  ["tlh", undefined],
])("%s is served by %s", (tag, name) => {
  expect(findLocale(Intl.getCanonicalLocales(tag)[0] ?? "")).toBe(name);
});

test.each([
  ["de_AT", "de-AT"],
  ["en-GB", "en-GB"],
  ["", "en"],
  ["klingon!", "en"],
  ["C", "en"],
])("a host that writes %j gets words, dates and numbers of %s", async (written, locale) => {
  const i18n = await loadI18n(written);
  expect(i18n.locale).toBe(locale);
  expect(i18n.dateTime("2026-11-22T12:00:00Z")).toMatch(/2026/);
});

test("plurals, numbers and lists follow the language", async () => {
  expect(english.msg("integrations.tasks", { count: 1 })).toBe("1 task");
  expect(english.msg("integrations.tasks", { count: 1200 })).toBe("1,200 tasks");
  const german = await loadI18n("de-AT");
  expect(german.msg("integrations.tasks", { count: 2 })).toBe("2 Aufgaben");
  expect(german.list(["A", "B", "C"])).toBe("A, B und C");
  const arabic = await loadI18n("ar");
  expect(arabic.msg("integrations.tasks", { count: 2 })).toBe("مهمتان");
  expect(arabic.msg("accounts.connectApp", { app: "Pipeline" })).toContain("\u2068Pipeline\u2069");
  expect(arabic.list(["A", "B"])).toContain("\u2068B\u2069");
});

test("a name turns nothing but itself around", async () => {
  for (const turning of ["\u202e", "\u202a", "\u202b", "\u202d", "\u2066", "\u2067"])
    expect(english.msg("accounts.connectApp", { app: `Pipe${turning}line` })).toBe("Connect Pipeline");
  expect(english.msg("integrations.turnedOn", { name: "שלום" })).toBe("\u2068שלום\u2069 is on");
  expect(english.list(["North", "ليلى"])).toBe("North and \u2068ليلى\u2069");
  expect((await loadI18n("he")).msg("accounts.connectApp", { app: "Pipe\u202eline" })).toContain("\u2068Pipeline\u2069");
});

test("a host's words win, for a language or for one locale of it; an unknown locale is English", async () => {
  const overrides = { de: { "view.accounts": "Zugänge" }, "de-CH": { "view.accounts": "Zugänge (CH)" } };
  expect((await loadI18n("de", overrides)).msg("view.accounts")).toBe("Zugänge");
  expect((await loadI18n("de-CH", overrides)).msg("view.accounts")).toBe("Zugänge (CH)");
  expect((await loadI18n("tlh", overrides)).msg("view.accounts")).toBe("Accounts");
  expect((await loadI18n("pt", { "pt-BR": { "view.accounts": "Logins" } })).msg("view.accounts")).toBe("Logins");
});

test("a host may bring a language of its own, with English for what it leaves out", async () => {
  const swedish = await loadI18n("sv", { sv: { "view.accounts": "Konton" } });
  expect([swedish.locale, swedish.msg("view.accounts"), swedish.msg("loading")]).toEqual(["sv", "Konton", "Loading"]);
});

test("Polish counts in its own forms, Hebrew runs right to left", async () => {
  const polish = await loadI18n("pl");
  expect([1, 3, 5, 22].map((count) => polish.msg("browse.results", { count }))).toEqual([
    "1 integracja",
    "3 integracje",
    "5 integracji",
    "22 integracje",
  ]);
  expect((await loadI18n("he-IL")).dir).toBe("rtl");
});

test("times are told as people do", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  expect([ago(2), ago(300), ago(7_200), ago(90_000), ago(-18_000)].map((time) => english.relative(time, now))).toEqual([
    "just now",
    "5 minutes ago",
    "2 hours ago",
    "yesterday",
    "in 5 hours",
  ]);
  expect([340, 1_240, 150_000].map((ms) => english.took(ms))).toEqual(["340 ms", "1.2 sec", "2.5 min"]);
});
