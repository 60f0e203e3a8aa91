import { expect, test } from "vitest";
import { CONTACTS, field } from "../testing/fake-setup.ts";
import { planUpgrade } from "./upgrade-plan.ts";

const page = (...fields: ReturnType<typeof field>[]) => ({ pages: [{ key: "p", title: "P", fields }] });

test("tells what is new, what is gone and what will be asked", () => {
  const before = { ...CONTACTS, version: 1, setup: page(field("a", "text"), field("b", "text"), field("h", "heading")) };
  const after = {
    ...CONTACTS,
    version: 3,
    accounts: [...CONTACTS.accounts, { key: "second", app: "postbox", optional: false }],
    setup: page(
      field("a", "number", { label: "Amount" }),
      field("b", "text", { required: true }),
      field("c", "text", { label: "City" }),
      field("d", "divider"),
    ),
    blocks: [
      { key: "nightly", name: "Full pass", trigger: { type: "schedule" as const } },
      { key: "map", name: "Map one", trigger: { type: "call" as const } },
    ],
  };
  expect(planUpgrade(before, after)).toEqual({
    ...{ from: 1, to: 3, added: ["Full pass"], removed: ["A contact changed"] },
    asks: [
      { key: "second", label: "Postbox" },
      { key: "a", label: "Amount" },
      { key: "b", label: "b" },
      { key: "c", label: "City" },
    ],
  });
});

test("asks nothing where the form is the same", () => {
  expect(planUpgrade(CONTACTS, { ...CONTACTS, version: 2 })).toMatchObject({ added: [], removed: [], asks: [] });
});
