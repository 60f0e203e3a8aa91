import { describe, expect, it } from "vitest";
import { newId } from "./new-id.ts";

describe("an id", () => {
  it("has a prefix and 22 characters without an underscore, and comes once", () => {
    const ids = Array.from({ length: 2_000 }, () => newId("int"));
    expect(ids.every((id) => /^int_[0-9A-Za-z]{22}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
