/// <reference types="@vitest/browser-playwright" />
// Where the user's system sets the colours, soft grounds and shadows vanish: what they told is told by borders and system colours.
import { afterAll, beforeAll, expect, test } from "vitest";
import { cdp, page, userEvent } from "vitest/browser";
import type { FakeEdge } from "../testing/fake-edge.ts";
import { account, field, serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, makeAccount, makeFlow, makeIntegration, makeRun } from "../testing/fixtures.ts";
import { eventually, place, startEdge } from "../testing/place.ts";

const emulate = (value: string) => cdp().send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value }] });
beforeAll(() => emulate("active"));
afterAll(() => emulate("none"));

function found(selector: string, inside: ParentNode = document): Element | undefined {
  const here = inside.querySelector(selector);
  if (here) return here;
  for (const { shadowRoot } of inside.querySelectorAll("*")) {
    const deeper = shadowRoot && found(selector, shadowRoot);
    if (deeper) return deeper;
  }
  return undefined;
}

/** What `property` of the first `selector::pseudo`, through shadow roots, computes to. */
function shown(selector: string, property: string): string {
  const [element = "", pseudo] = selector.split("::");
  const at = found(element);
  return at ? getComputedStyle(at, pseudo && `::${pseudo}`).getPropertyValue(property) : `no ${element}`;
}

/** What a system colour is here. */
function system(colour: string): string {
  const probe = document.createElement("i");
  probe.style.cssText = `forced-color-adjust: none; color: ${colour}`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const is = (selector: string, property: string, colour: string) =>
  eventually(() => expect(shown(selector, property), `${selector} ${property}`).toBe(system(colour)));

const fields = [field("cron", "schedule", { label: "When" }), field("line", "divider"), field("script", "code", { label: "Script" })];
const flow = makeFlow("types", "Types", {
  setup: {
    pages: [
      { key: "one", title: "One", fields },
      { key: "two", title: "Two", fields: [field("name", "text", { label: "Name" })] },
    ],
  },
});
const form = (edge: FakeEdge) => {
  const served = serveForm(edge, flow, () => ({
    pages: {},
    fields: Object.fromEntries(["cron", "line", "script", "name"].map((key) => [key, { shown: true }])),
  }));
  edge.accounts = [account("acc_crm", "pipeline")];
  served.draft = { accounts: {}, values: { cron: "0 9 * * 1,3", script: "const one = 1;" } };
};

test("the system's colours are in force", () => {
  expect(matchMedia("(forced-colors: active)").matches).toBe(true);
});

test("the list of flows: the tab that is shown, the filter that is chosen, marks, the focus", async () => {
  const edge = startEdge();
  edge.integrations = [makeIntegration("int_1", CONTACTS, { status: "needs_attention" })];
  place("inlay-marketplace");
  await page.getByRole("button", { name: "Marketing", exact: true }).click();
  await is('.tab[aria-selected="true"]::after', "background-color", "Highlight");
  await is('.chip[aria-pressed="true"]', "border-inline-start-color", "Highlight");
  for (const pressed of [".chip", ".layouts .button"]) {
    await is(`${pressed}[aria-pressed="true"]`, "background-color", "Highlight");
    await is(`${pressed}[aria-pressed="true"]`, "color", "HighlightText");
    // Else the browser paints the page's ground behind the words.
    expect(shown(`${pressed}[aria-pressed="true"]`, "forced-color-adjust")).toBe("none");
    expect(shown(`${pressed}[aria-pressed="false"]`, "background-color")).not.toBe(system("Highlight"));
  }
  expect(shown(".filters .divider", "border-inline-start-width")).toBe("1px");
  await is(".badge", "border-inline-start-color", "CanvasText");
  await userEvent.tab();
  await is(":focus-visible", "outline-color", "Highlight");
});

test("your integrations: a switch that is on, a switch that is off, and what needs a look", async () => {
  const edge = startEdge();
  const attention = [{ code: "account_expired", account: "acc_1", message: "Gone" }];
  edge.accounts = [makeAccount("acc_1", "pipeline", { status: "expired" })];
  const blocks = CONTACTS.blocks.map((block) => ({ ...block, lastRun: makeRun("run_1") }));
  edge.integrations = [makeIntegration("int_1", CONTACTS, { status: "needs_attention", attention, blocks })];
  place("inlay-integrations");
  await expect.element(page.getByRole("switch")).toBeVisible();
  await is('.switch[aria-checked="true"]::before', "background-color", "Highlight");
  await is(".switch::before", "border-inline-start-color", "ButtonText");
  await is(".switch::after", "background-color", "ButtonText");
  await is(".callout", "border-inline-start-color", "CanvasText");
  expect(shown("header > .badge", "border-top-width")).toBe("1px");
  expect(shown(".plain .badge", "border-top-width")).toBe("0px");
  expect(shown("[role=menu] hr", "border-top-width")).toBe("1px");
  await page.getByRole("switch").click();
  await eventually(() => expect(found('.switch[aria-checked="false"]')).toBeTruthy());
  expect(shown('.switch[aria-checked="false"]::before', "background-color")).not.toBe(system("Highlight"));
});

test("the form: the step that is shown, days that are chosen, code, the field that has the focus, the button that goes on", async () => {
  form(startEdge());
  place("inlay-setup", { flow: flow.key });
  await expect.element(page.getByRole("button", { name: "Continue" })).toBeVisible();
  await is(".step.now .mark", "outline-color", "Highlight");
  expect(shown(".step:nth-child(2)::before", "border-top-width")).toBe("1px");
  await is(".step.now button::before", "background-color", "Highlight");
  await eventually(() => expect(shown("[part=divider]", "border-top-width")).toBe("1px"));
  await is(".button.primary", "border-inline-start-color", "ButtonText");
  await is(".day:has(:checked)", "outline-color", "Highlight");
  expect(shown(".day:not(:has(:checked))", "outline-style")).toBe("none");
  await eventually(() => expect(shown(".ink", "visibility")).toBe("hidden"));
  await is(".code textarea", "color", "FieldText");
  await page.getByRole("textbox", { name: "Script" }).click();
  await is(".code:focus-within", "outline-color", "Highlight");
});
