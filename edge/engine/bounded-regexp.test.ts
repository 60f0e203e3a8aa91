import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedRegExp } from "./bounded-regexp.ts";
import { ExpressionError } from "./expression-error.ts";

/** All matches; behind an empty one it goes on with the next character, as `String.prototype.matchAll` does. */
const all = (regexp: { exec(text: string): RegExpExecArray | null; lastIndex: number }, text: string, isUnicode: boolean) => {
  const found: unknown[] = [];
  for (let match = regexp.exec(text); match && found.length < 50; match = regexp.exec(text)) {
    found.push([match.index, [...match]]);
    if (match[0] === "") regexp.lastIndex += isUnicode && (text.codePointAt(regexp.lastIndex) ?? 0) > 0xffff ? 2 : 1;
    if (regexp.lastIndex > text.length) break;
  }
  return found;
};
const same = (source: string, flags: string, text: string): void => {
  const isUnicode = flags.includes("u");
  expect(all(new BoundedRegExp(new RegExp(source, flags)), text, isUnicode), `/${source}/${flags} on ${JSON.stringify(text)}`).toEqual(
    all(new RegExp(source, `${flags}g`), text, isUnicode),
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
    ["(?<=\\$)\\d+(?:\\.\\d+)?", "", "costs $12.50, not 13"],
    ["(?<!un)(?<=[a-z])able", "", "unable, readable, able"],
    ["(?<q>['\"]).*?\\k<q>", "", "say \"it's\" and 'x'"],
    ["[(]a\\(b(c)\\1", "", "(a(bcc"],
    ["^\\p{Lu}\\p{L}*$", "u", "Ångström"],
    ["^\\P{L}+$", "u", "12-34"],
    ["^.{1,2}$", "u", "😀x"],
    ["^[😀-😂]+\\u{1F600}?$", "u", "😁😂😀"],
    ["\\ud83d\\ude00+", "u", "a😀😀"],
    [".*?x", "u", "😀😀x"],
    ["😀*y", "u", "😀😀y"],
    ["(?<=😀)b", "u", "😀b"],
    ["\\p{L}", "", "p{L}"],
  ])("/%s/%s finds what RegExp finds", (source, flags, text) => {
    same(source, flags, text);
  });

  test.each(["", "u"])("finds what RegExp finds, whatever the expression (flags: %s)", (flags) => {
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom("a", "b", ".", "\\w", "[ab]", "[^a]", "^", "$", "\\b", "ab"),
        fc.tuple(tie("pattern"), tie("pattern")).map((parts) => parts.join("")),
        fc.tuple(tie("pattern"), tie("pattern")).map((parts) => `(?:${parts.join("|")})`),
        tie("pattern").map((inner) => `(${inner})`),
        fc
          .tuple(fc.constantFrom("(?<=", "(?<!", "(?=", "(?!"), fc.constantFrom("a", "ab", "[ab]", "a+", "b?a", "^"))
          .map((parts) => `${parts.join("")})`),
        fc
          .tuple(fc.constantFrom("a", "[ab]", ".", "(?:ab)", "(?:a|b)"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "*?", "+?", "??"))
          .map((parts) => parts.join("")),
      ),
    }));
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom("a", "b", "c", "\n", "😀"), maxLength: 12 }), (source, text) =>
        // V8 also looks from inside a pair of surrogates where nothing is consumed; ECMAScript does not (22.2.7.2).
        same(source, flags, /\(\?[=!<]/.test(source) ? text.replaceAll("😀", "c") : text),
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
    ["(?<=(?:a|a)*)b", "a".repeat(200)],
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
    expect(() => new BoundedRegExp(/[a--b]/v)).toThrow(/sets of the flag v/);
    expect(() => new BoundedRegExp(/(?i:a)b/)).toThrow(/changes its flags/);
  });
});
