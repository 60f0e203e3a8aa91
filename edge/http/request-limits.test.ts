import { expect, it } from "vitest";
import { parseLimits } from "./request-limits.ts";

it("takes its own limits for those that the setting does not name", () => {
  expect(parseLimits("user=7, address=off")).toEqual({ ...parseLimits(), user: 7, address: undefined });
  expect(parseLimits("")?.workspace).toBeGreaterThan(1_000);
});

it("limits nobody where it is off, and refuses what it does not understand", () => {
  expect(parseLimits("off")).toEqual({});
  for (const text of ["users=7", "user=0", "user=-1", "user", "user=1e9", "constructor=1", "user=5;w=1"])
    expect(parseLimits(text)).toBeNull();
});
