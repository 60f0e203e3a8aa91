import { describe, expect, test } from "vitest";
import type { FormField } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import { changedFields, rebaseEntries } from "./rebase-form.ts";
import { beginSetup, type SetupState } from "./setup-machine.ts";

const field = (key: string, type: FormField["type"]): FormField => ({
  key,
  type,
  label: key.toUpperCase(),
  required: false,
  secret: false,
});
const PAGES = [{ key: "all", title: "All", fields: [field("crm", "account"), ...["a", "b", "c", "d"].map((key) => field(key, "text"))] }];
const of = (values: Record<string, unknown>, accounts: Record<string, string> = {}, name = "F"): Integration => ({
  ...{ id: "int_1", flow: "f", version: 1, name, status: "enabled", accounts, values, blocks: [] },
  ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
});
const holding = ({ values, accounts, name }: Integration, form: SetupState["form"] = { pages: {}, fields: {} }): SetupState => ({
  ...beginSetup(PAGES, "edit", name)[0],
  ...{ values, accounts, form },
});

describe("a form whose integration was changed elsewhere", () => {
  test("takes theirs where the user changed nothing, also what they added and cleared, and keeps the user's own", () => {
    const base = of({ a: "1", b: "1", c: "1", constructor: "1" });
    const theirs = of({ a: "2", b: "2", d: "2", constructor: "2" }, {}, "Theirs");
    const {
      entries: { values },
      name,
    } = rebaseEntries(holding(of({ a: "mine", b: "1", c: "1", constructor: "1" })), base, theirs);
    expect([values, name]).toEqual([{ a: "mine", b: "2", d: "2", constructor: "2" }, "Theirs"]);
  });

  test("keeps the user's account, an account taken away, and the user's name", () => {
    const base = of({}, { crm: "acc_1", news: "acc_1" });
    const theirs = of({}, { crm: "acc_2", news: "acc_2", more: "acc_2" }, "Theirs");
    const {
      entries: { accounts },
      name,
    } = rebaseEntries(holding(of({}, { crm: "acc_3" }, "Mine")), base, theirs);
    expect([accounts, name]).toEqual([{ crm: "acc_3", more: "acc_2" }, "Mine"]);
  });

  test("names what was changed by its label, and no field that only has its default in writing now", () => {
    const base = of({ a: "1", b: "1" }, { crm: "acc_1" });
    const theirs = of({ a: "1", b: "2", c: "usual" }, { crm: "acc_2" });
    const state = holding(base, { pages: {}, fields: { c: { shown: true, default: "usual" } } });
    expect(changedFields(state, base, theirs)).toEqual(["CRM", "B"]);
  });

  test("names a secret that is about to be replaced, since theirs may be new as well, and no other", () => {
    const base = of({ a: { $secret: true }, b: [{ key: { $secret: true } }], c: { $secret: true } });
    const state = holding(of({ a: "typed", b: [{ key: "typed" }], c: { $secret: true } }));
    expect(changedFields(state, base, base)).toEqual(["A", "B"]);
  });
});
