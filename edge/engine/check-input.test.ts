import { expect, it } from "vitest";
import { Field } from "../../shared/flow/field.ts";
import { checkInput } from "./check-input.ts";

const FIELDS = [
  Field.parse({ key: "size", type: "select", label: "Size", options: ["s", { value: "l", label: "Large" }], default: "s" }),
  Field.parse({ key: "tags", type: "multiselect", label: "Tags", options: ["a", "b"] }),
  Field.parse({
    key: "list",
    type: "select",
    label: "List",
    options: { query: "crm.lists", value: "{{ item.id }}", label: "{{ item.name }}" },
  }),
];

it("takes what a field with options offers, and of options that an app gives anything", () => {
  const values = { size: "l", tags: ["a", "b"], list: "any" };
  expect(checkInput(FIELDS, values)).toEqual({ ok: true, values });
  expect(checkInput(FIELDS, {})).toEqual({ ok: true, values: { size: "s" } });
});

it.each([
  ["size", "Size", { size: "xl" }],
  ["size", "Size", { size: "Large" }],
  ["tags", "Tags", { tags: ["a", "c"] }],
])("refuses what %s does not offer", (field, label, values) => {
  const message = `${label}: Choose one of the options`;
  expect(checkInput(FIELDS, values)).toMatchObject({ ok: false, field, message, errors: [{ code: "option", path: field }] });
});
