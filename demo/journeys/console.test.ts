// A builder's walk: from a blank flow to one that users set up, fails, is mended and resolved, all in the console.
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { Caller, type DevInfo, Product, until } from "./product.ts";
import { Sink } from "./sink.ts";

const product = new Product();
const sink = new Sink();
let dev: DevInfo;
let host: Caller;
let builder: Person;
let sinkUrl = "";
let webhook = "";

const FILE = `inlay: 1
key: stock-alerts
name: Stock alerts
description: Tells another system what has run low.
category: Automation
tags: [stock-alerts]

setup:
  pages:
    - key: target
      title: Where to
      fields:
        - { key: url, type: url, label: Endpoint, required: true }

blocks:
  - key: received
    name: Something has run low
    triger: { webhook: {} }
    steps:
      - key: tell
        http: { method: POST, url: "{{ setup.url }}", body: { item: "{{ trigger.body.item }}" } }
`;

const inConsole = () => builder.page.locator("inlay-console");
const link = (name: string | RegExp) => inConsole().getByRole("link", { name });
const button = (name: string | RegExp) => inConsole().getByRole("button", { name, exact: typeof name === "string" });

/** Puts `text` in place of all that an editor holds, as pasting does. */
async function paste(editor: Locator, text: string): Promise<void> {
  await editor.click();
  await builder.page.keyboard.press("Control+a");
  await editor.evaluate((element, given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", given);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** What users of the demo are offered. */
const offered = async () => {
  const { items } = await Caller.asUser(dev, "ada").ask<{ items: { key: string; version: number }[] }>("GET", "/v1/flows?tag=stock-alerts");
  return items;
};

async function expectNoFindings(name: string): Promise<void> {
  await builder.picture(`console-${name}`);
  expect(await builder.axe("inlay-console"), name).toEqual([]);
}

beforeAll(async () => {
  sinkUrl = await sink.start();
  dev = await product.start();
  host = Caller.asHost(dev);
  builder = await Person.arrive();
});
afterAll(async () => {
  await builder?.leave();
  await product.stop();
  await sink.stop();
});

describe("a builder in the console", () => {
  it("signs in by a link, and finds Home", async () => {
    const { page } = builder;
    await page.goto(`${dev.edgeUrl}/console`);
    await inConsole().getByText("Sign in to the console").waitFor();
    const { url } = await host.ask<{ url: string }>("POST", "/v1/workspace/sign-in-links", { email: "builder@example.com", role: "owner" });
    await page.goto(url);
    await page.getByRole("button", { name: "Sign in" }).click();
    await link("Contacts to newsletter").waitFor();
    await expectNoFindings("home");
  });

  it("makes a flow, by the palette", async () => {
    const { page } = builder;
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search and commands" }).fill("new flow");
    await page.keyboard.press("Enter");
    await button("Blank").click();
    await inConsole().getByLabel("Name").fill("Stock alerts");
    await expectNoFindings("new-flow");
    await button("Create").click();
    await page.waitForURL(/\/console\/flows\/stock-alerts$/);
    await inConsole().locator(".cm-content").waitFor();
  });

  it("is told a fault where it is, and what was meant", async () => {
    await paste(inConsole().locator(".cm-content"), FILE);
    const fault = button(/^18:5 .*triger/);
    await fault.waitFor();
    await inConsole().locator(".cm-lintRange-error").first().waitFor();
    expect(await button("Publish…").isDisabled()).toBe(true);
    await expectNoFindings("fault");
    await button("Use “trigger”").click();
    await fault.waitFor({ state: "detached" });
    await inConsole().getByText("No problems").waitFor();
    await until("the draft is stored", async () => {
      const { body } = await host.send("GET", "/v1/workspace/flows/stock-alerts");
      return (body as { tags: string[] }).tags.includes("stock-alerts") || undefined;
    });
  });

  it("is offered the keys that may stand there", async () => {
    const { page } = builder;
    await inConsole().locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("aud");
    await page.getByRole("option", { name: /audience/ }).click();
    await page.keyboard.type("every");
    await page.getByRole("option", { name: "everyone" }).click();
    await inConsole().getByText("No problems").waitFor();
  });

  it("publishes with a note, and users find it by its tag", async () => {
    expect(await offered()).toEqual([]);
    await button("Publish…").click();
    await inConsole().getByLabel("What has changed").fill("The first one");
    await expectNoFindings("publish");
    await button("Publish").click();
    await inConsole().getByText("Version 1 is published").waitFor();
    expect(await offered()).toMatchObject([{ key: "stock-alerts", version: 1 }]);
    await link(/^Versions/).click();
    await inConsole().getByText("The first one").waitFor();
    await expectNoFindings("versions");
  });

  it("sees a user's integration, and how its run fails", async () => {
    const { page } = builder;
    sink.status = 422;
    const ada = Caller.asUser(dev, "ada");
    const integration = await ada.ask<{ id: string; blocks: { url?: string }[] }>("POST", "/v1/integrations", {
      flow: "stock-alerts",
      name: "Alerts of ada",
      accounts: {},
      values: { url: sinkUrl },
    });
    webhook = integration.blocks[0]?.url ?? "";
    const post = () =>
      fetch(webhook, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ item: "paper" }) });
    expect((await post()).status).toBe(202);
    await link(/^Integrations/).click();
    await link("Alerts of ada").click();
    await inConsole().getByText("Something has run low").waitFor();
    await expectNoFindings("integration");
    await link("Runs").last().click();
    await inConsole().getByRole("table", { name: "Runs" }).getByText("Failed").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.waitForURL(/\/console\/errors$/);
    await inConsole().getByRole("table", { name: "Errors" }).getByText("stock-alerts").waitFor();
    await expectNoFindings("errors");
  });

  it("corrects the input, retries, and finds the error resolved", async () => {
    await inConsole().getByRole("table", { name: "Errors" }).getByRole("link").first().click();
    await button("Correct input and retry").waitFor();
    await expectNoFindings("error");
    sink.status = 200;
    await button("Correct input and retry").click();
    const input = { method: "POST", headers: {}, query: {}, body: { item: "pens" } };
    await paste(inConsole().locator("inlay-console-retry .cm-content"), JSON.stringify(input));
    await button("Start").click();
    await until("the corrected order arrives", async () => sink.arrivals.some(({ body }) => body.includes("pens")));
    await inConsole().locator("h1").getByText("Resolved").waitFor();
    const { items } = await host.ask<{ items: unknown[] }>("GET", "/v1/workspace/errors?flow=stock-alerts");
    expect(items).toEqual([]);
  });

  it("finds it all in the analytics and in the audit log", async () => {
    await link("Analytics").click();
    await inConsole()
      .getByRole("img", { name: /^Runs over time/ })
      .waitFor();
    await expectNoFindings("analytics");
    await link("Settings").click();
    await link("Audit log").click();
    await inConsole().getByText("flow.published").first().waitFor();
    await expectNoFindings("audit");
  });

  it("has had nothing go wrong in the page, under its strict policy", () => {
    expect(builder.faults).toEqual([]);
    expect(builder.requests.filter((url) => !url.startsWith(dev.edgeUrl) && !url.startsWith("data:"))).toEqual([]);
  });
});
