import { expect, test } from "vitest";
import { tellApart } from "./tell-apart.ts";

test("names that are there once stay as they are", () => {
  expect(tellApart(["North", "South"], ["Pipeline", "Postbox"])).toEqual(["North", "South"]);
});

test("names that repeat are told with more, and counted where that repeats too", () => {
  expect(tellApart(["North", "South", "North", "North"], ["Pipeline", "Postbox", "Postbox", "Pipeline"])).toEqual([
    ...["North, Pipeline", "South", "North, Postbox", "North, Pipeline (2)"],
  ]);
  expect(tellApart(["Orders", "Orders"], ["Orders", "Orders"])).toEqual(["Orders", "Orders (2)"]);
});
