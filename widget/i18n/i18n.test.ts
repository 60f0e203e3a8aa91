import { expect, test } from "vitest";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { enMore } from "./en-more.ts";
import { english, loadI18n, type Message } from "./i18n.ts";
import "./more-words.ts";
import { setupEn } from "./setup/en.ts";

const ENGLISH: Record<string, Message> = { ...en, ...enMore, ...setupEn };
const textsOf = (message: Message) => (typeof message === "string" ? [message] : Object.values(message));
const placesOf = (message: Message) => [...new Set(textsOf(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

test.each([
  ["de", de],
  ["ar", ar],
])("%s has every message with the places of the English one, and nothing left in English", (_name, table: Record<string, Message>) => {
  expect(Object.keys(table).sort()).toEqual(Object.keys(ENGLISH).sort());
  for (const [key, message] of Object.entries(ENGLISH)) expect(placesOf(table[key] ?? ""), key).toEqual(placesOf(message));
});

test.each([
  ["de", de],
  ["ar", ar],
])(
  "%s has a form for each plural category that whole numbers take (`other` may speak for zero and many)",
  (name, table: Record<string, Message>) => {
    const rules = new Intl.PluralRules(name);
    const taken = new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)));
    const categories = [...taken].filter((category) => category !== "zero" && category !== "many");
    for (const [key, message] of Object.entries(table))
      if (typeof message !== "string" && message.other.includes("{count}"))
        expect(Object.keys(message), key).toEqual(expect.arrayContaining(categories));
  },
);

test("plurals, numbers and lists follow the language", async () => {
  expect(english.msg("integrations.tasks", { count: 1 })).toBe("1 task");
  expect(english.msg("integrations.tasks", { count: 1200 })).toBe("1,200 tasks");
  const german = await loadI18n("de-AT");
  expect(german.msg("integrations.tasks", { count: 2 })).toBe("2 Aufgaben");
  expect(german.list(["A", "B", "C"])).toBe("A, B und C");
  const arabic = await loadI18n("ar");
  expect(arabic.msg("integrations.tasks", { count: 2 })).toBe("مهمتان");
  expect(arabic.msg("connect.title", { app: "Pipeline" })).toContain("\u2068Pipeline\u2069");
});

test("a host's words win, for a language or for one locale of it; an unknown locale is English", async () => {
  const overrides = { de: { "view.accounts": "Zugänge" }, "de-CH": { "view.accounts": "Zugänge (CH)" } };
  expect((await loadI18n("de", overrides)).msg("view.accounts")).toBe("Zugänge");
  expect((await loadI18n("de-CH", overrides)).msg("view.accounts")).toBe("Zugänge (CH)");
  expect((await loadI18n("tlh", overrides)).msg("view.accounts")).toBe("Accounts");
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
