import { expect, test } from "vitest";
import { matchesTags, parseTags } from "../../shared/flow/tags.ts";
import { narrowTags } from "./narrow-tags.ts";

test("without a chosen tag the host's expression stays", () => {
  expect(narrowTags("crm+beta billing -internal", [])).toBe("crm+beta billing -internal");
});

test("a chosen tag must be there in every alternative", () => {
  expect(narrowTags("crm+beta billing -internal", ["new"])).toBe("crm+beta+new billing+new -internal");
  expect(narrowTags("", ["crm", "new"])).toBe("crm+new");
  expect(narrowTags("-internal", ["crm"])).toBe("crm -internal");
  expect(narrowTags("crm", ["crm"])).toBe("crm");
});

test("narrowing never lets a flow through that the host's expression keeps out", () => {
  const names = ["a", "b", "c", "d"];
  const bases = ["a b", "a+b c", "-d", "a -c", "", "b+d -a"];
  for (const base of bases)
    for (const chosen of [["a"], ["c"], ["b", "d"]])
      for (let bits = 0; bits < 16; bits++) {
        const tags = names.filter((_, i) => bits & (1 << i));
        const expected = matchesTags(parseTags(base), tags) && chosen.every((tag) => tags.includes(tag));
        expect(matchesTags(parseTags(narrowTags(base, chosen)), tags), `${base} | ${chosen} | ${tags}`).toBe(expected);
      }
});
