import { expect, test } from "vitest";
import type { Option } from "../../shared/api/flow.ts";
import { findUnmapped, findVanished, layRows, readBegun, readPairs } from "./mapping-rows.ts";

const targets: Option[] = [
  { value: "EMAIL", label: "E-mail", required: true },
  { value: "FNAME", label: "First name" },
  { value: "LNAME", label: "Last name", required: true },
];
const row = (id: string, from: string, to: string) => ({ id, from, to });

test("required targets have a row before anything is mapped", () => {
  expect(layRows([], targets).map(({ to, from, isFixed }) => [to, from, isFixed])).toEqual([
    ["EMAIL", "", true],
    ["LNAME", "", true],
  ]);
});

test("mapping a required target leaves its row where it was", () => {
  const rows = layRows([row("a", "first", "FNAME"), row("b", "last", "LNAME")], targets);
  expect(rows.map(({ id, from }) => [id, from])).toEqual([
    ["to-EMAIL", ""],
    ["b", "last"],
    ["a", "first"],
  ]);
});

test("what the user has begun stays in its place and can be changed on both sides", () => {
  const rows = layRows([row("a", "phone", ""), row("b", "", "NOTES"), row("c", "first", "FNAME")], targets);
  expect(rows.slice(2)).toEqual([
    { ...row("a", "phone", ""), isFixed: false },
    { ...row("b", "", "NOTES"), isFixed: false },
    { ...row("c", "first", "FNAME"), isFixed: false },
  ]);
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

test("a row that lacks a side is found vanished by the other side alone", () => {
  const rows = [row("a", "", "GONE"), row("b", "phone", "")];
  expect(findVanished(rows, { from: [{ value: "phone", label: "Phone" }], to: targets })).toEqual([row("a", "", "GONE")]);
});

test("what is begun is read back as it was written, but for rows that say nothing", () => {
  const rows = [
    { from: "", to: "b" },
    { from: "a", to: "" },
    { from: "{{ item.a &", to: "c" },
  ];
  expect(readBegun([...rows, { from: "", to: "" }])).toEqual(rows);
  expect(readPairs(rows)).toEqual([{ from: "{{ item.a &", to: "c" }]);
});

test("a value that is no list of pairs has none", () => {
  expect(readPairs(undefined)).toEqual([]);
  expect(readPairs({ from: "a", to: "b" })).toEqual([]);
  expect(readPairs([null, 3, { from: "a" }, { from: "", to: "b" }, { from: {}, to: "b" }, { from: "a", to: "b" }])).toEqual([
    { from: "a", to: "b" },
  ]);
});
