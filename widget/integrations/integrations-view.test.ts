import { expect, onTestFinished, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { FlowDetail, FormField } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { type FakeEdge, refusal } from "../testing/fake-edge.ts";
import { field } from "../testing/fake-setup.ts";
import { CONTACTS, makeAccount, makeIntegration, makeRun, ORDERS } from "../testing/fixtures.ts";
import { eventually, hasFocus, hear, place, prevent, reads, startEdge } from "../testing/place.ts";

const failedRun = makeRun("run_2", {
  status: "failed",
  error: { code: "app_failed", message: "Postbox answered 500.", class: "intermittent", retryable: true, step: "upsert" },
  steps: [
    {
      key: "upsert",
      path: "decide.upsert",
      type: "action",
      status: "failed",
      attempts: 6,
      tasks: 1,
      startedAt: "2026-11-20T08:00:00Z",
      endedAt: "2026-11-20T08:00:05Z",
      error: { code: "app_failed", message: "Postbox answered 500.", class: "intermittent", retryable: true },
      request: { method: "PUT", url: "https://postbox.test/members/ada", headers: {}, body: '{"email":"ada@example.com"}' },
      response: { status: 500, headers: {}, body: "oops" },
    },
  ],
});

function startWithIntegrations() {
  const edge = startEdge();
  edge.runs = [makeRun("run_1"), failedRun];
  edge.integrations = [
    makeIntegration("int_contacts", CONTACTS, {
      blocks: CONTACTS.blocks.map((block) => (block.key === "changed" ? { ...block, lastRun: makeRun("run_1") } : block)),
    }),
    makeIntegration("int_orders", ORDERS, { name: "Orders to accounting", status: "disabled" }),
  ];
  return edge;
}
const more = (name: string) => page.getByRole("button", { name: `More actions: ${name}` });
const toggle = (name: string) => page.getByRole("switch", { name: `${name}: run automatically` });
const changed = { integration: "int_contacts", flow: "contacts-to-newsletter", name: "Contacts to newsletter", version: 1 };

test("each integration tells its health in words, and each block its last run", async () => {
  startWithIntegrations();
  place("inlay-integrations");
  await expect.element(page.getByText("On", { exact: true })).toBeVisible();
  await expect.element(page.getByText("Off", { exact: true })).toBeVisible();
  await expect.element(page.getByText("Succeeded")).toBeVisible();
  expect(page.getByText("Has not run yet").elements()).toHaveLength(3);
});

test("controls of integrations with the same name are told apart", async () => {
  const edge = startWithIntegrations();
  const attention = [{ code: "field_missing", message: "Fill this in", field: "audience" }];
  const named = { name: "Sync", status: "needs_attention" as const, attention };
  edge.integrations = [
    makeIntegration("int_a", CONTACTS, named),
    makeIntegration("int_b", ORDERS, named),
    makeIntegration("int_c", CONTACTS, named),
  ];
  place("inlay-integrations");
  await expect.element(more(`Sync, ${CONTACTS.name} (2)`)).toBeVisible();
  const names = ["button", "switch"].flatMap((role) =>
    page
      .getByRole(role)
      .elements()
      .map((one) => one.getAttribute("aria-label") ?? one.textContent?.replace(/\s+/g, " ").trim()),
  );
  expect(names.length).toBeGreaterThan(9);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test("an integration of a flow that is not among the first hundred has its flow's name and pictures", async () => {
  const edge = startWithIntegrations();
  edge.on("GET /v1/flows", ({ path }) => (path === "/v1/flows" ? { body: { items: [CONTACTS], nextCursor: "more" } } : undefined));
  place("inlay-integrations");
  await expect.element(page.getByText(ORDERS.name, { exact: true })).toBeVisible();
  expect(edge.callsOf("GET /v1/flows/orders-to-anywhere")).toHaveLength(1);
  await more("Orders to accounting").click();
  await expect.element(page.getByRole("menuitem", { name: "Duplicate" })).toBeVisible();
});

test("flows that could not be read are read again with the next news, and a list that could not be keeps off its rows", async () => {
  const edge = startWithIntegrations();
  let isDown = true;
  edge.on("GET /v1/flows", ({ path }) => (isDown && path === "/v1/flows" ? "offline" : undefined));
  place("inlay-integrations");
  await expect.element(more("Orders to accounting")).toBeVisible();
  expect(page.getByText(ORDERS.name, { exact: true }).elements()).toEqual([]);
  isDown = false;
  edge.on("GET /v1/integrations", () => "offline");
  edge.emit({ type: "flow", flow: { key: ORDERS.key } });
  await expect.element(page.getByText(ORDERS.name, { exact: true })).toBeVisible();
  await expect.element(page.getByRole("alert")).toBeVisible();
  const row = more("Contacts to newsletter").element().getRootNode() as ShadowRoot;
  const gap = row.host.closest(".rows, article") ?? row.host;
  expect(gap.getBoundingClientRect().top).toBeGreaterThan(page.getByRole("alert").element().getBoundingClientRect().bottom + 8);
});

test("layout has them one below the other, or side by side", async () => {
  startWithIntegrations();
  const element = place("inlay-integrations");
  element.style.inlineSize = "900px";
  const lefts = () =>
    [more("Contacts to newsletter"), more("Orders to accounting")].map((button) =>
      Math.round(button.element().getBoundingClientRect().left),
    );
  await expect.element(more("Orders to accounting")).toBeVisible();
  expect(new Set(lefts()).size).toBe(1);
  element.layout = "grid";
  await eventually(() => expect(new Set(lefts()).size).toBe(2));
});

test("a switch turns once the edge has agreed, and stays where it refused", async () => {
  const edge = startWithIntegrations();
  const [disabled, enabled, errors] = [hear("inlay-integration-disabled"), hear("inlay-integration-enabled"), hear("inlay-error")];
  place("inlay-integrations");
  await toggle("Contacts to newsletter").click();
  await expect.element(toggle("Contacts to newsletter")).not.toBeChecked();
  expect(disabled).toEqual([{ ...changed, status: "disabled" }]);
  edge.on("PATCH /v1/integrations", () => refusal(500, "internal", "Broken"));
  await toggle("Contacts to newsletter").click();
  await reads(page.getByRole("alert"), /That did not work/);
  await expect.element(toggle("Contacts to newsletter")).not.toBeChecked();
  expect(enabled).toEqual([]);
  expect(errors).toMatchObject([{ code: "internal" }]);
});

test("inlay-before-disable keeps it on", async () => {
  const edge = startWithIntegrations();
  prevent("inlay-before-disable");
  place("inlay-integrations");
  await toggle("Contacts to newsletter").click();
  expect(edge.callsOf("PATCH")).toEqual([]);
  await expect.element(toggle("Contacts to newsletter")).toBeChecked();
});

test("renaming and removing go through the menu by keyboard, and tell the host", async () => {
  const edge = startWithIntegrations();
  const [renamed, deleted] = [hear("inlay-integration-renamed"), hear("inlay-integration-deleted")];
  place("inlay-integrations");
  await more("Contacts to newsletter").click();
  await userEvent.keyboard("{ArrowDown}{Enter}");
  await page.getByLabelText("Name").fill("Members");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByRole("button", { name: "Members", exact: true })).toBeVisible();
  expect(renamed).toMatchObject([{ integration: "int_contacts", name: "Members" }]);
  await more("Members").click();
  await userEvent.keyboard("{End}{Enter}");
  await hasFocus(page.getByRole("button", { name: "Cancel" }));
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect.element(page.getByRole("button", { name: "Members", exact: true })).not.toBeInTheDocument();
  expect(deleted).toMatchObject([{ integration: "int_contacts" }]);
  expect(edge.integrations).toHaveLength(1);
});

test("a host that prevents a removal keeps the integration: the question closes, and the focus is back where it was asked for", async () => {
  const edge = startWithIntegrations();
  edge.on("DELETE /v1/integrations", () => "offline");
  place("inlay-integrations");
  await more("Contacts to newsletter").click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await reads(page.getByRole("alert"), /No connection/);
  const asked = edge.callsOf("DELETE").length;
  prevent("inlay-before-delete");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect.element(page.getByRole("alertdialog")).not.toBeInTheDocument();
  await hasFocus(more("Contacts to newsletter"));
  expect(edge.callsOf("DELETE")).toHaveLength(asked);
  expect(page.getByRole("alert").elements()).toEqual([]);
});

test("each run that ends in sight is told anew, also where the words are the same, and under a filter", async () => {
  const edge = startWithIntegrations();
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await expect.element(page.getByRole("heading", { name: "Runs" })).toBeVisible();
  const told = page.getByRole("status").filter({ hasText: "Full pass" });
  const region = () => told.elements()[0];
  const said = () => region()?.textContent?.replace(/\s+/g, " ").trim();
  const end = (id: string, status: "succeeded" | "failed") =>
    edge.emit({ type: "run", run: makeRun(id, { block: "nightly", status, endedAt: "2026-11-20T08:00:09Z" }) });
  await eventually(() => {
    end("run_7", "succeeded");
    expect(said()).toBe("Full pass: Succeeded");
  });
  const before = region()?.firstElementChild;
  end("run_8", "succeeded");
  await eventually(() => expect(region()?.firstElementChild).not.toBe(before));
  expect(said()).toBe("Full pass: Succeeded");
  await page.getByRole("button", { name: "Failed", exact: true }).click();
  end("run_10", "failed");
  await eventually(() => expect(said()).toBe("Full pass: Failed"));
  end("run_11", "succeeded");
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(said()).toBe("Full pass: Failed");
});

test.each(["inlay-integrations", "inlay-marketplace"] as const)(
  "a run that is shown while it goes on stays shown, and goes on, where the host moves <%s> in its page",
  async (tag) => {
    const edge = startWithIntegrations();
    const step = (key: string, status: "running" | "succeeded") => ({
      ...{ key, path: key, type: "query" as const, status, attempts: 1, tasks: 1 },
      ...{ startedAt: "2026-11-20T08:00:00Z", endedAt: status === "running" ? null : "2026-11-20T08:00:05Z" },
    });
    const tell = (...steps: ReturnType<typeof step>[]) => {
      const isOver = steps.length === 3;
      const run = makeRun("run_9", { status: isOver ? "succeeded" : "running", endedAt: isOver ? "2026-11-20T08:00:09Z" : null, steps });
      edge.runs = [run];
      edge.emit({ type: "run", run });
    };
    edge.runs = [makeRun("run_9", { status: "running", endedAt: null, steps: [step("first", "running")] })];
    const element = place(tag, { view: "integrations" });
    await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
    await page.getByRole("button", { name: /Running/ }).click();
    await expect.element(page.getByText("first", { exact: true })).toBeVisible();
    const corner = document.body.appendChild(document.createElement("div"));
    onTestFinished(() => corner.remove());
    corner.append(element);
    tell(step("first", "succeeded"), step("second", "running"));
    await expect.element(page.getByText("second", { exact: true })).toBeVisible();
    tell(step("first", "succeeded"), step("second", "succeeded"), step("third", "succeeded"));
    await expect.element(page.getByText("third", { exact: true })).toBeVisible();
    await expect.element(page.getByRole("button", { name: "Run again" })).toBeVisible();
  },
);

test("a failed removal keeps the dialog and its reason", async () => {
  const edge = startWithIntegrations();
  edge.on("DELETE /v1/integrations", () => "offline");
  place("inlay-integrations");
  await more("Contacts to newsletter").click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await reads(page.getByRole("alert"), /No connection/);
  await expect.element(page.getByRole("alertdialog")).toBeVisible();
});

test("what only whoever offers the flow can mend comes without a button", async () => {
  const edge = startWithIntegrations();
  const unread = { code: "subscription_unread", block: "changed", message: "“subscribe.id” fails" };
  const missing = { code: "account_missing", block: "nightly", message: "None" };
  edge.integrations = [makeIntegration("int_contacts", CONTACTS, { status: "needs_attention", attention: [unread, missing] })];
  place("inlay-integrations");
  await expect.element(page.getByText(/its provider has to mend something: “subscribe.id” fails/)).toBeVisible();
  expect(page.getByRole("button", { name: /^Open setup/ }).elements()).toHaveLength(1);
});

test("an expired account is reconnected from the warning", async () => {
  const edge = startWithIntegrations();
  edge.accounts = [makeAccount("acc_2", "postbox", { label: "North Ltd", status: "expired" })];
  edge.integrations = [
    makeIntegration("int_contacts", CONTACTS, {
      status: "needs_attention",
      attention: [{ code: "account_expired", account: "acc_2", message: "Gone", params: { label: "North Ltd", owner: "user" } }],
    }),
  ];
  place("inlay-integrations");
  await expect.element(page.getByText(/The sign-in “North Ltd” no longer works/)).toBeVisible();
  await eventually(() => expect(edge.callsOf("GET /v1/accounts")).not.toEqual([]));
  await page.getByRole("button", { name: "Reconnect: Contacts to newsletter" }).click();
  await expect.element(page.getByRole("dialog", { name: "Reconnect Postbox" })).toBeVisible();
  await page.getByLabelText("API key", { exact: true }).fill("new");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await eventually(() => expect(edge.callsOf("POST /v1/accounts").at(-1)?.body).toMatchObject({ app: "postbox", account: "acc_2" }));
});

test("a scheduled block runs by hand", async () => {
  const edge = startWithIntegrations();
  place("inlay-integrations");
  await page.getByRole("button", { name: "Run now: Full pass, Contacts to newsletter" }).click();
  await expect.element(page.getByText("Full pass has started")).toBeVisible();
  expect(edge.callsOf("POST /v1/integrations/int_contacts/blocks/nightly/run")).toHaveLength(1);
});

test("a block that runs cannot be started again meanwhile, and leads to its last run", async () => {
  const edge = startWithIntegrations();
  const nightly = makeRun("run_9", { block: "nightly", status: "running", endedAt: null });
  edge.runs = [nightly, ...edge.runs];
  place("inlay-integrations");
  await expect.element(page.getByRole("button", { name: "Run now: Full pass, Contacts to newsletter" })).toBeEnabled();
  edge.emit({ type: "run", run: nightly });
  await expect.element(page.getByRole("button", { name: "Running…: Full pass, Contacts to newsletter" })).toBeDisabled();
  edge.emit({ type: "run", run: { ...nightly, status: "succeeded", endedAt: "2026-11-20T08:00:09Z" } });
  await expect.element(page.getByRole("button", { name: "Run now: Full pass, Contacts to newsletter" })).toBeEnabled();
  edge.emit({ type: "run", run: nightly });
  await page.getByRole("button", { name: /Last run: Full pass Succeeded/ }).click();
  await expect.element(page.getByRole("heading", { name: "Full pass" })).toBeVisible();
});

test("a step that is told of twice is shown once, as it ended", async () => {
  const edge = startWithIntegrations();
  const [step] = failedRun.steps;
  edge.runs = [{ ...failedRun, steps: [{ ...step!, path: "large", status: "succeeded" }, step!, { ...step!, path: "large" }] }];
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await page.getByRole("button", { name: /Failed A contact changed/ }).click();
  await expect.element(page.getByText("decide.upsert")).toBeVisible();
  expect(page.getByText("large", { exact: true }).elements()).toHaveLength(1);
});

test("addresses are copied in the words of what they are for", async () => {
  const edge = startWithIntegrations();
  const blocks = [
    { key: "in", name: "Orders", trigger: { type: "webhook" as const }, url: "https://edge.test/hooks/1" },
    { key: "ask", name: "Is a member?", trigger: { type: "api" as const }, url: "https://edge.test/api/1" },
  ];
  edge.integrations = [makeIntegration("int_orders", ORDERS, { blocks })];
  place("inlay-integrations");
  await more(ORDERS.name).click();
  await expect.element(page.getByRole("menuitem", { name: "Copy webhook address: Orders" })).toBeVisible();
  await expect.element(page.getByRole("menuitem", { name: "Copy API address: Is a member?" })).toBeVisible();
});

/** Two versions of the orders' form: the newer one asks for a city and has a block more. */
function serveVersions(edge: FakeEdge, fields: FormField[]) {
  const newer: FlowDetail = {
    ...ORDERS,
    version: 2,
    setup: { pages: [{ key: "target", title: "Where to", fields }] },
    blocks: [...ORDERS.blocks, { key: "weekly", name: "A summary each week", trigger: { type: "schedule" } }],
  };
  edge.integrations = [makeIntegration("int_orders", ORDERS, { upgradeTo: 2 })];
  edge.on("GET /v1/flows/orders-to-anywhere", ({ path, query }) =>
    path.endsWith("/draft") ? undefined : { body: query.get("version") === "1" ? ORDERS : newer },
  );
}

test("an upgrade says what it brings, and asks for what is new alone", async () => {
  const edge = startWithIntegrations();
  serveVersions(edge, [field("url", "url", { label: "Endpoint" }), field("city", "text", { label: "City", required: true })]);
  edge.on("GET /v1/flows/orders-to-anywhere", ({ path, query }) =>
    query.get("version") === "1" && !path.endsWith("/draft")
      ? { body: { ...ORDERS, setup: { pages: [{ key: "target", title: "Where to", fields: [field("url", "url")] }] } } }
      : undefined,
  );
  place("inlay-integrations");
  await more(ORDERS.name).click();
  await page.getByRole("menuitem", { name: "Update to the newest version" }).click();
  await expect.element(page.getByText("A summary each week")).toBeVisible();
  await expect.element(page.getByText("City")).toBeVisible();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expect.element(page.getByRole("textbox", { name: "City" })).toBeVisible();
  expect(page.getByRole("textbox", { name: "Endpoint" }).elements()).toEqual([]);
  await page.getByRole("button", { name: "Show all settings" }).click();
  await expect.element(page.getByRole("textbox", { name: "Endpoint" })).toBeVisible();
});

test("a newer version that is published meanwhile is offered at once", async () => {
  const edge = startWithIntegrations();
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await eventually(() => expect(edge.callsOf("GET /v1/stream")).not.toEqual([]));
  edge.integrations = edge.integrations.map((one) => ({ ...one, upgradeTo: 2 }));
  edge.emit({ type: "flow", flow: { key: "orders-to-anywhere" } });
  await expect.element(page.getByText("A newer version is available")).toBeVisible();
});

test("an upgrade that asks for nothing is done at once, and told to the host", async () => {
  const edge = startWithIntegrations();
  const upgraded = hear("inlay-integration-upgraded");
  serveVersions(edge, []);
  edge.on("POST /v1/integrations/int_orders/upgrade", () => ({ body: makeIntegration("int_orders", ORDERS, { version: 2 }) }));
  place("inlay-integrations");
  await more(ORDERS.name).click();
  await page.getByRole("menuitem", { name: "Update to the newest version" }).click();
  await page.getByRole("button", { name: "Update to the newest version" }).click();
  await eventually(() => expect(upgraded).toMatchObject([{ integration: "int_orders", version: 2 }]));
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
});

test("a duplicate is made off, beside the first", async () => {
  const edge = startWithIntegrations();
  const created = hear("inlay-integration-created");
  edge.on("POST /v1/integrations", ({ path, body }) =>
    path === "/v1/integrations"
      ? { status: 201, body: makeIntegration("int_copy", ORDERS, { ...(body as Partial<Integration>), status: "disabled" }) }
      : undefined,
  );
  place("inlay-integrations");
  await more("Orders to accounting").click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect.element(page.getByRole("button", { name: "Orders to accounting (copy)", exact: true })).toBeVisible();
  expect(edge.callsOf("POST /v1/integrations")[0]?.body).toMatchObject({ enable: false, name: "Orders to accounting (copy)" });
  expect(created).toMatchObject([{ integration: "int_copy", status: "disabled" }]);
});

test("what a copy cannot hold is asked for in the form, with the rest filled in", async () => {
  const edge = startWithIntegrations();
  edge.integrations = [makeIntegration("int_orders", ORDERS, { values: { url: "https://x.test", key: { $secret: true } } })];
  edge.on("POST /v1/integrations", ({ path }) => (path === "/v1/integrations" ? refusal(422, "invalid", "More is needed") : undefined));
  edge.on("PUT /v1/flows/orders-to-anywhere/draft", () => ({ body: {} }));
  place("inlay-integrations");
  await more(ORDERS.name).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await eventually(() => expect(edge.callsOf("PUT /v1/flows/orders-to-anywhere/draft")).toHaveLength(1));
  expect(edge.callsOf("PUT /v1/flows/orders-to-anywhere/draft")[0]?.body).toMatchObject({ values: { url: "https://x.test" } });
  await eventually(() => expect(edge.callsOf("GET /v1/flows/orders-to-anywhere/draft")).toHaveLength(1));
});

test("due times that did not end as planned are told with the reason", async () => {
  const edge = startWithIntegrations();
  const slots = [
    { block: "nightly", dueAt: "2026-11-20T03:00:00Z", outcome: "skipped", lateness: null, reason: "The run before was still going" },
    { block: "nightly", dueAt: "2026-11-19T03:00:00Z", outcome: "ran", lateness: 200 },
    { block: "nightly", dueAt: "2026-11-18T03:00:00Z", outcome: "late", lateness: 180_000, run: "run_1" },
    { block: "nightly", dueAt: "2026-11-17T03:00:00Z", outcome: "skipped", lateness: 0, reason: "It was missed", why: { code: "missed" } },
  ];
  edge.on("GET /v1/integrations/int_contacts/slots", () => ({ body: { items: slots, nextCursor: null } }));
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await expect.element(page.getByText("The run before was still going")).toBeVisible();
  await expect.element(page.getByText("3 min late")).toBeVisible();
  await expect.element(page.getByText("Missed, and not made up for")).toBeVisible();
  expect(page.getByText("On time").elements()).toEqual([]);
});

test("runs come in live, are told to the host once, and lead to their steps", async () => {
  const edge = startWithIntegrations();
  const finished = hear("inlay-run-finished");
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await expect.element(page.getByRole("heading", { name: "Runs" })).toBeVisible();
  const runs = () => page.getByRole("button", { name: /^(?!Last run).*A contact changed/s }).elements();
  await eventually(() => expect(runs()).toHaveLength(2));
  const run = makeRun("run_3", { acceptedAt: "2026-11-21T08:00:00Z", status: "running", endedAt: null });
  edge.emit({ type: "run", run });
  await eventually(() => expect(runs()[0]?.textContent).toMatch(/Running/));
  const said = page.getByRole("status").filter({ hasText: "A contact changed" });
  expect(said.elements()).toEqual([]);
  edge.emit({ type: "run", run: { ...run, status: "succeeded" } });
  edge.emit({ type: "run", run: { ...run, status: "succeeded" } });
  await eventually(() => expect(runs()[0]?.textContent).toMatch(/Succeeded/));
  await expect.element(said).toHaveTextContent("A contact changed: Succeeded");
  expect(finished).toEqual([{ run: "run_3", integration: "int_contacts", block: "changed", status: "succeeded", tasks: 2 }]);
});

test("a failed run says why, shows what went over the wire, and runs again", async () => {
  const edge = startWithIntegrations();
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await page.getByRole("button", { name: /Failed A contact changed/ }).click();
  await reads(page.getByRole("alert"), /upsert.*Postbox answered 500/s);
  await page.getByText("decide.upsert").click();
  await reads(page.getByRole("group", { name: "Request" }), /PUT https:\/\/postbox.test\/members\/ada.*"email": "ada@example.com"/s);
  await expect.element(page.getByText("6 attempts")).toBeVisible();
  const effect = { key: "upsert", path: "decide.upsert", type: "action", status: "failed", tasks: 1 };
  edge.on("GET /v1/runs/run_2/repeat", ({ query }) => ({
    body: { run: "run_2", from: query.get("from"), kept: 3, repeats: [], repeatCount: 0, resumes: [effect], resumeCount: 1 },
  }));
  await page.getByRole("button", { name: "Run again from here: decide.upsert" }).click();
  await expect.element(page.getByText("Nothing that was done is done twice.")).toBeVisible();
  await expect.element(page.getByText("Tried again because it was not finished: 1")).toBeVisible();
  expect(edge.callsOf("POST /v1/runs/run_2/retry")).toHaveLength(0);
  await page.getByRole("button", { name: "Run again", exact: true }).last().click();
  await expect.element(page.getByText("The run has been started again")).toBeVisible();
  await expect.element(page.getByText("Queued")).toBeVisible();
  expect(edge.callsOf("POST /v1/runs/run_2/retry").map(({ body }) => body)).toEqual([{ from: "decide.upsert" }]);
});

test("a run says why it waits and who started it, in the language of now", async () => {
  const edge = startWithIntegrations();
  const why = { code: "until", params: { at: "2026-11-21T08:00:00Z" } };
  const trigger = { type: "schedule" as const, byHand: true };
  edge.runs = [makeRun("run_5", { status: "waiting", endedAt: null, trigger, reason: "nap waits until 2026-11-21T08:00:00.000Z", why })];
  const element = place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await page.getByRole("button", { name: /Waiting A contact changed/ }).click();
  await expect.element(page.getByText(/^Waits until Nov 21, 2026/)).toBeVisible();
  await expect.element(page.getByText("On demand", { exact: true })).toBeVisible();
  edge.on("POST /v1/runs/run_5/cancel", () => refusal(503, "unavailable", "Down"));
  await page.getByRole("button", { name: "Stop this run" }).click();
  await reads(page.getByRole("alert"), /cannot be reached/);
  element.lang = "de";
  await reads(page.getByRole("alert"), /nicht erreichbar/);
  await expect.element(page.getByText(/^Wartet bis 21\.11\.2026/)).toBeVisible();
});

test("a run with more steps than its log keeps says what is left out, behind the last of them", async () => {
  const edge = startWithIntegrations();
  edge.runs = [makeRun("run_5", { stepsLeftOut: true }), makeRun("run_6")];
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  const runs = page.getByRole("button", { name: /^(?!Last run).*A contact changed/s });
  await runs.first().click();
  const note = page.getByText("Later steps that only compute are not listed, except those that failed.");
  await expect.element(note).toBeVisible();
  await page.getByRole("button", { name: "Runs", exact: true }).click();
  await runs.last().click();
  await expect.element(page.getByRole("heading", { name: "Steps" })).toBeVisible();
  await expect.element(note).not.toBeInTheDocument();
});

test("a run under way can be stopped", async () => {
  const edge = startWithIntegrations();
  edge.runs = [makeRun("run_5", { status: "waiting", endedAt: null, reason: "Postbox asks to wait 30 seconds" })];
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await page.getByRole("button", { name: /Waiting A contact changed/ }).click();
  await expect.element(page.getByText("Postbox asks to wait 30 seconds")).toBeVisible();
  await page.getByRole("button", { name: "Stop this run" }).click();
  await expect.element(page.getByText("Canceled", { exact: true })).toBeVisible();
});

test("news of a run that come before its list do are put in, and take back no end", async () => {
  const edge = startWithIntegrations();
  edge.runs = [makeRun("run_1", { status: "running", endedAt: null }), makeRun("run_2")];
  let answer: () => void = () => undefined;
  edge.on("GET /v1/integrations/int_contacts/runs", async () => {
    const body = { items: structuredClone(edge.runs), nextCursor: null };
    await new Promise<void>((resolve) => (answer = resolve));
    return { body };
  });
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await eventually(() => expect(edge.callsOf("GET /v1/integrations/int_contacts/runs")).toHaveLength(1));
  edge.emit({ type: "run", run: makeRun("run_1") });
  edge.emit({ type: "run", run: makeRun("run_2", { status: "running", endedAt: null }) });
  await new Promise((resolve) => setTimeout(resolve, 600));
  answer();
  await eventually(() => expect(page.getByRole("button", { name: /^Succeeded A contact changed/ }).elements()).toHaveLength(2));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(page.getByRole("button", { name: /^Running/ }).elements()).toEqual([]);
});

test("a filtered list that is read anew keeps its pages, and is read for its own runs alone", async () => {
  const edge = startWithIntegrations();
  const failed = Array.from({ length: 30 }, (_, at) => makeRun(`run_${at}`, { status: "failed" }));
  edge.on("GET /v1/integrations/int_contacts/runs", ({ query }) => {
    const at = Number(query.get("cursor") ?? 0);
    return { body: { items: failed.slice(at, at + 20), nextCursor: at === 0 ? "20" : null } };
  });
  place("inlay-integrations");
  await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
  await page.getByRole("button", { name: "Failed", exact: true }).click();
  await page.getByRole("button", { name: "Show more" }).click();
  const rows = () => page.getByRole("button", { name: /^Failed ./ }).elements();
  await eventually(() => expect(rows()).toHaveLength(30));
  const before = edge.callsOf("GET /v1/integrations/int_contacts/runs").length;
  edge.emit({ type: "run", run: makeRun("run_other", { integration: "int_orders" }) });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(edge.callsOf("GET /v1/integrations/int_contacts/runs")).toHaveLength(before);
  edge.emit({ type: "run", run: makeRun("run_30") });
  await eventually(() => expect(edge.callsOf("GET /v1/integrations/int_contacts/runs")).toHaveLength(before + 2));
  expect(rows()).toHaveLength(30);
});

test("readonly shows health and runs, and no way to change", async () => {
  startWithIntegrations();
  place("inlay-integrations", { readonly: "" });
  await expect.element(page.getByText("Succeeded")).toBeVisible();
  expect(page.getByRole("switch").elements()).toEqual([]);
  expect(page.getByRole("button", { name: /More actions|Run now/ }).elements()).toEqual([]);
});

test.each(["list", "run", "remove"])("axe finds nothing: %s", async (state) => {
  startWithIntegrations();
  const element = place("inlay-integrations");
  await expect.element(page.getByText("Succeeded")).toBeVisible();
  if (state === "run") {
    await page.getByRole("button", { name: "Contacts to newsletter", exact: true }).click();
    await page.getByRole("button", { name: /Failed A contact changed/ }).click();
    await page.getByText("decide.upsert").click();
  }
  if (state === "remove") {
    await more("Contacts to newsletter").click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
  }
  await expectAccessible(element);
});
