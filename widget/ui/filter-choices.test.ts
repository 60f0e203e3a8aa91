import { expect, test } from "vitest";
import { type Choice, filterChoices, groupChoices } from "./filter-choices.ts";

const choices: Choice[] = [
  { value: 1, label: "Product news", group: "Public" },
  { value: 2, label: "Café", detail: "text" },
  { value: 3, label: "Beta testers", group: "Public" },
];
const found = (search: string) => filterChoices(choices, search).map((choice) => choice.value);

test("every word must be there, whatever its case or accents, in label, group or detail", () => {
  expect(found("NEWS prod")).toEqual([1]);
  expect(found("cafe")).toEqual([2]);
  expect(found("public")).toEqual([1, 3]);
  expect(found("text")).toEqual([2]);
  expect(found("news beta")).toEqual([]);
});

test("no words find everything", () => {
  expect(found("  ")).toEqual([1, 2, 3]);
});

test("groups stand together, what has none comes first", () => {
  expect(groupChoices(choices).map(({ group, choices: list }) => [group, list.map((choice) => choice.value)])).toEqual([
    ["", [2]],
    ["Public", [1, 3]],
  ]);
});
