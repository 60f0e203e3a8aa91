// Pages that are not kind to what is placed in them. The widget works there, and never throws into them.
import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import { serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, makeIntegration, ORDERS, tokenFor } from "../testing/fixtures.ts";
import { eventually, hear, place, reads, startEdge } from "../testing/place.ts";

const card = (name = "Contacts to newsletter") => page.getByRole("button", { name });

/** What reaches the page as a thrown error or an unhandled rejection from now on. */
function hearFaults(): unknown[] {
  const faults: unknown[] = [];
  const heard = (event: ErrorEvent | PromiseRejectionEvent) => {
    event.preventDefault();
    faults.push("reason" in event ? event.reason : event.message);
  };
  addEventListener("error", heard);
  addEventListener("unhandledrejection", heard);
  onTestFinished(() => {
    removeEventListener("error", heard);
    removeEventListener("unhandledrejection", heard);
  });
  return faults;
}

const frame = () => new Promise((done) => requestAnimationFrame(done));
const finishSetup = async () => {
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("combobox", { name: "Audience" }).click();
  await page.getByRole("option", { name: "Partners" }).click();
  await page.getByRole("button", { name: "Match 3 by name", exact: true }).click();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("button", { name: "Turn on", exact: true }).click();
};

test("enumerable extras on Array.prototype reach neither the screen nor the edge", async () => {
  const extras = { last: (list: unknown[]) => list.at(-1), each: "text" };
  Object.assign(Array.prototype, extras);
  onTestFinished(() => {
    for (const name of Object.keys(extras)) Reflect.deleteProperty(Array.prototype, name);
  });
  const edge = startEdge();
  const form = serveForm(edge);
  const faults = hearFaults();
  place("inlay-setup", { flow: CONTACTS.key });
  await finishSetup();
  await expect.element(page.getByRole("heading", { name: /is on$/ })).toBeVisible();
  expect(form.integration?.values.fields).toHaveLength(3);
  expect(JSON.stringify(edge.calls.map(({ body }) => body))).not.toContain("each");
  expect(faults).toEqual([]);
});

test("a fetch that the page has wrapped for strings alone is used, and works", async () => {
  const edge = startEdge();
  const inner = globalThis.fetch;
  const seen: string[] = [];
  globalThis.fetch = (input, init) => {
    // As analytics do it: whatever is not a string throws here.
    if ((input as string).startsWith("http")) seen.push(input as string);
    return inner(input, init);
  };
  onTestFinished(() => {
    globalThis.fetch = inner;
  });
  place("inlay-marketplace");
  await expect.element(card()).toBeVisible();
  expect(seen.some((url) => url.includes("/v1/flows"))).toBe(true);
  expect(edge.callsOf("GET /v1/flows")).not.toEqual([]);
});

/** All text inside `node`, through shadow roots. */
const deepText = (node: Node): string =>
  node instanceof Element && node.shadowRoot
    ? deepText(node.shadowRoot)
    : [...node.childNodes].map((child) => (child instanceof Text ? child.data : deepText(child))).join(" ");

test.each([
  ["window's", ["location", "fetch", "customElements", "crypto", "parent", "top", "name", "getComputedStyle", "matchMedia"]],
  ["document's", ["body", "documentElement", "hidden", "activeElement", "visibilityState", "fonts"]],
  ["the widget's own", ["root", "panel", "tab-marketplace", "control", "label", "help", "fault", "field-city"]],
])("elements named as %s properties hide nothing that the widget needs", async (_whose, names) => {
  const faults = hearFaults();
  const edge = startEdge();
  serveForm(edge);
  const { body } = document;
  const host = document.createElement("div");
  host.innerHTML = names
    .map((name) => `<form id="${name}" name="${name}"><input name="attributes"></form><img name="${name}" alt="">`)
    .join("");
  body.append(host);
  const [marketplace, setup] = [document.createElement("inlay-marketplace"), document.createElement("inlay-setup")];
  try {
    for (const element of [marketplace, setup]) element.token = tokenFor("ada");
    setup.flow = CONTACTS.key;
    host.append(marketplace, setup);
    await eventually(() => expect(deepText(marketplace)).toContain("Contacts to newsletter"));
    await eventually(() => expect(deepText(setup)).toContain("Ada’s Pipeline"));
    marketplace.open(CONTACTS.key);
    marketplace.theme = "dark";
    await eventually(() => expect(deepText(marketplace)).toContain("What it does"));
    expect(marketplace.matches(":state(dark)")).toBe(true);
  } finally {
    host.remove();
  }
  expect(faults).toEqual([]);
});

test("H07 storage that throws when it is touched is not touched", async () => {
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"] as const)
    vi.spyOn(window, name, "get").mockImplementation(() => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    });
  onTestFinished(() => void vi.restoreAllMocks());
  startEdge();
  const faults = hearFaults();
  place("inlay-marketplace");
  await card().click();
  await expect.element(page.getByRole("button", { name: "Set up" })).toBeVisible();
  expect(faults).toEqual([]);
});

test.each(["inlay-marketplace", "inlay-integrations", "inlay-accounts", "inlay-setup"] as const)(
  "<%s> offline says so, throws nothing, and goes on once the network is back",
  async (tag) => {
    const edge = startEdge();
    serveForm(edge);
    let isOffline = true;
    for (const method of ["GET", "POST", "PUT"]) edge.on(`${method} /`, () => (isOffline ? "offline" : undefined));
    const [faults, errors] = [hearFaults(), hear("inlay-error")];
    place(tag, tag === "inlay-setup" ? { flow: CONTACTS.key } : {});
    await reads(page.getByRole("alert").first(), /No connection/);
    expect(errors).toMatchObject([{ code: "network", retryable: true }]);
    isOffline = false;
    await page.getByRole("button", { name: "Try again" }).first().click();
    await expect.element(page.getByRole("alert")).not.toBeInTheDocument();
    expect(faults).toEqual([]);
  },
);

test("a second version of the script leaves the first one's elements as they are, and both kinds of call work", async () => {
  const faults = hearFaults();
  const before = customElements.get("inlay-setup");
  const inner = customElements.get("inlay-combobox") ?? customElements.get("inlay-browse-view");
  await import(/* @vite-ignore */ new URL("../embed.ts?version=2", import.meta.url).href);
  await import(/* @vite-ignore */ new URL("../marketplace/setup-frame.ts?version=2", import.meta.url).href);
  expect(customElements.get("inlay-setup")).toBe(before);
  expect(customElements.get("inlay-combobox") ?? customElements.get("inlay-browse-view")).toBe(inner);
  const edge = startEdge();
  serveForm(edge);
  place("inlay-setup", { flow: CONTACTS.key });
  place("inlay-marketplace");
  await expect.element(page.getByRole("button", { name: "Continue", exact: true })).toBeVisible();
  await expect.element(card()).toBeVisible();
  expect(faults).toEqual([]);
});

test("elements may leave, move and come back at any moment", async () => {
  const edge = startEdge();
  serveForm(edge);
  edge.integrations = [makeIntegration("int_1", ORDERS)];
  const faults = hearFaults();
  const corner = document.createElement("div");
  document.body.append(corner);
  onTestFinished(() => corner.remove());
  for (const tag of ["inlay-marketplace", "inlay-setup", "inlay-integrations", "inlay-accounts"] as const)
    for (const moments of [0, 1, 2, 3, 5, 8]) {
      const element = place(tag, { flow: tag === "inlay-accounts" ? "" : CONTACTS.key });
      for (let i = 0; i < moments; i++) await (i % 2 ? frame() : Promise.resolve());
      element.remove();
      corner.append(element);
      await Promise.resolve();
      element.refresh();
      element.remove();
    }
  const last = place("inlay-marketplace");
  await expect.element(card()).toBeVisible();
  document.body.replaceChildren(last);
  await frame();
  await expect.element(card()).toBeVisible();
  expect(faults).toEqual([]);
});

test("a page is closed over an open dialog and a running call without a word", async () => {
  const edge = startEdge();
  const faults = hearFaults();
  const element = place("inlay-accounts");
  await page.getByRole("button", { name: "Connect an account" }).click();
  await page.getByRole("button", { name: "Postbox" }).click();
  await page.getByLabelText("API key", { exact: true }).fill("key");
  edge.on("POST /v1/accounts", () => new Promise(() => undefined));
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  element.remove();
  await frame();
  expect(faults).toEqual([]);
});

test("fifty elements share one stream and each shows its own", async () => {
  const edge = startEdge();
  const elements = Array.from({ length: 50 }, (_, index) => place("inlay-marketplace", { search: index % 2 ? "orders" : "" }));
  await eventually(() => {
    const shown = elements.map(
      (element) => element.shadowRoot?.querySelector("inlay-browse-view")?.shadowRoot?.querySelectorAll("[part~=card]").length,
    );
    expect(shown).toEqual(elements.map((_, index) => (index % 2 ? 1 : 4)));
  });
  await eventually(() => expect(edge.openStreams).toBe(1));
});

test("what a page gives all its text, and puts before everything, does not reach the widget's", async () => {
  const sheet = document.createElement("style");
  const text = {
    ...{
      "text-shadow": "2px 2px lime",
      "font-variant-caps": "small-caps",
      hyphens: "auto",
      "word-break": "break-all",
      "line-break": "anywhere",
    },
    ...{ "text-emphasis-style": "dot", "text-transform": "uppercase", "white-space-collapse": "preserve", "letter-spacing": "9px" },
    ...{ "-webkit-text-fill-color": "rgb(1, 2, 3)", "-webkit-text-stroke-width": "3px" },
  };
  sheet.textContent = `* { ${Object.entries(text)
    .map(([name, value]) => `${name}: ${value} !important`)
    .join("; ")} }
    *::before { content: "★" !important; visibility: visible !important; block-size: auto !important }`;
  document.head.append(sheet);
  onTestFinished(() => sheet.remove());
  startEdge();
  const element = place("inlay-marketplace");
  await expect.element(card()).toBeVisible();
  const words = getComputedStyle(page.getByText(/Keep a newsletter audience/).element());
  for (const [name, value] of Object.entries(text)) expect(words.getPropertyValue(name), name).not.toBe(value);
  const { visibility, height } = getComputedStyle(element, "::before");
  expect([visibility, height]).toEqual(["hidden", "0px"]);
});
