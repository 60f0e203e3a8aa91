import { expect, test } from "vitest";
import { breakLine, indentLines, tokenize } from "./code-tokens.ts";

test("the pieces of code are the code again, each of its kind", () => {
  const code = `// say\nexport default ({ a }) => a ? "yes \\" x" : \`no\` + 1.5;`;
  const tokens = tokenize(code, "JavaScript");
  expect(tokens.map(({ text }) => text).join("")).toBe(code);
  expect(tokens.filter(({ kind }) => kind !== "plain").map(({ kind, text }) => [kind, text])).toEqual([
    ["comment", "// say"],
    ["word", "export"],
    ["word", "default"],
    ["string", '"yes \\" x"'],
    ["string", "`no`"],
    ["number", "1.5"],
  ]);
});

test("JSON tells keys from values, also while it is being typed", () => {
  expect(tokenize('{"a": "b', "json").map(({ kind }) => kind)).toEqual(["plain", "key", "plain", "string"]);
});

test("an unknown language and very long text stay plain", () => {
  expect(tokenize("if x", "cobol")).toEqual([{ kind: "plain", text: "if x" }]);
  expect(tokenize("1".repeat(40_000), "json")).toHaveLength(1);
});

test("Tab indents what is selected and Shift+Tab takes it back", () => {
  const text = "a\nb";
  const { from, to, text: next } = indentLines(text, 0, 3, 1);
  expect([from, to, next]).toEqual([0, 3, "  a\n  b"]);
  expect(indentLines("  a\n  b", 0, 7, -1).text).toBe("a\nb");
  expect(indentLines("ab", 1, 1, 1)).toEqual({ from: 1, to: 1, text: "  ", select: [3, 3] });
});

test("a new line begins where the last one does, further in behind a bracket", () => {
  expect(breakLine("  a", 3, 3).text).toBe("\n  ");
  expect(breakLine("  a {", 5, 5).text).toBe("\n    ");
});
