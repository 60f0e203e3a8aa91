import { expect, it } from "vitest";
import { PAGE_WORDS, pageLanguage } from "./page-words.ts";

it("says everything in twelve languages, with the same places in each", () => {
  expect(Object.keys(PAGE_WORDS)).toEqual(["en", "ar", "de", "es", "fr", "he", "it", "ja", "nl", "pl", "pt-BR", "zh-CN"]);
  const placesOf = (words: object) =>
    Object.entries(words).map(([key, text]) => [
      key,
      String(text)
        .match(/\{\w+\}/g)
        ?.sort(),
    ]);
  for (const [name, words] of Object.entries(PAGE_WORDS)) {
    expect(placesOf(words), name).toEqual(placesOf(PAGE_WORDS.en ?? {}));
    if (name !== "en")
      for (const [key, text] of Object.entries(words)) expect(Object.entries(PAGE_WORDS.en ?? {}), name).not.toContainEqual([key, text]);
  }
});

it("isolates names in sentences that run from the right", () => {
  expect(pageLanguage("he", undefined).say("connected", { app: "Crm" })).toBe("\u2068Crm\u2069 מחובר");
  expect(pageLanguage("en", undefined).say("connected", { app: "$& {app}" })).toBe("$& {app} is connected");
});
