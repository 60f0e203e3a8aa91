import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, linesOf, toHunks, toSideRows, unifiedDiff } from "./diff-lines.ts";
import { mergeTexts } from "./merge-texts.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "key: x", ""), { maxLength: 14 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""));

describe("a difference", () => {
  it("holds both texts whole, whatever they are", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(lines.filter(({ kind }) => kind !== "added").map((line) => line.text)).toEqual(linesOf(before));
        expect(lines.filter(({ kind }) => kind !== "removed").map((line) => line.text)).toEqual(linesOf(after));
        expect(lines.flatMap(({ old }) => old ?? [])).toEqual(linesOf(before).map((_, index) => index + 1));
        expect(lines.flatMap((line) => line.new ?? [])).toEqual(linesOf(after).map((_, index) => index + 1));
      }),
      { numRuns: 500 },
    );
  });

  it("is as short as can be", () => {
    const lines = diffLines("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n");
    expect(lines.filter(({ kind }) => kind !== "same")).toHaveLength(5);
  });

  it("shows what changed with three lines around it, and counts lines as `diff -u` does", () => {
    const before = Array.from({ length: 30 }, (_, i) => `line ${i + 1}\n`).join("");
    const after = before.replace("line 5\n", "line five\n").replace("line 25\n", "");
    const hunks = toHunks(diffLines(before, after));
    expect(hunks.map(({ oldStart, oldLines, newStart, newLines }) => [oldStart, oldLines, newStart, newLines])).toEqual([
      [2, 7, 2, 7],
      [22, 7, 22, 6],
    ]);
    expect(unifiedDiff(before, after, { before: "a", after: "b" })).toContain(
      "@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+line five\n",
    );
    expect(unifiedDiff(before, before, { before: "a", after: "b" })).toBe("");
  });

  it("stands beside each other, what was removed next to what came for it", () => {
    expect(toSideRows(diffLines("a\nb\nc\n", "a\nB\nB2\nc\n"))).toEqual([
      { left: { line: 1, text: "a" }, right: { line: 1, text: "a" }, changed: false },
      { left: { line: 2, text: "b" }, right: { line: 2, text: "B" }, changed: true },
      { left: null, right: { line: 3, text: "B2" }, changed: true },
      { left: { line: 3, text: "c" }, right: { line: 4, text: "c" }, changed: false },
    ]);
  });

  it("of two texts that share nothing is told without end of time or memory", () => {
    const many = (name: string) => Array.from({ length: 9_000 }, (_, i) => `${name} ${i}\n`).join("");
    expect(toHunks(diffLines(many("a"), many("b")))).toHaveLength(1);
  }, 10_000);
});

describe("a merge", () => {
  it("keeps what each of two has done in places of their own", () => {
    const base = "a\nb\nc\nd\ne\n";
    expect(mergeTexts(base, "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\nf\n")).toEqual({ text: "A\nb\nc\nd\nE\nf\n", conflicts: 0 });
  });

  it("leaves a line that both changed to somebody, with both versions of it", () => {
    expect(mergeTexts("a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n")).toEqual({
      text: "a\n<<<<<<< mine\nmine\n=======\ntheirs\n>>>>>>> theirs\nc\n",
      conflicts: 1,
    });
  });

  it("loses nothing where one side alone has changed, and makes the same of the same change", () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        for (const [mine, theirs] of [
          [changed, base],
          [base, changed],
          [changed, changed],
        ] as const)
          expect(mergeTexts(base, mine, theirs)).toEqual({ text: changed, conflicts: 0 });
      }),
      { numRuns: 500 },
    );
  });
});
