// Every event of the contract in one table: what leads to it, the shape of its detail, and what stops where it is prevented or refused.
import { expect, onTestFinished, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { InlayEventName } from "../events.ts";
import { type FakeEdge, refusal } from "../testing/fake-edge.ts";
import { field, makeIntegration as makeSetUp, serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, makeAccount, makeFlow, makeIntegration, makeRun, ORDERS } from "../testing/fixtures.ts";
import { eventually, hear, place, prevent, startEdge } from "../testing/place.ts";

type Kind = "string" | "number" | "boolean" | "any" | "object";
type Shape = Record<string, Kind | `${Kind}?`>;

interface Row {
  detail: Shape;
  /** Leads to the event, as a user or a host does. */
  act: (edge: FakeEdge) => Promise<unknown>;
  /** The calls that it stops where it is prevented, or must not follow. */
  stops?: (edge: FakeEdge) => unknown[];
  /** The call whose refusal must leave the event out. */
  refused?: string;
}

const SMALL = makeFlow("small", "Small", {
  setup: {
    pages: [
      {
        key: "one",
        title: "One",
        fields: [field("city", "text", { label: "City" }), field("pass", "secret", { label: "Pass", secret: true })],
      },
    ],
  },
});
const button = (name: string) => page.getByRole("button", { name, exact: true });
const item = (name: string) => page.getByRole("menuitem", { name, exact: true });

async function openForm(edge: FakeEdge, integration = "", version = 1) {
  const form = serveForm(edge, { ...SMALL, version }, () => ({ pages: {}, fields: { city: { shown: true }, pass: { shown: true } } }));
  if (integration) form.integration = makeSetUp(SMALL);
  edge.on("POST /v1/integrations/int_1/upgrade", () => form.integration && { body: { ...form.integration, version } });
  const element = place("inlay-setup", { flow: "small", ...(integration && { integration }) });
  await expect.element(page.getByLabelText("City")).toBeVisible();
  return element;
}

async function finish(edge: FakeEdge, label: string, integration = "", version = 1) {
  await openForm(edge, integration, version);
  await page.getByLabelText("City").fill("Berlin");
  await page.getByLabelText("Pass", { exact: true }).fill("hunter2");
  await button(label).click();
}

async function showIntegration(edge: FakeEdge, status: "enabled" | "disabled" = "enabled") {
  edge.integrations = [makeIntegration("int_contacts", CONTACTS, { status })];
  place("inlay-integrations");
  await expect.element(page.getByRole("switch")).toBeVisible();
}

async function pick(edge: FakeEdge, entry: string) {
  await showIntegration(edge);
  await page.getByRole("button", { name: /^More actions/ }).click();
  await item(entry).click();
}

async function connectPostbox() {
  place("inlay-accounts");
  await button("Connect an account").click();
  await button("Postbox").click();
  await page.getByLabelText("API key", { exact: true }).fill("key");
  await button("Connect").click();
}

async function disconnect(edge: FakeEdge) {
  edge.accounts = [makeAccount("acc_1", "pipeline")];
  place("inlay-accounts");
  await page.getByRole("button", { name: /^More actions/ }).click();
  await item("Disconnect").click();
  await button("Disconnect").click();
}

const remove = async (edge: FakeEdge) => {
  await pick(edge, "Remove");
  await button("Remove").click();
};
const toggle = async (edge: FakeEdge, status: "enabled" | "disabled") => {
  await showIntegration(edge, status);
  await page.getByRole("switch").click();
};

const integration: Shape = { integration: "string", flow: "string", name: "string", version: "number", status: "string" };

const ROWS: Record<InlayEventName, Row> = {
  "inlay-ready": { detail: { view: "string" }, act: async () => place("inlay-marketplace") },
  "inlay-flows-loaded": {
    detail: { count: "number", tag: "string", search: "string" },
    act: async () => place("inlay-marketplace"),
    refused: "GET /v1/flows",
  },
  "inlay-flow-opened": {
    detail: { flow: "string" },
    act: async () => place("inlay-marketplace", { flow: ORDERS.key }),
    refused: `GET /v1/flows/${ORDERS.key}`,
  },
  "inlay-setup-started": { detail: { flow: "string", integration: "string?", mode: "string" }, act: openForm },
  "inlay-page-changed": {
    detail: { flow: "string", integration: "string?", page: "string", index: "number", pages: "number" },
    act: openForm,
  },
  "inlay-field-changed": {
    detail: { flow: "string", page: "string", field: "string", valid: "boolean", value: "any?" },
    act: async (edge) => {
      await openForm(edge);
      await page.getByLabelText("City").fill("Berlin");
      await page.getByLabelText("Pass", { exact: true }).fill("hunter2");
      await userEvent.tab();
    },
  },
  "inlay-setup-abandoned": {
    detail: { flow: "string", integration: "string?", page: "string", draft: "boolean" },
    act: async (edge) => (await openForm(edge)).close(),
  },
  "inlay-account-connected": {
    detail: { account: "string", app: "string", existed: "boolean" },
    act: connectPostbox,
    refused: "POST /v1/accounts",
  },
  "inlay-account-failed": {
    detail: { app: "string", reason: "string", message: "string" },
    act: async (edge) => {
      edge.on("POST /v1/accounts", () => refusal(422, "invalid", "No such key"));
      await connectPostbox();
    },
  },
  "inlay-account-disconnected": { detail: { account: "string", app: "string" }, act: disconnect, refused: "DELETE /v1/accounts" },
  "inlay-integration-created": { detail: integration, act: (edge) => finish(edge, "Turn on"), refused: "POST /v1/integrations" },
  "inlay-integration-updated": {
    detail: integration,
    act: (edge) => finish(edge, "Save changes", "int_1"),
    refused: "PATCH /v1/integrations",
  },
  "inlay-integration-enabled": { detail: integration, act: (edge) => toggle(edge, "disabled"), refused: "PATCH /v1/integrations" },
  "inlay-integration-disabled": { detail: integration, act: (edge) => toggle(edge, "enabled"), refused: "PATCH /v1/integrations" },
  "inlay-integration-renamed": {
    detail: integration,
    act: async (edge) => {
      await pick(edge, "Rename");
      await page.getByLabelText("Name").fill("Members");
      await button("Save").click();
    },
    refused: "PATCH /v1/integrations",
  },
  "inlay-integration-upgraded": {
    detail: integration,
    act: (edge) => finish(edge, "Update", "int_1", 2),
    refused: "POST /v1/integrations/int_1/upgrade",
  },
  "inlay-integration-deleted": { detail: integration, act: remove, refused: "DELETE /v1/integrations" },
  "inlay-run-finished": {
    detail: { run: "string", integration: "string", block: "string", status: "string", tasks: "number" },
    act: async (edge) => {
      await showIntegration(edge);
      await eventually(() => expect(edge.openStreams).toBe(1));
      edge.emit({ type: "run", run: makeRun("run_1") });
    },
  },
  "inlay-error": {
    detail: { code: "string", message: "string", retryable: "boolean" },
    act: async (edge) => {
      edge.on("GET /v1/flows", () => refusal(500, "internal", "Broken"));
      place("inlay-marketplace");
    },
  },
  "inlay-before-open": {
    detail: { flow: "string" },
    act: async () => {
      place("inlay-marketplace");
      await button("Orders to any endpoint").click();
    },
    stops: (edge) => edge.callsOf(`GET /v1/flows/${ORDERS.key}`),
  },
  "inlay-before-connect": {
    detail: { app: "string" },
    act: async () => {
      place("inlay-accounts");
      await button("Connect an account").click();
      await button("Postbox").click();
    },
    stops: () => page.getByRole("dialog", { name: "Connect Postbox" }).elements(),
  },
  "inlay-before-save": {
    detail: { flow: "string", integration: "string?", values: "object" },
    act: (edge) => finish(edge, "Turn on"),
    stops: (edge) => edge.callsOf("POST /v1/integrations"),
  },
  "inlay-before-disable": {
    detail: { integration: "string" },
    act: (edge) => toggle(edge, "enabled"),
    stops: (edge) => edge.callsOf("PATCH"),
  },
  "inlay-before-delete": { detail: { integration: "string" }, act: remove, stops: (edge) => edge.callsOf("DELETE /v1/integrations") },
  "inlay-before-disconnect": { detail: { account: "string" }, act: disconnect, stops: (edge) => edge.callsOf("DELETE /v1/accounts") },
};
const rows = Object.entries(ROWS) as [InlayEventName, Row][];
const isBefore = ([name]: [InlayEventName, Row]) => name.startsWith("inlay-before-");

/** Each event of this name that reaches the page from now on. */
function catchEvents(name: InlayEventName): { event: Event; target: EventTarget | null }[] {
  const caught: { event: Event; target: EventTarget | null }[] = [];
  const listener = (event: Event) => caught.push({ event, target: event.target });
  document.addEventListener(name, listener);
  onTestFinished(() => document.removeEventListener(name, listener));
  return caught;
}

function expectShape(detail: Record<string, unknown>, shape: Shape): void {
  for (const key of Object.keys(detail)) expect(Object.keys(shape)).toContain(key);
  for (const [key, kind] of Object.entries(shape)) {
    const isOptional = kind.endsWith("?");
    if (isOptional && detail[key] === undefined) continue;
    const wanted = kind.replace("?", "");
    if (wanted === "any") expect(detail[key], key).toBeDefined();
    else expect(typeof detail[key], key).toBe(wanted);
  }
}

test.each(rows)(
  "%s is fired on the placed element, with the contract's detail, and only what comes before is cancelable",
  async (name, row) => {
    const edge = startEdge();
    const caught = catchEvents(name);
    await row.act(edge);
    await eventually(() => expect(caught).not.toEqual([]));
    for (const { event, target } of caught) {
      expect(event).toBeInstanceOf(CustomEvent);
      expect([event.bubbles, event.composed, event.cancelable]).toEqual([true, true, name.startsWith("inlay-before-")]);
      expect((target as Element).localName).toMatch(/^inlay-(marketplace|setup|integrations|accounts)$/);
      expectShape((event as CustomEvent).detail, row.detail);
    }
    expect(JSON.stringify(caught.map(({ event }) => (event as CustomEvent).detail))).not.toContain("hunter2");
  },
);

test.each(rows.filter(isBefore))("%s, prevented, stops what would follow", async (name, { act, stops }) => {
  const edge = startEdge();
  const before = hear(name);
  prevent(name);
  await act(edge);
  await eventually(() => expect(before).toHaveLength(1));
  await new Promise((done) => requestAnimationFrame(done));
  expect(stops?.(edge)).toEqual([]);
});

test.each(rows.filter(isBefore))("%s, not prevented, stops nothing", async (name, { act, stops }) => {
  const edge = startEdge();
  const before = hear(name);
  await act(edge);
  await eventually(() => expect(stops?.(edge)).not.toEqual([]));
  expect(before).toHaveLength(1);
});

test.each(rows.filter(([, { refused }]) => refused))(
  "%s is not fired where the call fails; inlay-error is",
  async (name, { act, refused = "" }) => {
    const edge = startEdge();
    const [heard, errors] = [hear(name), hear("inlay-error")];
    edge.on(refused, () => refusal(500, "internal", "Broken"));
    const on = edge.on.bind(edge);
    // What the act sets up may not answer before the refusal.
    vi.spyOn(edge, "on").mockImplementation((route, rule) => {
      on(route, rule);
      on(refused, () => refusal(500, "internal", "Broken"));
    });
    await act(edge);
    await eventually(() => expect(errors).not.toEqual([]));
    expect(heard).toEqual([]);
    expectShape({ ...errors[0] }, ROWS["inlay-error"].detail);
  },
);

test("a setup form is ready once it is shown, not before the edge has described it", async () => {
  const edge = startEdge();
  const ready = hear("inlay-ready");
  const { promise, resolve } = Promise.withResolvers<undefined>();
  serveForm(edge, SMALL, () => ({ pages: {}, fields: { city: { shown: true }, pass: { shown: true } } }));
  edge.on("GET /v1/flows/small", ({ path }) => (path.endsWith("/draft") ? undefined : promise));
  place("inlay-setup", { flow: "small" });
  await eventually(() => expect(edge.callsOf("GET /v1/flows/small")).not.toEqual([]));
  expect(ready).toEqual([]);
  resolve(undefined);
  await eventually(() => expect(ready).toEqual([{ view: "setup" }]));
});
