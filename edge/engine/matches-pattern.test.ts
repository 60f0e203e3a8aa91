import { expect, it } from "vitest";
import { checkInput } from "./check-input.ts";
import { matchesPattern } from "./matches-pattern.ts";

it("says whether a value fits a field's pattern", () => {
  expect(matchesPattern("^pb_[a-z0-9]{4}$", "pb_ab12")).toBe(true);
  expect(matchesPattern("^pb_[a-z0-9]{4}$", "pb_AB12")).toBe(false);
  expect(matchesPattern("b+", "abc")).toBe(true);
  expect(matchesPattern("^\\p{Lu}\\p{Ll}+$", "Ångström")).toBe(true);
  expect(matchesPattern("(?<!\\d)\\d{3}$", "x1234")).toBe(false);
  expect(matchesPattern("^.$", "😀")).toBe(true);
});

it.each(["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(x+x+)+y"])("gives up %s on a text made for it, instead of running for ever", (pattern) => {
  const begun = Date.now();
  const value = `${(pattern.includes("x") ? "x" : "a").repeat(40)}!`;
  expect(matchesPattern(pattern, value)).toBe(false);
  const field = { key: "code", type: "text" as const, label: "Code", validate: { pattern } };
  expect(checkInput([field], { code: value })).toMatchObject({
    ok: false,
    field: "code",
    message: "Code: This does not have the expected form",
  });
  expect(Date.now() - begun).toBeLessThan(1_500);
});
