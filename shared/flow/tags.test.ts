import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesTags, parseTags } from "./tags.ts";

const matches = (expression: string, ...tags: string[]) => matchesTags(parseTags(expression), tags);

describe("a tag expression", () => {
  it("reads space as or, + as and, a leading - as not", () => {
    const expression = "crm+beta billing -internal";
    expect(parseTags(expression)).toEqual({ any: [["crm", "beta"], ["billing"]], none: ["internal"] });
    expect(matches(expression, "crm", "beta")).toBe(true);
    expect(matches(expression, "crm")).toBe(false);
    expect(matches(expression, "billing")).toBe(true);
    expect(matches(expression, "billing", "internal")).toBe(false);
  });

  it("takes no notice of case", () => {
    expect(matches("CRM", "crm")).toBe(true);
    expect(matches("-Crm", "cRM")).toBe(false);
  });

  it("lets everything through when it is empty, and everything else when it only excludes", () => {
    expect(matches("", "anything")).toBe(true);
    expect(matches("  ")).toBe(true);
    expect(matches("-a", "b")).toBe(true);
  });

  it("drops stray signs", () => {
    expect(parseTags("+ - ++ a+ +b")).toEqual({ any: [["a"], ["b"]], none: [] });
  });

  it("never matches what it excludes, whatever else stands in it", () => {
    const tag = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.array(tag), tag, (any, none) => !matches(`${any.join(" ")} -${none}`, ...any, none)),
      { numRuns: 500 },
    );
  });
});
