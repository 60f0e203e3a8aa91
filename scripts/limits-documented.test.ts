import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROBLEM_STATUS } from "../shared/api/problem.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", path), "utf8");

test("every code that the engine's limits name stands in the documentation", () => {
  const codes = new Set([...read("edge/engine/limits.ts").matchAll(/`([a-z]+_[a-z_]+)`/g)].map(([, code]) => code ?? ""));
  const docs = read("docs/engine.md");
  expect(codes.size).toBeGreaterThan(12);
  expect([...codes].filter((code) => !docs.includes(`\`${code}\``))).toEqual([]);
});

test("what the documentation says is answered beyond a limit is a code of the API, with that status", () => {
  const told = [...read("docs/engine.md").matchAll(/\b(4\d\d) `([a-z_]+)`/g)].map(([, status, code = ""]) => [code, Number(status)]);
  expect(told.length).toBeGreaterThan(5);
  expect(told.filter(([code, status]) => PROBLEM_STATUS[code as keyof typeof PROBLEM_STATUS] !== status)).toEqual([]);
});

test("each setting of the edge stands in the README, and npm run serve hands it on", () => {
  const names = [...read("edge/env.ts").matchAll(/^ {2}(INLAY_[A-Z_]+)\??:/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(6);
  for (const file of ["README.md", "scripts/serve.ts"]) expect(names.filter((name) => !read(file).includes(name))).toEqual([]);
});
