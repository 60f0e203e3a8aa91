import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freePath } from "./free-path.ts";

const folder = mkdtempSync(join(tmpdir(), "inlay-free-path-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the path of a file that is pulled", () => {
  it("Y05 stays in its folder, whatever the key, and is no link that leads out of it", () => {
    for (const key of ["../out", "a/b", "..", "/etc/x", "a\\b", "", "a\u0000b"])
      expect(() => freePath(folder, key, "flow", new Set())).toThrow(/no key/);
    symlinkSync("/nowhere/else", join(folder, "linked.flow.yaml"));
    expect(freePath(folder, "linked", "flow", new Set())).toBe(join(folder, "linked.2.flow.yaml"));
  });

  it("Y10 differs from every other by more than case", () => {
    const taken = new Set<string>();
    const paths = ["copy", "Copy", "COPY"].map((key) => freePath(folder, key, "flow", taken));
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(3);
    expect(paths[0]).toBe(join(folder, "copy.flow.yaml"));
  });
});
