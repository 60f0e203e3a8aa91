import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", path), "utf8");

test("every code that the engine's limits name stands in the documentation", () => {
  const codes = new Set([...read("edge/engine/limits.ts").matchAll(/`([a-z]+_[a-z_]+)`/g)].map(([, code]) => code ?? ""));
  const docs = read("docs/engine.md");
  expect(codes.size).toBeGreaterThan(12);
  expect([...codes].filter((code) => !docs.includes(`\`${code}\``))).toEqual([]);
});
