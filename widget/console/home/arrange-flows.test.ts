import { expect, test } from "vitest";
import type { FlowRow } from "../flows/flow-api.ts";
import { arrangeFlows, moveFlow, type Shelf } from "./arrange-flows.ts";

const flow = (key: string, folder: string | null = null): FlowRow => ({
  key,
  name: key.toUpperCase(),
  description: "",
  icon: null,
  category: null,
  tags: [],
  labels: [],
  audience: "everyone",
  apps: [],
  folder,
  version: 1,
  integrations: 0,
  enabled: 0,
  attention: 0,
  openErrors: 0,
  updatedAt: "2026-11-22T00:00:00.000Z",
});
const names = { pinned: "Pinned", standalone: "Standalone" };
const keys = (shelves: Shelf[]) => Object.fromEntries(shelves.map(({ id, flows }) => [id, flows.map(({ key }) => key).join(" ")]));
const folders = [
  { id: "standalone", name: "Standalone", flows: 0 },
  { id: "fld_1", name: "Growth", flows: 1 },
];

test("pinned flows come first, then folders, then what stands alone", () => {
  const shelves = arrangeFlows(
    [flow("a"), flow("b", "fld_1"), flow("c"), flow("d", "fld_gone")],
    folders,
    { order: [], pins: ["c"] },
    names,
  );
  expect(keys(shelves)).toEqual({ pinned: "c", fld_1: "b", standalone: "a d" });
});

test("what has a place of its own stands before the rest, which is sorted by name", () => {
  const shelves = arrangeFlows([flow("a"), flow("b"), flow("c")], folders, { order: ["c"], pins: [] }, names);
  expect(keys(shelves).standalone).toBe("c a b");
});

test("a flow is put before another, or at the end of a shelf", () => {
  const shelves = arrangeFlows([flow("a"), flow("b"), flow("c"), flow("d", "fld_1")], folders, { order: [], pins: [] }, names);
  expect(moveFlow(shelves, "c", "standalone", "a")).toEqual(["d", "c", "a", "b"]);
  expect(moveFlow(shelves, "a", "fld_1", undefined)).toEqual(["d", "a", "b", "c"]);
});

test("a flow that is put before itself stays where it is", () => {
  const shelves = arrangeFlows([flow("a"), flow("b"), flow("c")], folders, { order: [], pins: [] }, names);
  expect(moveFlow(shelves, "a", "standalone", "a")).toEqual(["a", "b", "c"]);
});
