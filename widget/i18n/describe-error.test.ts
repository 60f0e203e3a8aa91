import { expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { describeError } from "./describe-error.ts";
import { english, type I18n, loadI18n } from "./i18n.ts";
import { LOCALES } from "./locales.ts";
import "./yours-words.ts";

const tell = (i18n: I18n, code: string, message = EDGE) => describeError(i18n, new ApiError(code as ApiError["code"], message, 400));
const EDGE = "The edge's own words.";
const CODES = [
  ...["network", "unauthenticated", "token_expired", "rate_limited", "unavailable", "internal", "not_found", "gone", "conflict", "account"],
  ...["precondition_failed", "already_exists", "too_large", "invalid", "forbidden", "app_failed", "app_timeout", "account_needed"],
  "account_expired",
];

test.each(Object.keys(LOCALES))("whatever can refuse a user has words in %s", async (locale) => {
  const i18n = await loadI18n(locale);
  for (const code of CODES) {
    const said = tell(i18n, code);
    expect(said, code).not.toMatch(/The edge|^error\./);
    expect(said, code).not.toBe(tell(english, code, ""));
  }
  expect(tell(i18n, "new")).toBe(EDGE);
});

test("English has the edge's words, but for what can happen to any call", () => {
  for (const code of ["gone", "not_found", "invalid"]) expect(tell(english, code)).toBe(EDGE);
  for (const code of ["unavailable", "token_expired", "rate_limited"]) expect(tell(english, code)).not.toBe(EDGE);
});

test("a proxy's page is told by its status", async () => {
  const told = async (status: number) => describeError(english, await ApiError.of(new Response("<h1>nginx</h1>", { status })));
  expect(await told(413)).toContain("too large");
  expect(await told(429)).toContain("Too much at once");
  expect(await told(404)).toContain("does not exist any more");
  expect(await told(502)).toContain("cannot be reached");
  expect(await told(400)).toContain("went wrong");
});
