import { expect, test } from "vitest";
import { readOperations, sampleInput } from "./operation-facts.ts";

test("operations are read from an app's file, with an input to begin with", () => {
  const [orders, add] = readOperations(`queries:
  list_orders:
    description: All of them
    input: [{ key: state, type: text, required: true }, { key: limit, type: number, default: 5 }, { key: note, type: text }]
actions:
  add: { title: Add one }
`);
  expect(orders).toMatchObject({ kind: "query", key: "list_orders", title: "List orders", description: "All of them" });
  expect(orders && sampleInput(orders)).toEqual({ state: "", limit: 5 });
  expect(add).toMatchObject({ kind: "action", title: "Add one", input: [] });
  expect(readOperations("{ broken")).toEqual([]);
});
