import { expect, test } from "vitest";
import { readSetupFields } from "./setup-facts.ts";

test("plain fields can be filled in beforehand, the others are left to the user", () => {
  const fields = readSetupFields(`setup:
  pages:
    - key: one
      fields:
        - { key: intro, type: markdown, text: Hello }
        - { key: name, type: text, label: Name, default: Ada }
        - { key: pin, type: text, secret: true }
        - { key: size, type: select, options: [s, { value: m, label: Medium }] }
        - { key: list, type: select, options: { query: shop.lists, value: id, label: name } }
        - { key: why, type: text, when: "{{ setup.size = 'm' }}" }
        - { key: pairs, type: mapping }
`);
  expect(fields.map(({ key, kind, initial }) => [key, kind, initial])).toEqual([
    ["name", "text", "Ada"],
    ["pin", "password", undefined],
    ["size", "choice", undefined],
    ["list", "later", undefined],
    ["why", "later", undefined],
    ["pairs", "later", undefined],
  ]);
  expect(fields[2]?.options).toEqual([
    ["s", "s"],
    ["m", "Medium"],
  ]);
});
