import { expect, test } from "vitest";
import { CONTACTS, field } from "../testing/fake-setup.ts";
import { ACCOUNTS_PAGE, completePages, READY_PAGE } from "./setup-pages.ts";

const words = { connectTitle: "Connect", readyTitle: "Ready", readyText: "Nothing to do" };
const withPages = (pages: typeof CONTACTS.setup.pages, accounts = CONTACTS.accounts) => ({ ...CONTACTS, accounts, setup: { pages } });
const note = { key: "p", title: "P", fields: [field("note", "text")] };

test("a flow that asks for its accounts itself is left as it is", () => {
  expect(completePages(CONTACTS, words).map((page) => page.key)).toEqual(["connect", "audience", "rhythm"]);
});

test("account slots that no page asks for come first, required unless their slot is optional", () => {
  const accounts = [
    { key: "crm", app: "pipeline", optional: false },
    { key: "news", app: "postbox", optional: true },
  ];
  const [first, second] = completePages(withPages([note], accounts), words);
  expect(first).toMatchObject({
    key: ACCOUNTS_PAGE,
    fields: [
      { key: "crm", type: "account", app: "pipeline", label: "Pipeline", required: true },
      { key: "news", required: false },
    ],
  });
  expect(second).toEqual(note);
});

test("an account field is required by its slot, even where the field does not say so", () => {
  const pages = [{ key: "p", title: "P", fields: [field("crm", "account"), field("news", "account")] }];
  expect(completePages(withPages(pages), words)[0]?.fields).toMatchObject([
    { key: "crm", app: "pipeline", required: true },
    { key: "news", app: "postbox", required: true },
  ]);
});

test("a flow with nothing to fill in has one page that says so", () => {
  expect(completePages(withPages([], []), words)).toEqual([{ key: READY_PAGE, title: "Ready", description: "Nothing to do", fields: [] }]);
});
