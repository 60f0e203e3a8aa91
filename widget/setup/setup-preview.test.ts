import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import type { Preview } from "../../shared/api/preview.ts";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { type FakeEdge, refusal } from "../testing/fake-edge.ts";
import { CONTACTS, type FakeForm, serveForm } from "../testing/fake-setup.ts";
import { eventually, hear, place, startEdge } from "../testing/place.ts";

let edge: FakeEdge;
let form: FakeForm;
const PREVIEW: Preview = {
  blocks: [
    {
      ...{ key: "changed", name: "A contact changed", source: "app", account: "crm" },
      rows: [{ email: "ada@example.com", name: "Ada Lovelace" }],
      mapped: { fields: [{ EMAIL: "ada@example.com", FULLNAME: null }] },
    },
  ],
  problems: [],
};

beforeEach(() => {
  edge = startEdge();
  form = serveForm(edge);
  form.draft = {
    ...{ accounts: { crm: "acc_crm", news: "acc_news" }, page: "rhythm" },
    values: {
      audience: "aud_1",
      fields: [
        { from: "email", to: "EMAIL" },
        { from: "name", to: "FULLNAME" },
      ],
    },
  };
});
afterEach(async () => {
  document.querySelector("inlay-setup")?.remove();
  await new Promise((resolve) => setTimeout(resolve, 50));
});

const answer = (preview: Preview) => edge.on("POST /v1/flows/contacts-to-newsletter/preview", () => ({ body: preview }));
const open = (more = {}) => place("inlay-setup", { api: "http://edge.test", flow: CONTACTS.key, ...more });
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });

test("shows the records as they would be sent, under the names of both apps, and turns on from there", async () => {
  answer(PREVIEW);
  const element = open();
  await button("Preview").click();
  await expect.element(page.getByRole("columnheader", { name: /E-mail address/ })).toHaveTextContent("E-mail addressE-mail");
  await expect.element(page.getByRole("cell", { name: "ada@example.com" })).toBeVisible();
  await expect.element(page.getByRole("cell", { name: "empty" })).toBeVisible();
  await expect.element(page.getByText("Everything that it needs is there.")).toBeVisible();
  await expectAccessible(element);
  expect(edge.callsOf("POST /v1/flows/contacts-to-newsletter/preview")[0]?.body).toMatchObject({ values: { audience: "aud_1" } });
  expect(form.integration).toBeUndefined();
  await button("Turn on").click();
  await expect.element(page.getByRole("heading", { name: "Contacts to newsletter is on" })).toBeVisible();
});

test("names what is missing, and leads to the field", async () => {
  const problem = { path: "values.audience", code: "required", message: "Fill this in" };
  answer({ ...PREVIEW, problems: [problem] });
  open();
  await button("Preview").click();
  await expect.element(page.getByText("To mend first")).toBeVisible();
  await button(/Go there/).click();
  await expect.element(page.getByRole("combobox", { name: "Audience" })).toBeVisible();
});

test("what is missing is told in the user's language", async () => {
  const problems = [
    { path: "values.audience", code: "required", message: "Fill this in" },
    { path: "values.fields", code: "unmapped", message: "Choose", params: { target: "EMAIL", label: "E-Mail" } },
    { path: "accounts.crm", code: "scope", message: "Without", params: { app: "Pipeline", scopes: "contacts.write" } },
    { path: "accounts.news", code: "required", message: "Connect" },
    { path: "accounts.news", code: "workspace_account", message: "Not connected" },
    { path: "values.gone", code: "new_one", message: "Own words" },
  ];
  const why = { code: "http_500", params: { by: "Pipeline", status: "500", said: "Closed" } };
  answer({ blocks: PREVIEW.blocks.map((block) => ({ ...block, problem: "In English", why })), problems });
  open({ lang: "de" });
  await button("Vorschau").click();
  await expect.element(page.getByText("Bitte auswählen")).toBeVisible();
  for (const words of [
    /was in E-Mail/,
    /Pipeline wurde ohne contacts\.write verbunden/,
    /Postbox verbinden/,
    /Postbox muss von denen/,
    "Pipeline antwortete mit 500: Closed",
    "Own words",
  ])
    await expect.element(page.getByText(words).first()).toBeVisible();
});

test("goes back to the page that it came from, with everything entered", async () => {
  answer(PREVIEW);
  open();
  await button("Preview").click();
  await expect.element(page.getByRole("heading", { name: "What it will do" })).toBeVisible();
  await button("Back to the form").click();
  await expect.element(page.getByRole("switch", { name: /full pass/ })).toBeVisible();
});

test("says what an app answered instead, and what is known only later", async () => {
  answer({
    blocks: [
      { key: "changed", name: "A contact changed", source: "none", rows: [], mapped: {}, problem: "Pipeline did not answer in time." },
    ],
    problems: [],
  });
  open();
  await button("Preview").click();
  await expect.element(page.getByText("Pipeline did not answer in time.")).toBeVisible();
});

test("tells why there is no preview, and tries again", async () => {
  const errors = hear("inlay-error");
  let fails = true;
  edge.on("POST /v1/flows/contacts-to-newsletter/preview", () =>
    fails ? refusal(503, "unavailable", "The service cannot be reached.") : { body: PREVIEW },
  );
  open();
  await button("Preview").click();
  await expect.element(page.getByText("The preview could not be made")).toBeVisible();
  await eventually(() => expect(errors).toMatchObject([{ code: "unavailable" }]));
  fails = false;
  await button("Try again").click();
  await expect.element(page.getByRole("cell", { name: "ada@example.com" })).toBeVisible();
});
