import { expect, test } from "vitest";
import { makeFlow, summaryOf } from "../testing/fixtures.ts";
import { sortFlows } from "./sort-flows.ts";

const flows = ["Zebra", "Ärger", "apple 10", "apple 9"].map((name, at) => summaryOf(makeFlow(name, name, { installed: at === 2 ? 1 : 0 })));
const names = (...given: Parameters<typeof sortFlows>) => sortFlows(...given).map(({ name }) => name);

test("by name as people of that language sort, numbers as numbers", () => {
  expect(names(flows, "name", "de")).toEqual(["apple 9", "apple 10", "Ärger", "Zebra"]);
});

test("what is set up first, everything else as it came; the usual order is the list's", () => {
  expect(names(flows, "installed", "en")).toEqual(["apple 10", "Zebra", "Ärger", "apple 9"]);
  expect(names(flows, "usual", "en")).toEqual(flows.map(({ name }) => name));
});
