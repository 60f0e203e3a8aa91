import { describe, expect, it } from "vitest";
import { maskNamed } from "./mask-named.ts";

describe("what a log keeps of a value", () => {
  it("masks what has a secret's name, at any depth, and keeps the rest", () => {
    const value = { name: "x", apiKey: "k-1", list: [{ password: "p" }], deep: { Authorization: "Bearer t", hasToken: true } };
    expect(maskNamed(value)).toEqual({
      ...{ name: "x", apiKey: "•••", list: [{ password: "•••" }] },
      deep: { Authorization: "•••", hasToken: true },
    });
    expect(maskNamed({ secret: { $secret: true } })).toEqual({ secret: { $secret: true } });
    expect(maskNamed({ secret: { a: "b" } })).toEqual({ secret: "•••" });
  });

  it("is small, however large the value is", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const value of ["x".repeat(1e6), Array(1e5).fill("x".repeat(999)), cycle, { a: Array(1e4).fill({ b: "c" }) }])
      expect(JSON.stringify(maskNamed(value)).length).toBeLessThan(9_000);
  });
});
