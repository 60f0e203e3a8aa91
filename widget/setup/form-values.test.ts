import { expect, test } from "vitest";
import { field } from "../testing/fake-setup.ts";
import { collectEntries, findFaults, isSealed, type KnownForm, shownPages, withoutSecrets } from "./form-values.ts";

const first = {
  key: "first",
  title: "First",
  fields: [field("crm", "account"), field("note", "text"), field("gone", "text"), field("title", "heading"), field("day", "date")],
};
const known: KnownForm = {
  pages: [first, { key: "second", title: "Second", fields: [field("late", "text")] }],
  form: { pages: { second: { shown: false } }, fields: { gone: { shown: false }, day: { shown: true, default: "2026-01-31" } } },
  values: { note: "typed", gone: "hidden", late: "not yet", stray: 1 },
  accounts: { crm: "acc_1", other: "acc_2" },
};

test("what is saved is what is shown: hidden fields and pages stay behind, defaults come along", () => {
  expect(collectEntries(known)).toEqual({ values: { note: "typed", day: "2026-01-31" }, accounts: { crm: "acc_1" } });
});

test("a field that was emptied by hand does not get its default back", () => {
  expect(collectEntries({ ...known, values: { day: null } }).values).toEqual({ day: null });
});

test("a page whose fields are all hidden is passed over, unless it has something to say", () => {
  const hidden = { ...known, form: { pages: {}, fields: { late: { shown: false } } } };
  expect(shownPages(hidden).map((page) => page.key)).toEqual(["first"]);
  const [one, two] = known.pages;
  const saying = [...(one ? [one] : []), ...(two ? [{ ...two, description: "Read this" }] : [])];
  expect(shownPages({ ...hidden, pages: saying }).map((page) => page.key)).toEqual(["first", "second"]);
});

test("the host page hears no secret, not even one inside a list", () => {
  const pages = [
    {
      key: "p",
      title: "P",
      fields: [
        field("a", "text"),
        field("b", "secret"),
        field("c", "text", { secret: true }),
        field("d", "list", { fields: [field("e", "secret")] }),
      ],
    },
  ];
  expect(withoutSecrets(pages, { a: 1, b: "x", c: "y", d: [{ e: "z" }] })).toEqual({ a: 1 });
});

test("only the edge's own mark stands for a stored secret", () => {
  expect(isSealed({ $secret: true })).toBe(true);
  for (const value of [{ $secret: "true" }, { secret: true }, "$secret", null, undefined, true]) expect(isSealed(value)).toBe(false);
});

test("a required field that is hidden is no fault", () => {
  const fields = [field("gone", "text", { required: true }), field("here", "text", { required: true })];
  const page = { key: "p", title: "P", fields };
  expect(Object.keys(findFaults({ ...known, pages: [page] }, page))).toEqual(["here"]);
});
