import { expect, test } from "vitest";
import type { FlowRow } from "./flow-api.ts";
import { narrow } from "./flows-view.ts";

const flow = (key: string, more: Partial<FlowRow> = {}): FlowRow => ({
  key,
  name: key,
  description: "",
  icon: null,
  category: null,
  tags: [],
  labels: [],
  audience: "everyone",
  apps: [],
  folder: null,
  version: 1,
  integrations: 0,
  enabled: 0,
  attention: 0,
  openErrors: 0,
  updatedAt: "2026-11-22T00:00:00.000Z",
  ...more,
});
const ALL = [
  flow("alpha", { category: "Sales", tags: ["crm"], labels: ["mine"], apps: [{ key: "hub", name: "Hubby", icon: null }] }),
  flow("beta", { description: "keeps contacts", version: null, openErrors: 2 }),
  flow("gamma", { attention: 1 }),
];
const found = (query: Record<string, string>) => narrow(ALL, (name) => query[name] ?? "").map(({ key }) => key);

test("words are looked for in names, descriptions, tags, labels and apps", () => {
  expect(found({ search: "CONTACTS keeps" })).toEqual(["beta"]);
  expect(found({ search: "hubby" })).toEqual(["alpha"]);
  expect(found({})).toEqual(["alpha", "beta", "gamma"]);
});

test("each filter holds by itself, and all together", () => {
  expect(found({ category: "Sales" })).toEqual(["alpha"]);
  expect(found({ label: "mine", tag: "crm", app: "hub" })).toEqual(["alpha"]);
  expect(found({ label: "mine", health: "errors" })).toEqual([]);
  expect(found({ state: "draft" })).toEqual(["beta"]);
});

test("health is that of the worst", () => {
  expect(found({ health: "errors" })).toEqual(["beta"]);
  expect(found({ health: "attention" })).toEqual(["gamma"]);
  expect(found({ health: "ok" })).toEqual(["alpha"]);
});
