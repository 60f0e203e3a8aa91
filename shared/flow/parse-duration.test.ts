import { describe, expect, it } from "vitest";
import { parseDuration } from "./parse-duration.ts";

describe("a duration", () => {
  it.each([
    ["500ms", 500],
    ["10s", 10_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    ["1w", 604_800_000],
  ])("reads %s as %i milliseconds", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["", "10", "s", "10 s", "-1s", "1y", "1h30", "NaNs"])("refuses %j", (text) => expect(parseDuration(text)).toBeUndefined());
});
