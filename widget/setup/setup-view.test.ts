import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { type FakeEdge, refusal } from "../testing/fake-edge.ts";
import { account, CONTACTS, type FakeForm, field, formOfContacts, makeIntegration, serveForm } from "../testing/fake-setup.ts";
import { eventually, hear, place, prevent, startEdge } from "../testing/place.ts";

let edge: FakeEdge;
let form: FakeForm;

beforeEach(() => {
  edge = startEdge();
  form = serveForm(edge);
});

/** An element that leaves keeps its draft: before the edge of the next test is there. */
afterEach(async () => {
  document.querySelector("inlay-setup")?.remove();
  await new Promise((resolve) => setTimeout(resolve, 50));
});

const open = (attributes: Record<string, string> = {}) =>
  place("inlay-setup", { api: "http://edge.test", flow: CONTACTS.key, ...attributes });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const both = { crm: "acc_crm", news: "acc_news" };
const whole = {
  audience: "aud_1",
  fields: [
    { from: "email", to: "EMAIL" },
    { from: "name", to: "FULLNAME" },
  ],
};
/** What has the focus, inside whatever shadow root it is. */
function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
const drafts = () =>
  edge.callsOf("PUT /v1/flows/contacts-to-newsletter/draft").map((call) => call.body as { values: Record<string, unknown> });

describe("setting up", () => {
  test("goes from the accounts to the last page and turns the integration on", async () => {
    const started = hear("inlay-setup-started");
    const pages = hear("inlay-page-changed");
    const created = hear("inlay-integration-created");
    const enabled = hear("inlay-integration-enabled");
    open();
    await expect.element(page.getByRole("radio", { name: /Ada’s Pipeline/ })).toBeChecked();
    await button("Continue").click();
    await page.getByRole("combobox", { name: "Audience" }).click();
    await page.getByRole("option", { name: "Partners" }).click();
    await button("Match 3 by name").click();
    await button("Continue").click();
    await page.getByRole("textbox", { name: "Name" }).fill("For partners");
    await button("Turn on").click();
    await expect.element(page.getByRole("heading", { name: "For partners is on" })).toBeVisible();
    await eventually(() => expect(focused()?.textContent).toBe("For partners is on"));
    expect(form.integration).toMatchObject({ accounts: both, name: "For partners" });
    expect(edge.callsOf("POST /v1/integrations")).toHaveLength(1);
    expect(form.integration?.values).toMatchObject({
      audience: "aud_2",
      fields: [
        { from: "email", to: "EMAIL" },
        { from: "phone", to: "PHONE" },
        { from: "name", to: "FULLNAME" },
      ],
      nightly: true,
      confirm: "pending",
    });
    expect(started).toEqual([{ flow: CONTACTS.key, mode: "create" }]);
    expect(pages.map(({ page: key, index, pages: count }) => [key, index, count])).toEqual([
      ["connect", 0, 3],
      ["audience", 1, 3],
      ["rhythm", 2, 3],
    ]);
    expect(created).toMatchObject([{ integration: "int_1", flow: CONTACTS.key, name: "For partners", status: "enabled" }]);
    expect(enabled).toHaveLength(1);
  });

  test("marks what is missing and leads the focus to the first of it", async () => {
    edge.accounts = [];
    open();
    await button("Continue").click();
    await expect.element(page.getByText("Connect or choose an account").first()).toBeVisible();
    await eventually(() => expect(focused()?.textContent).toMatch(/Connect Pipeline/));
  });

  test("resumes a draft at its page, with what was entered", async () => {
    form.draft = { accounts: both, values: { audience: "aud_2" }, page: "audience" };
    open();
    await expect.element(page.getByRole("combobox", { name: "Audience" })).toHaveValue("Partners");
  });

  test("takes the host's values for what nobody has entered", async () => {
    form.draft = { accounts: both, values: {}, page: "audience" };
    const element = open();
    element.prefill = { audience: "aud_3", unknown: 1 };
    await expect.element(page.getByRole("combobox", { name: "Audience" })).toHaveValue("Beta testers");
    await eventually(() => expect(drafts().at(-1)?.values).toEqual({ audience: "aud_3" }));
  });

  test("shows a field as soon as the edge says so, and leaves it out when it hides again", async () => {
    form.draft = { accounts: both, values: {}, page: "audience" };
    open();
    await page.getByRole("switch", { name: "Only contacts with certain tags" }).click();
    await page.getByRole("combobox", { name: "Tags" }).click();
    await page.getByRole("option", { name: "vip" }).click();
    await page.getByRole("switch", { name: "Only contacts with certain tags" }).click();
    await expect.element(page.getByRole("combobox", { name: "Tags" })).not.toBeInTheDocument();
    expect(form.draft?.values).toMatchObject({ only_tagged: false, tags: ["vip"] });
  });

  test("completes a form without account fields with a page that asks for them", async () => {
    const flow = { ...CONTACTS, setup: { pages: [{ key: "p", title: "Only page", fields: [field("note", "text", { label: "Note" })] }] } };
    serveForm(edge, flow, () => ({ pages: {}, fields: {} }));
    open();
    await expect.element(page.getByRole("heading", { name: "Connect your apps" })).toBeVisible();
    await button("Continue").click();
    await expect.element(page.getByRole("textbox", { name: "Note" })).toBeVisible();
  });

  test("Enter in a line of text goes on", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    open();
    await page.getByRole("textbox", { name: "Name" }).fill("By Enter");
    await userEvent.keyboard("{Enter}");
    await expect.element(page.getByRole("heading", { name: "By Enter is on" })).toBeVisible();
  });
});

test("a form on its way has the shape of one", async () => {
  edge.on("GET /v1/flows/", () => new Promise(() => undefined));
  const element = open();
  const frame = () => element.shadowRoot?.querySelector("inlay-setup-frame")?.shadowRoot;
  await eventually(() => expect(frame()?.querySelector("inlay-setup-view")?.shadowRoot?.querySelector(".loading .box")).toBeTruthy());
});

describe("what can go wrong", () => {
  test("a form that does not load says so and loads on the next try", async () => {
    let isDown = true;
    edge.on("GET /v1/flows/contacts-to-newsletter/draft", () => (isDown ? "offline" : undefined));
    const errors = hear("inlay-error");
    open();
    await expect.element(page.getByText("The form could not be loaded")).toBeVisible();
    expect(errors).toMatchObject([{ code: "network", retryable: true }]);
    isDown = false;
    await button("Try again").click();
    await expect.element(page.getByRole("heading", { name: "Connect your apps" })).toBeVisible();
  });

  test("a draft that cannot be kept says so quietly, and is kept once it can be", async () => {
    form.draft = { accounts: both, values: {}, page: "rhythm" };
    let isDown = true;
    edge.on("PUT /v1/flows/contacts-to-newsletter/draft", () => (isDown ? "offline" : undefined));
    open();
    await page.getByRole("switch", { name: "Also run a full pass every night" }).click();
    await expect.element(page.getByText("Not saved yet. You can go on.")).toBeVisible();
    isDown = false;
    dispatchEvent(new Event("online"));
    await expect.element(page.getByText("Saved", { exact: true })).toBeVisible();
    expect(form.draft?.values).toMatchObject({ nightly: false });
  });

  test("offline, the accounts that were read stay on the page gone back to; what did not come is asked for once there is a network", async () => {
    let isDown = false;
    edge.on("GET /v1/accounts", () => (isDown ? "offline" : undefined));
    edge.on("POST /v1/flows/contacts-to-newsletter/options", () => (isDown ? "offline" : undefined));
    open();
    const ada = page.getByRole("radio", { name: /Ada’s Pipeline/ });
    await expect.element(ada).toBeChecked();
    isDown = true;
    await button("Continue").click();
    await expect.element(page.getByText(/No connection/).first()).toBeVisible();
    await page.getByRole("button", { name: /Connect your apps/ }).click();
    await eventually(() => expect(page.getByText(/No connection/).elements()).toHaveLength(2));
    await expect.element(ada).toBeChecked();
    isDown = false;
    dispatchEvent(new Event("online"));
    await eventually(() => expect(page.getByText(/No connection/).elements()).toEqual([]));
    await expect.element(ada).toBeChecked();

    isDown = true;
    await button("Continue").click();
    await expect.element(page.getByText(/No connection/).first()).toBeVisible();
    isDown = false;
    dispatchEvent(new Event("online"));
    await eventually(() => expect(page.getByText(/No connection/).elements()).toEqual([]));
  });

  test("the edge's faults stand at their fields, on the page of the first", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    edge.on("POST /v1/integrations", () =>
      refusal(422, "invalid", "Two answers are not accepted", [
        { path: "values.audience", code: "rule", message: "This audience is full" },
      ]),
    );
    open();
    await button("Turn on").click();
    await expect.element(page.getByText("This audience is full")).toBeVisible();
    await eventually(() => expect(focused()).toBe(page.getByRole("combobox", { name: "Audience" }).element()));
    await expect.element(page.getByRole("combobox", { name: "Audience" })).toHaveAccessibleDescription(/This audience is full/);
  });

  test("a flow that was withdrawn says so, and loses nothing", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    edge.on("POST /v1/integrations", () => refusal(410, "gone", "Withdrawn"));
    const errors = hear("inlay-error");
    open();
    await page.getByRole("textbox", { name: "Name" }).fill("Kept");
    await button("Turn on").click();
    await expect.element(page.getByText(/no longer offered/)).toBeVisible();
    await expect.element(page.getByRole("textbox", { name: "Name" })).toHaveValue("Kept");
    expect(errors).toMatchObject([{ code: "gone", retryable: false }]);
  });

  test("a flow that is withdrawn while its form is open says so at once", async () => {
    form.draft = { accounts: both, values: {}, page: "rhythm" };
    edge.on("PUT /v1/flows/contacts-to-newsletter/draft", () => refusal(410, "gone", "Withdrawn"));
    open();
    await page.getByRole("switch", { name: "Also run a full pass every night" }).click();
    await expect.element(page.getByRole("alert").getByText(/no longer offered/)).toBeVisible();
    await expect.element(page.getByRole("switch", { name: "Also run a full pass every night" })).not.toBeChecked();
  });

  test("options of an account that has expired lead to the account", async () => {
    form.draft = { accounts: both, values: {}, page: "audience" };
    edge.on("POST /v1/flows/contacts-to-newsletter/options", ({ body }) =>
      (body as { field: string }).field === "audience" ? refusal(409, "account_expired", "Sign in to Postbox again") : undefined,
    );
    const errors = hear("inlay-error");
    open();
    await expect.element(page.getByText("Reconnect this account, or choose another.")).toBeVisible();
    expect(errors).toMatchObject([{ code: "account_expired" }]);
    await button("Reconnect").click();
    await expect.element(page.getByRole("heading", { name: "Connect your apps" })).toBeVisible();
    await eventually(() => expect(focused()).toBe(page.getByRole("radio", { name: /North Ltd/ }).element()));
  });

  test("why options did not come is told in the user's language, and the app is quoted", async () => {
    form.draft = { accounts: both, values: {}, page: "audience" };
    const params = { by: "Postbox", status: "500", said: "Closed on Sundays" };
    edge.on("POST /v1/flows/contacts-to-newsletter/options", ({ body }) =>
      (body as { field: string }).field === "audience"
        ? refusal(502, "app_failed", "In English", [{ path: "app", code: "http_500", message: "In English", params }])
        : undefined,
    );
    const errors = hear("inlay-error");
    open({ lang: "ar" });
    await expect.element(page.getByText(/\u2068Closed on Sundays\u2069/)).toBeVisible();
    expect(page.getByText(/In English/).elements()).toEqual([]);
    expect(errors).toMatchObject([{ code: "app_failed", message: expect.stringContaining("Closed on Sundays") }]);
  });

  test("what options cannot be asked for without is told in the user's language", async () => {
    form.draft = { accounts: both, values: {}, page: "audience" };
    const errors = [{ path: "app", code: "required", message: "In English", params: { input: "Region" } }];
    edge.on("POST /v1/flows/contacts-to-newsletter/options", ({ body }) =>
      (body as { field: string }).field === "audience" ? refusal(502, "app_failed", "In English", errors) : undefined,
    );
    open({ lang: "de" });
    await expect.element(page.getByText(/Wählen Sie zuerst Region/)).toBeVisible();
    expect(page.getByText(/In English/).elements()).toEqual([]);
  });

  test("what a rule refuses, and what is wrong with a field that is not in sight, is told in the user's language", async () => {
    const fields = [
      field("note", "text", { label: "Note" }),
      field("city", "text", { label: "City" }),
      field("later", "text", { label: "Later" }),
    ];
    serveForm(edge, { ...CONTACTS, accounts: [], setup: { pages: [{ key: "p", title: "P", fields }] } }, () => ({
      pages: {},
      fields: { later: { shown: false } },
    }));
    edge.on("POST /v1/integrations", () =>
      refusal(422, "invalid", "In English", [
        { path: "values.note", code: "rule", message: "In English" },
        { path: "values.later", code: "required", message: "In English" },
        { path: "odd", code: "new_one", message: "A newer edge's words" },
      ]),
    );
    open({ lang: "de" });
    await page.getByLabelText("Note").fill("x");
    await button("Einschalten").click();
    await expect.element(page.getByLabelText("Note")).toHaveAccessibleDescription(/hat nicht die erwartete Form/);
    const told = page
      .getByRole("listitem")
      .elements()
      .map(({ textContent }) => textContent);
    expect(told).toEqual(["Later: Bitte ausfüllen", "A newer edge's words"]);
  });

  test("saving again after a lost answer creates no second integration", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    let isLost = true;
    edge.on("POST /v1/integrations", () => {
      if (!isLost) return undefined;
      isLost = false;
      return "offline";
    });
    open();
    await button("Turn on").click();
    await expect.element(page.getByText("That could not be saved")).toBeVisible();
    await button("Turn on").click();
    await expect.element(page.getByRole("heading", { name: "Contacts to newsletter is on" })).toBeVisible();
    const keys = edge.callsOf("POST /v1/integrations").map((call) => call.headers.get("idempotency-key"));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  test("a host that prevents saving stops it, and hears no secret", async () => {
    const pages = [
      { key: "p", title: "P", fields: [field("key", "secret", { label: "Key", secret: true }), field("note", "text", { label: "Note" })] },
    ];
    serveForm(edge, { ...CONTACTS, accounts: [], setup: { pages } }, () => ({ pages: {}, fields: {} }));
    form = { draft: undefined, integration: undefined };
    prevent("inlay-before-save");
    const before = hear("inlay-before-save");
    const changed = hear("inlay-field-changed");
    open();
    await page.getByLabelText("Key").fill("s3cret");
    await page.getByLabelText("Note").fill("seen");
    await button("Turn on").click();
    await expect.element(page.getByText(/stopped by the page/)).toBeVisible();
    expect(before).toEqual([{ flow: CONTACTS.key, values: { note: "seen" } }]);
    expect(JSON.stringify(changed)).not.toContain("s3cret");
    expect(edge.callsOf("POST /v1/integrations")).toHaveLength(0);
  });
});

test("a host styles the control of a field from outside, through every shadow root", async () => {
  form.draft = { accounts: both, values: {}, page: "rhythm" };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("inlay-setup::part(control) { border-radius: 13px; }");
  document.adoptedStyleSheets = [sheet];
  open();
  const control = page.getByRole("textbox", { name: "Name" });
  await expect.element(control).toBeVisible();
  expect(getComputedStyle(control.element()).borderRadius).toBe("13px");
  document.adoptedStyleSheets = [];
});

test("accounts beyond the first page can be chosen", async () => {
  edge.on("GET /v1/accounts", ({ query }) => {
    const isLater = query.get("cursor") === "second";
    const ids = Array.from({ length: isLater ? 3 : 50 }, (_, at) => `${query.get("app")}-${at + (isLater ? 51 : 1)}`);
    const items = ids.map((id) => account(id, query.get("app") ?? "", { label: `Account ${id}` }));
    return { body: { items, nextCursor: isLater ? null : "second" } };
  });
  open();
  await page.getByRole("radio", { name: /Account pipeline-53/ }).click();
  await expect.element(page.getByRole("radio", { name: /Account pipeline-53/ })).toBeChecked();
});

describe("reading only", () => {
  test("every page can be seen, nothing can be changed, and nothing is kept", async () => {
    open({ readonly: "" });
    await expect.element(page.getByRole("radio", { name: /Ada’s Pipeline/ })).toBeDisabled();
    await button("Continue").click();
    await expect.element(page.getByRole("switch", { name: "Only contacts with certain tags" })).toBeDisabled();
    await button("Continue").click();
    await expect.element(button("Turn on")).toBeDisabled();
    expect(drafts()).toEqual([]);
  });
});

describe("leaving", () => {
  test("keeps what was typed and tells the host", async () => {
    form.draft = { accounts: both, values: {}, page: "rhythm" };
    const abandoned = hear("inlay-setup-abandoned");
    open();
    await page.getByRole("textbox", { name: "Name" }).fill("Half done");
    await button("Close").click();
    await eventually(() => expect(form.draft).toMatchObject({ name: "Half done", page: "rhythm" }));
    expect(abandoned).toEqual([{ flow: CONTACTS.key, page: "rhythm", draft: true }]);
  });

  test("in the midst of saving, an integration that comes of it was not abandoned", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    edge.on("POST /v1/integrations", ({ path }) => (path === "/v1/integrations" ? held.then(() => undefined) : undefined));
    const [abandoned, created] = [hear("inlay-setup-abandoned"), hear("inlay-integration-created")];
    open();
    await button("Turn on").click();
    await eventually(() => expect(edge.callsOf("POST /v1/integrations")).toHaveLength(1));
    const before = drafts().length;
    await button("Close").click();
    answer();
    await eventually(() => expect(created).toHaveLength(1));
    expect(abandoned).toEqual([]);
    expect(drafts()).toHaveLength(before);
  });

  test("in the midst of a save that is refused, it was, and is kept", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    edge.on("POST /v1/integrations", () => held.then(() => refusal(503, "unavailable", "Later")));
    const abandoned = hear("inlay-setup-abandoned");
    open();
    await button("Turn on").click();
    await eventually(() => expect(edge.callsOf("POST /v1/integrations")).toHaveLength(1));
    await button("Close").click();
    answer();
    await eventually(() => expect(abandoned).toMatchObject([{ draft: true }]));
  });

  test("for another integration, what was typed is kept for the one it was typed for, which is no longer shown", async () => {
    const own = (id: string) => makeIntegration(CONTACTS, { id, name: `Name of ${id}`, accounts: both, values: whole });
    form.integration = own("int_1");
    edge.on("GET /v1/integrations/int_1", () => ({ body: own("int_1") }));
    edge.on("GET /v1/integrations/int_2", () => refusal(404, "not_found", "There is no such integration."));
    const kept: unknown[] = [];
    edge.on("PUT /v1/flows/contacts-to-newsletter/draft", ({ body }) => void kept.push(body));
    const element = open({ integration: "int_1" });
    await button("When").click();
    await page.getByRole("textbox", { name: "Name" }).fill("Typed");
    element.integration = "int_2";
    await expect.element(page.getByText(/no longer available/)).toBeVisible();
    await expect.element(page.getByRole("textbox", { name: "Name" })).not.toBeInTheDocument();
    await eventually(() => expect(kept.at(-1)).toMatchObject({ integration: "int_1", name: "Typed" }));
    element.integration = "int_1";
    await expect.element(button("Save changes")).toBeVisible();
    element.close();
    await expect.element(button("Save changes")).not.toBeInTheDocument();
    element.integration = "int_2";
    await expect.element(page.getByText(/no longer available/)).toBeVisible();
  });

  test("for another flow, what the control in hand says as it goes comes before the end", async () => {
    const key = "greeting";
    const flow = { ...CONTACTS, key, name: "Greeting", accounts: [], appDetails: [], instances: "one" as const };
    const pages = [{ key: "words", title: "Words", fields: [field("words", "text", { label: "Words" })] }];
    const greeting = serveForm(edge, { ...flow, setup: { pages } }, () => ({ pages: {}, fields: {} }));
    edge.flows = [{ ...flow, setup: { pages } }, CONTACTS];
    const heard: string[] = [];
    for (const name of ["inlay-field-changed", "inlay-setup-abandoned", "inlay-setup-started"] as const) {
      const listener = (event: Event) => heard.push(`${event.type} ${(event as CustomEvent<{ flow: string }>).detail.flow}`);
      document.addEventListener(name, listener);
      onTestFinished(() => document.removeEventListener(name, listener));
    }
    const element = open({ flow: key });
    await page.getByRole("textbox", { name: "Words" }).click();
    await userEvent.keyboard("Hi");
    element.flow = CONTACTS.key;
    await expect.element(page.getByRole("heading", { name: "Connect your apps" })).toBeVisible();
    const end = heard.indexOf(`inlay-setup-abandoned ${key}`);
    expect(end).toBeGreaterThan(0);
    expect(heard.lastIndexOf(`inlay-field-changed ${key}`)).toBeLessThan(end);
    expect(heard.indexOf(`inlay-setup-started ${CONTACTS.key}`)).toBe(end + 1);
    await eventually(() => expect(greeting.draft).toMatchObject({ values: { words: "Hi" } }));
  });

  test("an element that the host moves is not abandoned", async () => {
    const abandoned = hear("inlay-setup-abandoned");
    const element = open();
    await expect.element(page.getByRole("heading", { name: "Connect your apps" })).toBeVisible();
    const other = document.createElement("div");
    document.body.append(other);
    other.append(element);
    await vi.waitFor(() => expect(element.isConnected).toBe(true));
    await expect.element(page.getByRole("heading", { name: "Connect your apps" })).toBeVisible();
    expect(abandoned).toEqual([]);
    other.remove();
  });
});

test("what Tab leads to is not under the buttons, which are held at the window's end", async () => {
  const notes = Array.from({ length: 14 }, (_, at) => field(`note${at}`, "text", { label: `Note ${at}` }));
  const flow = { ...CONTACTS, accounts: [], setup: { pages: [{ key: "notes", title: "Notes", fields: notes }] } };
  serveForm(edge, flow, () => ({ pages: {}, fields: Object.fromEntries(notes.map(({ key }) => [key, { shown: true }])) }));
  open();
  await page.getByRole("textbox", { name: "Note 0" }).click();
  for (let at = 1; at < notes.length; at++) {
    await userEvent.keyboard("{Tab}");
    const field = page.getByRole("textbox", { name: `Note ${at}`, exact: true }).element();
    await eventually(() => expect(focused()).toBe(field));
    const { top = 0 } = button("Turn on").element().closest("footer")?.getBoundingClientRect() ?? {};
    expect(field.getBoundingClientRect().bottom).toBeLessThanOrEqual(top);
  }
});

describe("editing", () => {
  test("starts from the integration's values, saves from any page, and tells the host of an update", async () => {
    form.integration = makeIntegration(CONTACTS, { name: "Partners", accounts: both, values: { ...whole, audience: "aud_2" } });
    const updated = hear("inlay-integration-updated");
    const created = hear("inlay-integration-created");
    open({ integration: "int_1" });
    await eventually(() => expect(edge.callsOf("GET /v1/flows/contacts-to-newsletter/draft")).toHaveLength(1));
    const asked = edge.calls.filter(({ path }) => path.startsWith("/v1/flows/"));
    expect(asked.map(({ query }) => query.toString())).toEqual(asked.map(() => "integration=int_1&version=1"));
    await page.getByRole("button", { name: "Choose what goes where" }).click();
    await page.getByRole("combobox", { name: "Audience" }).click();
    await page.getByRole("option", { name: "Product news" }).click();
    await button("Save changes").click();
    await expect.element(page.getByRole("heading", { name: "Partners is up to date" })).toBeVisible();
    expect(edge.callsOf("PATCH /v1/integrations/int_1")[0]?.body).toMatchObject({ values: { audience: "aud_1" }, accounts: both });
    expect(updated).toHaveLength(1);
    expect(created).toHaveLength(0);
  });

  describe("when it is changed elsewhere meanwhile", () => {
    const base = makeIntegration(CONTACTS, {
      name: "Partners",
      accounts: both,
      values: { ...whole, audience: "aud_2", confirm: "pending" },
    });
    const theirs = { ...base, values: { ...base.values, confirm: "subscribed" }, updatedAt: "2026-01-01T00:00:05Z" };
    /** As the edge does: a change on another state than the present one is refused. */
    const judge = () =>
      edge.on("PATCH /v1/integrations/int_1", ({ headers }) => {
        const isCurrent = [null, `"${form.integration?.updatedAt}"`].includes(headers.get("if-match"));
        return isCurrent ? undefined : refusal(412, "precondition_failed", "This was changed since you read it.");
      });
    const pick = async (audience: string) => {
      await page.getByRole("button", { name: "Choose what goes where" }).click();
      await page.getByRole("combobox", { name: "Audience" }).click();
      await page.getByRole("option", { name: audience }).click();
    };
    const notice = () => page.getByText(/changed elsewhere/);

    test("saving is refused, says so, and keeps what was typed on top of theirs for another go", async () => {
      form.integration = base;
      judge();
      open({ integration: "int_1" });
      await pick("Beta testers");
      form.integration = theirs;
      await button("Save changes").click();
      await expect.element(notice()).toBeVisible();
      await expect.element(page.getByRole("listitem").getByText("New members", { exact: true })).toBeVisible();
      await expect.element(page.getByRole("combobox", { name: "Audience" })).toHaveValue("Beta testers");
      await eventually(() => expect(drafts().at(-1)?.values).toMatchObject({ audience: "aud_3", confirm: "subscribed" }));
      await button("Save changes").click();
      await expect.element(page.getByRole("heading", { name: "Partners is up to date" })).toBeVisible();
      const [late, last] = edge.callsOf("PATCH /v1/integrations/int_1");
      expect([late, last].map((call) => call?.headers.get("if-match"))).toEqual([base, theirs].map((one) => `"${one.updatedAt}"`));
      expect(last?.body).toMatchObject({ values: { audience: "aud_3", confirm: "subscribed" } });
    });

    test("the live stream brings it into the open form at once", async () => {
      form.integration = base;
      judge();
      open({ integration: "int_1" });
      await pick("Beta testers");
      form.integration = theirs;
      edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "enabled" } });
      await expect.element(notice()).toBeVisible();
      await button("Save changes").click();
      await expect.element(page.getByRole("heading", { name: "Partners is up to date" })).toBeVisible();
      const calls = edge.callsOf("PATCH /v1/integrations/int_1");
      expect(calls.map(({ body }) => body)).toMatchObject([{ values: { audience: "aud_3", confirm: "subscribed" } }]);
    });

    test.each([
      ["", innerHeight],
      [", also in a window of little height", 256],
    ])("it is said where the user is, who goes on typing, until it is noted; what was told before stays told%s", async (_, height) => {
      const size = [innerWidth, innerHeight] as const;
      await page.viewport(size[0], height);
      onTestFinished(() => page.viewport(...size));
      const notes = Array.from({ length: 30 }, (_, at) => field(`note${at}`, "text", { label: `Note ${at}` }));
      const pages = CONTACTS.setup.pages.map((one) => (one.key === "rhythm" ? { ...one, fields: [...one.fields, ...notes] } : one));
      serveForm(edge, { ...CONTACTS, setup: { pages } });
      const [first, second, third] = [1, 2, 3].map((at) => ({ ...theirs, updatedAt: `2026-01-01T00:00:0${at}Z` }));
      let now = base;
      edge.on("GET /v1/integrations/int_1", () => ({ body: now }));
      edge.on("GET /v1/flows/contacts-to-newsletter/draft", () => ({
        body: { accounts: base.accounts, values: base.values, savedAt: null, form: formOfContacts({ accounts: {}, values: {} }) },
      }));
      open({ integration: "int_1" });
      await button("When").click();
      const typing = page.getByRole("textbox", { name: "Note 20" });
      await expect.element(typing).toBeInTheDocument();
      typing.element().scrollIntoView({ block: "end" });
      scrollBy(0, 70);
      await typing.click();
      await userEvent.keyboard("ab");
      if (first) now = first;
      edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "enabled" } });
      await expect.element(notice()).toBeVisible();
      await userEvent.keyboard("cd");
      await expect.element(typing).toHaveValue("abcd");
      const isSeen = (element: Element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const at = document.elementFromPoint(innerWidth / 2, (top + bottom) / 2);
        return top >= 0 && bottom <= innerHeight && at !== null;
      };
      const boxOf = (element: Element) => element.getBoundingClientRect();
      expect(isSeen(notice().element())).toBe(true);
      expect(boxOf(typing.element()).bottom).toBeLessThanOrEqual(boxOf(notice().element()).top);
      if (second) now = { ...second, values: { ...second.values, note3: "theirs" } };
      edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "enabled" } });
      await expect.element(page.getByRole("listitem").filter({ hasText: "Note 3" })).toBeVisible();
      await expect.element(page.getByRole("listitem").filter({ hasText: "New members" })).toBeVisible();
      const stood = scrollY;
      await button("Got it").click();
      await expect.element(notice()).not.toBeInTheDocument();
      await userEvent.keyboard("ef");
      await expect.element(typing).toHaveValue("abcdef");
      expect(scrollY).toBe(stood);
      // Whoever is elsewhere in the page stays there.
      (focused() as HTMLElement).blur();
      scrollTo(0, 0);
      if (third) now = { ...third, values: { ...third.values, note4: "theirs" } };
      edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "enabled" } });
      await expect.element(notice()).toBeVisible();
      expect(scrollY).toBe(0);
    });

    test("a switch, which the form does not show, does not come between", async () => {
      form.integration = base;
      judge();
      open({ integration: "int_1" });
      await pick("Beta testers");
      form.integration = { ...base, status: "disabled", updatedAt: theirs.updatedAt };
      const reads = edge.callsOf("GET /v1/integrations/int_1").length;
      edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "disabled" } });
      await eventually(() => expect(edge.callsOf("GET /v1/integrations/int_1").length).toBeGreaterThan(reads));
      await button("Save changes").click();
      await expect.element(page.getByRole("heading", { name: "Partners is up to date" })).toBeVisible();
      expect(edge.callsOf("PATCH /v1/integrations/int_1")).toHaveLength(1);
    });
  });

  test("a flow that has moved on is upgraded with what is entered", async () => {
    form.integration = makeIntegration(CONTACTS, { version: 0, accounts: both, values: whole });
    edge.on("POST /v1/integrations/int_1/upgrade", ({ body }) => ({ body: { ...form.integration, ...(body as object), version: 1 } }));
    const upgraded = hear("inlay-integration-upgraded");
    open({ integration: "int_1" });
    await page.getByRole("button", { name: "When" }).click();
    await button("Update").click();
    await eventually(() => expect(upgraded).toMatchObject([{ version: 1 }]));
  });
});

test("without a flow, it says what is missing", async () => {
  place("inlay-setup", { api: "http://edge.test" });
  await expect.element(page.getByText(/names an integration by “flow”/)).toBeVisible();
});

describe("accounts", () => {
  test("an expired one offers to be reconnected, and two healthy ones leave the choice", async () => {
    edge.accounts = [
      account("a", "pipeline", { label: "One" }),
      account("b", "pipeline", { label: "Two" }),
      account("c", "postbox", { label: "Old key", status: "expired" }),
    ];
    open();
    await expect.element(page.getByRole("radio", { name: /One/ })).not.toBeChecked();
    await expect.element(page.getByRole("button", { name: "Reconnect Old key" })).toBeVisible();
    await page.getByRole("radio", { name: /Two/ }).click();
    await eventually(() => expect(form.draft?.accounts).toEqual({ crm: "b" }));
  });
});

describe("accessibility", () => {
  test.each(["connect", "audience", "rhythm"])("axe finds nothing on the page %s", async (key) => {
    form.draft = { accounts: both, values: { only_tagged: true, tags: ["vip"], audience: "aud_1" }, page: key };
    const element = open();
    await expect.element(button(key === "rhythm" ? "Turn on" : "Continue")).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expectAccessible(element);
  });

  test("axe finds nothing while something is wrong, nor at the end", async () => {
    edge.accounts = [];
    const element = open();
    await button("Continue").click();
    await expect.element(page.getByText("Connect or choose an account").first()).toBeVisible();
    await expectAccessible(element);
  });

  test("axe finds nothing on the last screen", async () => {
    form.draft = { accounts: both, values: whole, page: "rhythm" };
    const url = "https://edge.test/hooks/int_1/received/key";
    const blocks = [{ key: "hook", name: "An order arrives", trigger: { type: "webhook" as const }, url }];
    edge.on("POST /v1/integrations", () => ({ status: 201, body: makeIntegration(CONTACTS, { blocks }) }));
    const element = open();
    await button("Turn on").click();
    await expect.element(page.getByRole("textbox", { name: "An order arrives" })).toHaveValue(url);
    await expectAccessible(element);
  });
});
