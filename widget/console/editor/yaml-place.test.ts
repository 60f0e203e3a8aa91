import { expect, test } from "vitest";
import { findYamlPlace } from "./yaml-place.ts";

/** The place of `|` in the text. */
const at = (text: string) => findYamlPlace(text.replace("|", ""), text.indexOf("|"));

test("a key at the root knows its siblings, above and below", () => {
  expect(at("inlay: 1\nke|\nname: Hello\n")).toMatchObject({ kind: "key", path: [], siblings: ["inlay", "name"], typed: "ke" });
});

test("a key inside items of sequences stands under their keys", () => {
  const text = "blocks:\n  - key: go\n    trigger:\n      manual: {}\n    steps:\n      - key: say\n        va|";
  expect(at(text)).toMatchObject({ kind: "key", path: ["blocks", "*", "steps", "*"], siblings: ["key"], typed: "va" });
});

test("a sequence may stand as far out as its key", () => {
  expect(at("blocks:\n- key: a\n  na|")).toMatchObject({ path: ["blocks", "*"], siblings: ["key"] });
});

test("a second item does not have the keys of the first", () => {
  expect(at("blocks:\n  - key: a\n    name: A\n  - |")).toMatchObject({ path: ["blocks", "*"], siblings: [] });
});

test("a value stands at its key", () => {
  expect(at("audience: be|")).toMatchObject({ kind: "value", path: ["audience"], typed: "be" });
});

test("flow style within a line", () => {
  expect(at("accounts: { crm: { app: pi| } }")).toMatchObject({
    kind: "value",
    path: ["accounts", "crm", "app"],
    typed: "pi",
    isFlow: true,
  });
  expect(at("fields:\n  - { key: a, ty| }")).toMatchObject({ kind: "key", path: ["fields", "*"], siblings: ["key"], typed: "ty" });
  expect(at("tags: [crm, b|]")).toMatchObject({ kind: "value", path: ["tags", "*"], typed: "b" });
});

test("nothing is suggested in comments and block texts", () => {
  expect(at("name: x # com|")).toBeUndefined();
  expect(findYamlPlace("docs: |\n  some te", 17)).toBeUndefined();
});
