import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./settings.ts";

/** The rows of level 1 in OWASP ASVS 5.0.0, by section (the standard's own CSV); a number is how many there are from 1 on, else the list. */
const LEVEL_1: Record<string, number | number[]> = {
  ...{
    "1.2": 5,
    "1.3": 2,
    "1.5": 1,
    "2.1": 1,
    "2.2": 2,
    "2.3": 1,
    "3.2": 2,
    "3.3": 1,
    "3.4": 2,
    "3.5": 3,
    "4.1": 1,
    "4.4": 1,
    "5.2": 2,
    "5.3": 2,
  },
  ...{
    "6.1": 1,
    "6.2": 8,
    "6.3": 2,
    "6.4": 2,
    "7.2": 4,
    "7.4": 2,
    "8.1": 1,
    "8.2": 2,
    "8.3": 1,
    "9.1": 3,
    "9.2": 1,
    "10.4": 5,
    "11.3": 2,
    "11.4": 1,
  },
  ...{ "12.1": 1, "12.2": 2, "13.4": 1, "14.2": 1, "14.3": 1, "15.1": 1, "15.2": 1, "15.3": 1 },
};
/** How many rows a section has at all, for those that SECURITY.md names. */
const SIZES: Record<string, number> = {
  ...{
    "1.2": 10,
    "1.3": 12,
    "1.5": 3,
    "2.1": 3,
    "2.2": 3,
    "2.3": 5,
    "2.4": 2,
    "3.2": 3,
    "3.3": 5,
    "3.4": 8,
    "3.5": 8,
    "3.7": 5,
    "4.1": 5,
    "4.4": 4,
    "5.2": 6,
    "5.3": 3,
  },
  ...{
    "6.1": 3,
    "6.2": 12,
    "6.3": 8,
    "6.4": 6,
    "7.2": 4,
    "7.4": 5,
    "7.5": 3,
    "8.1": 4,
    "8.2": 4,
    "8.3": 3,
    "8.4": 2,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 3,
    "10.4": 16,
    "10.5": 5,
  },
  ...{
    "11.2": 5,
    "11.3": 5,
    "11.4": 4,
    "11.5": 2,
    "12.1": 5,
    "12.2": 2,
    "13.2": 6,
    "13.3": 4,
    "13.4": 7,
    "14.2": 8,
    "14.3": 3,
    "15.1": 5,
    "15.2": 5,
    "15.3": 7,
    "15.4": 4,
  },
  ...{ "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 4 },
};

/** Rows of level 2 that are easily forgotten, since no test is named after them. */
const ASKED_OF_US = [
  ...["1.2.9", "1.5.2", "2.3.2", "3.5.4", "3.5.5", "9.2.2", "9.2.4", "11.2.1", "11.2.2", "11.2.3", "13.2.5"],
  ...["15.3.5", "15.3.7", "16.3.1", "16.3.2", "16.3.3", "16.3.4", "16.4.1"],
];

const page = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
const [, levelOne = "", others = ""] = page.slice(page.indexOf("## OWASP ASVS 5.0")).split(/All of level 1:|Of level 2 and 3/);

/** `1.2.1–1.2.3, 1.3.1` as single rows. */
function rowsOf(table: string): string[] {
  const cells = [...table.matchAll(/^\| ([\d., –]+)/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) =>
    cell.split(",").flatMap((part) => {
      const [from = "", to = from] = part.trim().split("–");
      const section = from.split(".").slice(0, 2).join(".");
      const [first, last] = [from, to].map((row) => Number(row.split(".")[2]));
      return Array.from({ length: (last ?? 0) - (first ?? 0) + 1 }, (_, i) => `${section}.${(first ?? 0) + i}`);
    }),
  );
}

describe("SECURITY.md on OWASP ASVS 5.0", () => {
  it("has each of the 70 rows of level 1, once", () => {
    const wanted = Object.entries(LEVEL_1).flatMap(([section, rows]) =>
      (typeof rows === "number" ? Array.from({ length: rows }, (_, i) => i + 1) : rows).map((row) => `${section}.${row}`),
    );
    expect(wanted).toHaveLength(70);
    expect(rowsOf(levelOne).sort()).toEqual(wanted.sort());
  });

  it("has the rows of level 2 that are asked of such a product, held or with why not", () => {
    const rows = rowsOf(others);
    for (const row of ASKED_OF_US) expect(rows, row).toContain(row);
  });

  it("names no test that there is not", () => {
    const named = new Set([...page.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path = ""]) => path));
    expect([...named].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("names no row that the standard does not have", () => {
    const rows = rowsOf(levelOne + others);
    expect(rows.length).toBeGreaterThan(110);
    for (const row of rows) {
      const [a, b, c] = row.split(".").map(Number);
      expect(c, row).toBeLessThanOrEqual(SIZES[`${a}.${b}`] ?? 0);
      expect(c, row).toBeGreaterThan(0);
    }
  });
});
