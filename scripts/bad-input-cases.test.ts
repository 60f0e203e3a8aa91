import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { BAD_INPUT_CASES, FAULT_CASES, NOT_TESTED } from "./bad-input-cases.ts";
import { ROOT } from "./settings.ts";

const tests = ["shared", "edge", "widget", "demo", "scripts"].flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules") && !name.includes("bad-input-cases"))
    .map((name) => readFileSync(join(ROOT, room, name), "utf8")),
);

/** Numbers that stand in the name of a test or of a row of its table: in a text, never in a comment alone. */
const named = new Set(
  tests.flatMap((text) =>
    [...text.matchAll(/["'`](?:[^"'`\n]*\s)?([A-Z]\d\d)(?=[\s,:"'])/g)].flatMap(
      ({ 0: whole }) => whole.match(/\b[WTOSFCAHYX]\d\d\b/g) ?? [],
    ),
  ),
);

describe("each case of bad input", () => {
  it.each(BAD_INPUT_CASES)("%s is a test by its number, or says why it is none", (number) => {
    if (number in NOT_TESTED) expect(named.has(number), "it is tested after all: take it from the list").toBe(false);
    else expect(named.has(number)).toBe(true);
  });

  it("that is said not to be tested is on the list", () => {
    expect(Object.keys(NOT_TESTED).filter((number) => !BAD_INPUT_CASES.includes(number))).toEqual([]);
  });

  it("that is said not to be tested is told in SECURITY.md", () => {
    const page = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
    for (const number of Object.keys(NOT_TESTED)) expect(page).toMatch(new RegExp(`\\b${number}\\b`));
  });
});

test.each(FAULT_CASES)("fault %s is a test by its number", (number) => expect(named.has(number)).toBe(true));

describe("SECURITY.md", () => {
  it("names tests that are there", () => {
    const page = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
    const paths = [...page.matchAll(/`((?:edge|widget|shared|demo|scripts)\/[\w./-]+\.test\.ts)`/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) expect(() => readFileSync(join(ROOT, path)), path).not.toThrow();
  });
});
