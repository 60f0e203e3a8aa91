import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedRegExp } from "./bounded-regexp.ts";
import { ExpressionError } from "./expression-error.ts";

const all = (regexp: { exec(text: string): RegExpExecArray | null; lastIndex: number }, text: string) => {
  const found: unknown[] = [];
  for (let match = regexp.exec(text); match && found.length < 50; match = regexp.exec(text)) {
    found.push([match.index, [...match]]);
    if (match[0] === "") regexp.lastIndex++;
    if (regexp.lastIndex > text.length) break;
  }
  return found;
};
const same = (source: string, flags: string, text: string): void => {
  expect(all(new BoundedRegExp(new RegExp(source, flags)), text), `/${source}/${flags} on ${JSON.stringify(text)}`).toEqual(
    all(new RegExp(source, `${flags}g`), text),
  );
};

describe("a bounded regular expression", () => {
  test.each([
    ["(\\w+)@(\\w+\\.)+(com|org)", "", "ada@mail.example.com, bob@x.org"],
    ["^\\s*(\\d{1,3}(?:,\\d{3})*)(\\.\\d+)?$", "", "  1,234,567.89"],
    ["(?<year>\\d{4})-(?<month>\\d\\d)", "", "2026-11 and 2025-01"],
    ["(a+?)(a*)(b??)", "", "aaab"],
    ["^b.$", "im", "a\nBc\nbd"],
    ["\\bfoo\\B", "", "foo foobar"],
    ["(['\"])(.*?)\\1", "", "say \"it's\" and 'x'"],
    ["q(?!u)|q(?=u)u", "i", "Iraq Quit"],
    ["[^\\]a-c]{2,}", "", "ab]]xyz--"],
    ["\\u0041\\x42\\t?|[\\u00e9é]", "", "AB\té"],
    ["", "", "ab"],
    ["x{2}|y{2,}|z{1,2}?", "", "xxx yyy zzz"],
    ["[/]+\\/", "", "a///b"],
  ])("/%s/%s finds what RegExp finds", (source, flags, text) => {
    same(source, flags, text);
  });

  test("finds what RegExp finds, whatever the expression", () => {
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom("a", "b", ".", "\\w", "[ab]", "[^a]", "^", "$", "\\b", "ab"),
        fc.tuple(tie("pattern"), tie("pattern")).map((parts) => parts.join("")),
        fc.tuple(tie("pattern"), tie("pattern")).map((parts) => `(?:${parts.join("|")})`),
        tie("pattern").map((inner) => `(${inner})`),
        fc
          .tuple(fc.constantFrom("a", "[ab]", ".", "(?:ab)", "(?:a|b)"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "*?", "+?", "??"))
          .map((parts) => parts.join("")),
      ),
    }));
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom("a", "b", "c", "\n"), maxLength: 12 }), (source, text) =>
        same(source, "", text),
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["(a+)+$", `${"a".repeat(40)}!`],
    ["(a|a)*$", `${"a".repeat(40)}!`],
    [".*.*.*=x", "a".repeat(5_000)],
    ["(x+x+)+y", "x".repeat(60)],
    ["(?:ab)*c", "ab".repeat(50_000)],
  ])("/%s/ is broken off where it would not end", (source, text) => {
    const start = performance.now();
    expect(() => new BoundedRegExp(new RegExp(source)).exec(text)).toThrow(ExpressionError);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("reads long texts", () => {
    const text = `${"word ".repeat(20_000)}end`;
    expect(new BoundedRegExp(/\bend$/).exec(text)?.index).toBe(100_000);
    expect(new BoundedRegExp(/^(.*)end$/).exec(text)?.[1]).toHaveLength(100_000);
  });

  test("says what it does not know", () => {
    expect(() => new BoundedRegExp(/(?<=a)b/)).toThrow(/looks behind/);
  });
});
