import { expect, test } from "vitest";
import { growTree, layTree, pathTo } from "./tree-nodes.ts";

const options = [
  { value: "root", label: "Files" },
  { value: "a", label: "Reports", group: "root" },
  { value: "b", label: "2026", group: "a" },
  { value: "c", label: "Loose", group: "Shared" },
];

test("a group that is another option's value is its parent, any other is a folder", () => {
  const tree = growTree(options);
  expect(tree.map((node) => [node.label, node.value])).toEqual([
    ["Files", "root"],
    ["Shared", undefined],
  ]);
  expect(pathTo(tree, "b")).toEqual(["0", "0.0"]);
  expect(pathTo(tree, "nothing")).toBeUndefined();
});

test("only children of what is open are in sight", () => {
  const tree = growTree(options);
  expect(layTree(tree, new Set()).map((row) => row.node.label)).toEqual(["Files", "Shared"]);
  expect(layTree(tree, new Set(["0", "0.0"])).map((row) => [row.node.label, row.level])).toEqual([
    ["Files", 1],
    ["Reports", 2],
    ["2026", 3],
    ["Shared", 1],
  ]);
});

test("options in a circle are all there, and it ends", () => {
  const tree = growTree([
    { value: "x", label: "X", group: "y" },
    { value: "y", label: "Y", group: "x" },
    { value: "z", label: "Z", group: "z" },
  ]);
  expect(tree.map((node) => node.label).sort()).toEqual(["X", "Y", "Z"]);
});
