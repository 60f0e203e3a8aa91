import { describe, expect, it } from "vitest";
import type { Field } from "./field.ts";
import { checkField, isEmpty } from "./field-rules.ts";

const field = (more: Partial<Field>): Field => ({ key: "x", type: "text", ...more });

describe("a field's rules", () => {
  it("ask for what is required and let the rest be empty", () => {
    for (const value of [undefined, null, "", "  ", []]) {
      expect(checkField(field({ required: true }), value)?.code).toBe("required");
      expect(checkField(field({}), value)).toBeUndefined();
    }
    expect(isEmpty(0)).toBe(false);
    expect(isEmpty(false)).toBe(false);
  });

  it.each<[Field["type"], unknown, boolean]>([
    ["email", "ada@example.com", true],
    ["email", "ada@example", false],
    ["email", "a b@example.com", false],
    ["url", "https://example.com/a?b=c", true],
    ["url", "http://localhost:9000/hook", true],
    ["url", "javascript:alert(1)", false],
    ["url", "https://", false],
    ["url", "https://user:pass@example.com", false],
    ["number", 0, true],
    ["number", "1", false],
    ["number", Number.NaN, false],
    ["toggle", false, true],
    ["toggle", "yes", false],
    ["date", "2026-02-28", true],
    ["date", "28.2.2026", false],
    ["time", "09:00", true],
    ["mapping", [{ from: "a", to: "b" }], true],
    ["mapping", [{ from: "a" }], false],
    ["multiselect", "a", false],
  ])("take %s %j: %s", (type, value, good) => expect(checkField(field({ type }), value) === undefined).toBe(good));

  it("keep to bounds, lengths and patterns, with the builder's own words", () => {
    expect(checkField(field({ type: "number", validate: { min: 0 } }), -1)).toEqual({
      code: "min",
      message: "Enter 0 or more",
      params: { min: 0 },
    });
    const wait = field({ type: "duration", validate: { min: "5m", max: "2d" } });
    for (const value of ["5m", "30m", "1h30m", "48h"]) expect(checkField(wait, value)).toBeUndefined();
    expect(checkField(wait, "90s")).toEqual({ code: "min", message: "Enter 5m or more", params: { min: "5m" } });
    expect(checkField(wait, "3w")?.code).toBe("max");
    expect(checkField(field({ type: "date", validate: { min: "2026-03-01" } }), "2026-02-28")?.code).toBe("min");
    expect(checkField(field({ validate: { maxLength: 2 } }), "abc")?.code).toBe("maxLength");
    expect(checkField(field({ validate: { pattern: "^pb_", message: "Starts with pb_" } }), "x")).toEqual({
      code: "pattern",
      message: "Starts with pb_",
    });
  });

  it("do not fall over a pattern that is none", () => {
    expect(checkField(field({ validate: { pattern: "(" } }), "x")).toBeUndefined();
  });
});
