import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasExpression, parseTemplate, TemplateError } from "./expression.ts";

describe("a template", () => {
  it("splits text from expressions and says where each begins", () => {
    expect(parseTemplate("a {{ b }} c")).toEqual([{ text: "a " }, { expression: " b ", offset: 4 }, { text: " c" }]);
    expect(parseTemplate("{{x}}")).toEqual([{ expression: "x", offset: 2 }]);
    expect(parseTemplate("plain")).toEqual([{ text: "plain" }]);
  });

  it("finds the end behind braces and quotes of the expression itself", () => {
    expect(parseTemplate(`{{ {"a": {"b": 1}} }}`)).toEqual([{ expression: ` {"a": {"b": 1}} `, offset: 2 }]);
    expect(parseTemplate("{{ '}}' & x }}")).toEqual([{ expression: " '}}' & x ", offset: 2 }]);
  });

  it("says where an expression opens that is never closed", () => {
    expect(() => parseTemplate("ab {{ x")).toThrowError(TemplateError);
    try {
      parseTemplate("ab {{ x");
    } catch (error) {
      expect((error as TemplateError).position).toBe(3);
    }
  });

  it("loses no character of any text", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.stringMatching(/^[a-z {}]{0,5}$/), fc.constant("{{ a.b }}"))), (pieces) => {
        const text = pieces.join("");
        try {
          const back = parseTemplate(text).map((part) => ("text" in part ? part.text : `{{${part.expression}}}`));
          return back.join("") === text;
        } catch (error) {
          return error instanceof TemplateError;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("is found at any depth of a value", () => {
    expect(hasExpression({ a: [1, { b: "x {{ y }}" }] })).toBe(true);
    expect(hasExpression({ a: [1, { b: "x" }], c: null })).toBe(false);
  });
});
