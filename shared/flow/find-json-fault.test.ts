import { expect, test } from "vitest";
import { findJsonFault } from "./find-json-fault.ts";

test.each(["{}", "[]", " 3 ", '"a"', "null", '{"a":[1,{"b":-0.5e3}],"c":"\\u00e9\\n"}', "[[],{}]"])("%s is JSON", (text) => {
  expect(findJsonFault(text)).toBeUndefined();
});

test.each([
  ["abc", 1, 1],
  ["{a: 1}", 1, 2],
  ['{"a": 1,}', 1, 9],
  ['{"a" 1}', 1, 6],
  ['{"a": tru}', 1, 7],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ["[1, 2", 1, 6],
  ["[1,]", 1, 4],
  ["[1}", 1, 3],
  ["{]", 1, 2],
  ["{} {}", 1, 4],
  ["01", 1, 2],
  ['["a\nb"]', 1, 2],
  ["{'a': 1}", 1, 2],
  ["]", 1, 1],
  ["{", 1, 2],
])("%j breaks at line %i, column %i", (text, line, column) => {
  expect(findJsonFault(text)).toEqual({ line, column });
});

test("what is huge or deep is judged in an instant", () => {
  const since = performance.now();
  expect(findJsonFault(`"${"a\\n".repeat(100_000)}`)).toEqual({ line: 1, column: 1 });
  expect(findJsonFault("[".repeat(200_000))).toEqual({ line: 1, column: 200_001 });
  expect(performance.now() - since).toBeLessThan(500);
});
