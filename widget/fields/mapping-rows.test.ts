import { expect, test } from "vitest";
import type { Option } from "../../shared/api/flow.ts";
import { findUnmapped, findVanished, layRows, readPairs } from "./mapping-rows.ts";

const targets: Option[] = [
  { value: "EMAIL", label: "E-mail", required: true },
  { value: "FNAME", label: "First name" },
  { value: "LNAME", label: "Last name", required: true },
];
const idOf = (to: Option["value"]) => `row-${to}`;

test("required targets have a row before anything is mapped", () => {
  expect(layRows([], [], targets, idOf).map(({ to, from, isFixed }) => [to, from, isFixed])).toEqual([
    ["EMAIL", undefined, true],
    ["LNAME", undefined, true],
  ]);
});

test("mapping a required target leaves its row where it was", () => {
  const rows = layRows(
    [
      { from: "first", to: "FNAME" },
      { from: "last", to: "LNAME" },
    ],
    [],
    targets,
    idOf,
  );
  expect(rows.map(({ id, from }) => [id, from])).toEqual([
    ["row-EMAIL", undefined],
    ["row-LNAME", "last"],
    ["row-FNAME", "first"],
  ]);
});

test("what the user has begun comes last and can be changed on both sides", () => {
  const rows = layRows([], [{ id: "new-1", from: "phone", to: undefined }], targets, idOf);
  expect(rows.at(-1)).toEqual({ id: "new-1", from: "phone", to: undefined, isFixed: false });
});

test("required targets without a source are named", () => {
  expect(findUnmapped([{ from: "email", to: "EMAIL" }], targets).map((target) => target.label)).toEqual(["Last name"]);
});

test("pairs whose side is offered no longer are found, and none while the options are not known", () => {
  const pairs = [
    { from: "email", to: "EMAIL" },
    { from: "x", to: "GONE" },
  ];
  expect(findVanished(pairs, { to: targets })).toEqual([{ from: "x", to: "GONE" }]);
  expect(findVanished(pairs, {})).toEqual([]);
});

test("a value that is no list of pairs has none", () => {
  expect(readPairs(undefined)).toEqual([]);
  expect(readPairs({ from: "a", to: "b" })).toEqual([]);
  expect(readPairs([null, 3, { from: "a" }, { from: "", to: "b" }, { from: {}, to: "b" }, { from: "a", to: "b" }])).toEqual([
    { from: "a", to: "b" },
  ]);
});
