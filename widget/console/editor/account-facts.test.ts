import { expect, test } from "vitest";
import { readAccountSlots } from "./account-facts.ts";

test("slots are read with whose account they use, and a file that cannot be read has none", () => {
  const source = "accounts:\n  crm: { app: pipeline, label: CRM }\n  mail: { app: postbox, owner: workspace, account: second }\n  odd: 3\n";
  expect(readAccountSlots(source)).toEqual([
    { slot: "crm", app: "pipeline", label: "CRM", owner: "user", account: undefined },
    { slot: "mail", app: "postbox", label: "mail", owner: "workspace", account: "second" },
  ]);
  for (const broken of ["", "accounts: [", "accounts: 3"]) expect(readAccountSlots(broken)).toEqual([]);
});
