// The whole life of an integration by keyboard alone, and again by taps on a small screen. Nothing here uses a pointer's position.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { Caller, type DevInfo, Product, until } from "./product.ts";
import { Sink } from "./sink.ts";

const product = new Product();
const sink = new Sink();
let dev: DevInfo;
let person: Person;
let ada: Caller;

interface Integration {
  id: string;
  name: string;
  status: string;
  version: number;
  blocks: { key: string; url?: string }[];
}

/** Posts what arrives to an address; its second version asks for a team as well. */
const makeFlow = (key: string, isSecond: boolean) => ({
  ...{ inlay: 1, key, name: "Relay", description: "Posts what arrives.", instances: "many" },
  setup: {
    pages: [
      {
        ...{ key: "target", title: "Where to" },
        fields: [
          { key: "url", type: "url", label: "Endpoint", required: true },
          ...(isSecond ? [{ key: "team", type: "text", label: "Team", required: true }] : []),
        ],
      },
    ],
  },
  blocks: [
    {
      ...{ key: "received", name: "Something arrives", trigger: { webhook: {} } },
      steps: [{ key: "post", http: { method: "POST", url: "{{ setup.url }}", body: "{{ trigger.body }}" } }],
    },
  ],
});

async function publish(key: string, isSecond: boolean): Promise<void> {
  const host = Caller.asHost(dev);
  await host.ask("POST", "/v1/workspace/flows", makeFlow(key, isSecond));
  await host.ask("POST", `/v1/workspace/flows/${key}/versions`, {});
}

const mine = async (flow: string) => (await ada.ask<{ items: Integration[] }>("GET", `/v1/integrations?flow=${flow}`)).items;
const hasFocus = (words: RegExp) => until(`the focus is on ${words}`, async () => words.test(await person.focused()));
/** Opens Pipeline's window by Enter, and allows what it asks by keys. */
async function allow(open: () => Promise<void>): Promise<void> {
  const popup = await person.popup(open);
  const who = popup.getByRole("button", { name: /Continue as Ada/ });
  const yes = popup.getByRole("button", { name: "Allow", exact: true });
  await who.or(yes).first().waitFor();
  if (await who.count()) await person.tabTo(/Continue as Ada/, "Enter", { page: popup });
  await yes.waitFor();
  await person.tabTo(/^button Allow$/, "Enter", { page: popup });
}

beforeAll(async () => {
  [dev] = await Promise.all([product.start(), sink.start()]);
  ada = Caller.asUser(dev, "ada");
});
afterAll(async () => {
  await person?.leave();
  await product.stop();
  await sink.stop();
});

describe("by keyboard alone", () => {
  it("finds a flow, connects both apps, fills in the form, previews it and turns it on", async () => {
    person = await Person.arrive();
    const { page, widget } = person;
    await page.goto(`${dev.demoUrl}/integrations`);
    await widget.getByText("Orders to any endpoint").waitFor();
    await person.tabTo(/Search/);
    await page.keyboard.type("newsletter");
    await widget.getByText("Orders to any endpoint").waitFor({ state: "detached" });
    await person.tabTo(/^button Contacts to newsletter/, "Enter");
    await hasFocus(/^h2 Contacts to newsletter/);
    await person.tabTo(/^button Set up$/, "Enter");
    await hasFocus(/^h2 Connect your apps/);

    await person.tabTo(/Connect Pipeline/, "Enter");
    await hasFocus(/Sign in with Pipeline/);
    await allow(() => page.keyboard.press("Enter"));
    await hasFocus(/^input .*Northlight Studio/);
    await person.tabTo(/Connect Postbox/, "Enter");
    await hasFocus(/API key/);
    await page.keyboard.type(dev.postboxKey);
    await page.keyboard.press("Enter");
    await hasFocus(/^input .*Northlight Studio/);
    await person.tabTo(/^button Continue$/, "Enter");
    await hasFocus(/^h2 Choose what goes where/);

    await person.tabTo(/^button Continue$/, "Enter");
    await hasFocus(/^combobox Audience/);
    await page.keyboard.type("Product");
    await widget.getByRole("option", { name: "Product news" }).waitFor();
    await page.keyboard.press("Enter");
    await person.button(/Match .* by name/).waitFor();
    await person.tabTo(/Match .* by name/, "Enter");
    await hasFocus(/^combobox Source for First name/);
    await person.tabTo(/^button Continue$/, "Enter");
    await hasFocus(/^h2 When/);

    await person.tabTo(/^button Preview$/, "Enter");
    await hasFocus(/^h2 What it will do/);
    await widget.getByRole("table").waitFor();
    await widget.getByText("Everything that it needs is there.").waitFor();
    expect(await widget.getByRole("row").count()).toBeGreaterThan(2);
    await person.picture("40-preview");
    expect(await person.axe()).toEqual([]);
    await person.tabTo(/^button Turn on$/, "Enter");
    await hasFocus(/^h2 Contacts to newsletter is on/);
    await person.tabTo(/^button See it run$/, "Enter");
    await hasFocus(/^h3 Contacts to newsletter/);
  });

  it("sees it break when access is taken away at Pipeline, and mends it", async () => {
    const { page, widget, context } = person;
    const pipeline = await context.newPage();
    await pipeline.goto(`${dev.pipelineUrl}/apps`);
    await person.tabTo(/^button Revoke/, "Enter", { page: pipeline });
    await pipeline.getByText("Access revoked").waitFor();
    await pipeline.close();
    await page.bringToFront();
    await person.tabTo(/Run now: Full pass/, "Enter");
    await widget.getByText("Needs attention").first().waitFor();
    await person.picture("41-broken");
    expect(await person.axe()).toEqual([]);
    const reconnect = person.button("Reconnect");
    await allow(() => person.tabTo(/^button Reconnect$/, "Enter", { back: true }));
    await reconnect.waitFor({ state: "detached" });
    await widget.getByText("On", { exact: true }).waitFor();
    await until("the focus is still in the widget", async () => !/^(body|html)/.test(await person.focused()));
  });

  it("repeats a run that failed, and takes a newer version that asks for more", async () => {
    const { page, widget } = person;
    await publish("relay", false);
    await ada.ask("POST", "/v1/integrations", { flow: "relay", accounts: {}, values: { url: sink.url } });
    await page.goto(`${dev.demoUrl}/integrations?view=integrations`);
    await widget.getByText("Something arrives").waitFor();
    sink.status = 422;
    const [relay] = await mine("relay");
    await fetch(relay?.blocks[0]?.url ?? "", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    await widget.getByText("Failed").first().waitFor();
    await person.tabTo(/Last run: Something arrives/, "Enter");
    await hasFocus(/^h3 Something arrives/);
    sink.status = 200;
    await person.tabTo(/^button Run again$/, "Enter");
    await widget.getByRole("dialog", { name: "Run again?" }).waitFor();
    await person.picture("42-retry");
    await person.tabTo(/^button Run again$/, "Enter");
    await hasFocus(/^h3 Something arrives/);
    await widget.getByText("Succeeded").first().waitFor();

    await publish("relay", true);
    await person.button("See what changes").waitFor();
    await person.tabTo(/^button See what changes$/, "Enter", { back: true });
    await widget.getByText("You will be asked for").waitFor();
    await widget.getByText("Team", { exact: true }).waitFor();
    await person.picture("43-upgrade");
    expect(await person.axe()).toEqual([]);
    await person.tabTo(/^button Continue$/, "Enter");
    await widget.getByRole("textbox", { name: "Team" }).waitFor();
    expect(await widget.getByRole("textbox", { name: "Endpoint" }).count()).toBe(0);
    await person.tabTo(/Team/);
    await page.keyboard.type("North");
    await page.keyboard.press("Enter");
    await hasFocus(/^h2 Relay/);
    expect(await mine("relay")).toMatchObject([{ version: 2, status: "enabled" }]);
    await person.tabTo(/^button See it run$/, "Enter");
    await hasFocus(/^h3 Relay/);
  });

  it("renames it, turns it off and removes it; the focus stays in the list", async () => {
    const { page, widget } = person;
    await person.tabTo(/More actions: Relay/, "Enter");
    await hasFocus(/^menuitem/);
    await page.keyboard.press("r");
    await page.keyboard.press("Enter");
    await hasFocus(/^input Name/);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Second relay");
    await page.keyboard.press("Enter");
    await hasFocus(/More actions: Second relay/);
    await person.tabTo(/^switch Second relay/, "Space", { back: true });
    await widget.getByText("Off", { exact: true }).first().waitFor();
    await person.tabTo(/More actions: Second relay/, "Enter");
    await hasFocus(/^menuitem/);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await hasFocus(/^button Cancel/);
    await person.tabTo(/^button Remove$/, "Enter");
    await hasFocus(/^button Contacts to newsletter/);
    expect(await mine("relay")).toEqual([]);
    expect(person.faults).toEqual([]);
  });
});

describe("by taps on a screen of 390 pixels", () => {
  let visitor: Person;

  beforeAll(async () => {
    for (const { id } of (await ada.ask<{ items: { id: string }[] }>("GET", "/v1/integrations")).items)
      await ada.ask("DELETE", `/v1/integrations/${id}`);
    for (const { id } of (await ada.ask<{ items: { id: string }[] }>("GET", "/v1/accounts")).items)
      await ada.ask("DELETE", `/v1/accounts/${id}`);
    visitor = await Person.arrive({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  });
  afterAll(() => visitor?.leave());

  /** Nothing is wider than the screen, and everything that takes a tap has 24 by 24 pixels for it. */
  async function fits(name: string): Promise<void> {
    const { page } = visitor;
    await visitor.picture(`50-touch-${name}`);
    const { width, small } = await page.evaluate(() => {
      const tooSmall: string[] = [];
      const targets = "a[href], button, input, select, textarea, summary, [role=tab], [role=menuitem], [role=option], [role=switch]";
      const look = (root: ParentNode) => {
        for (const element of root.querySelectorAll<HTMLElement>("*")) {
          if (element.shadowRoot) look(element.shadowRoot);
          if (!element.matches(targets) || !element.checkVisibility()) continue;
          // The whole of a label and of a card takes the tap.
          const { width, height } = (element.closest("label, .card") ?? element).getBoundingClientRect();
          const isHidden = width <= 1 || height <= 1;
          if (!isHidden && (width < 24 || height < 24)) tooSmall.push(`${element.outerHTML.slice(0, 120)} ${width}×${height}`);
        }
      };
      const element = document.querySelector("inlay-marketplace");
      if (element?.shadowRoot) look(element.shadowRoot);
      return { width: document.documentElement.scrollWidth, small: tooSmall };
    });
    expect({ width, small }, name).toEqual({ width: 390, small: [] });
  }

  async function allowByTaps(open: () => Promise<void>): Promise<void> {
    const popup = await visitor.popup(open);
    const who = popup.getByRole("button", { name: /Continue as Ada/ });
    const yes = popup.getByRole("button", { name: "Allow", exact: true });
    await who.or(yes).first().waitFor();
    if (await who.count()) await who.tap();
    await yes.tap();
  }

  it("finds a flow, connects both apps, fills in the form, previews it, turns it on and watches it run", async () => {
    const { page, widget } = visitor;
    await page.goto(`${dev.demoUrl}/integrations`);
    await widget.getByText("Orders to any endpoint").waitFor();
    await fits("browse");
    await widget.getByRole("searchbox").tap();
    await page.keyboard.type("newsletter");
    await widget.getByText("Orders to any endpoint").waitFor({ state: "detached" });
    await visitor.button("Contacts to newsletter").tap();
    await visitor.button("Set up").waitFor();
    await fits("flow");
    await visitor.button("Set up").tap();

    await visitor.button("Connect Pipeline").tap();
    await visitor.button(/Sign in with Pipeline/).waitFor();
    await fits("ways");
    await allowByTaps(() => visitor.button(/Sign in with Pipeline/).tap());
    await widget.getByText("Northlight Studio").first().waitFor();
    await visitor.button("Connect Postbox").tap();
    await widget.getByRole("textbox", { name: "API key" }).fill(dev.postboxKey);
    await fits("key");
    await visitor.button("Connect").tap();
    await visitor.button("Connect").waitFor({ state: "detached" });
    await fits("accounts");
    await visitor.button("Continue").tap();

    await widget.getByRole("combobox", { name: "Audience" }).tap();
    await widget.getByRole("option", { name: "Product news" }).waitFor();
    await fits("choices");
    await widget.getByRole("option", { name: "Product news" }).tap();
    await visitor.button(/Match .* by name/).tap();
    await fits("mapping");
    await visitor.button("Continue").tap();
    await widget.getByRole("heading", { name: "When" }).waitFor();
    await fits("schedule");
    await visitor.button("Preview").tap();
    await widget.getByText("Everything that it needs is there.").waitFor();
    await fits("preview");
    expect(await visitor.axe()).toEqual([]);
    await visitor.button("Turn on").tap();
    await visitor.button("See it run").waitFor();
    await fits("done");
    await visitor.button("See it run").tap();
    await visitor.button(/Run now: Full pass/).tap();
    await widget.locator("[data-run]").first().waitFor();
    await fits("integration");
    await widget.locator("[data-run]").first().tap();
    await widget.getByRole("heading", { name: "Steps" }).waitFor();
    await visitor.button("Stop this run").waitFor();
    await fits("run");
    await visitor.button("Stop this run").tap();
    await widget.getByText("Canceled").first().waitFor();
    await visitor.button("Runs").tap();
  });

  it("sees it break when access is taken away at Pipeline, and mends it", async () => {
    const { page, widget, context } = visitor;
    const pipeline = await context.newPage();
    await pipeline.goto(`${dev.pipelineUrl}/apps`);
    await pipeline
      .getByRole("button", { name: /^Revoke/ })
      .first()
      .tap();
    await pipeline.getByText("Access revoked").waitFor();
    await pipeline.close();
    await page.bringToFront();
    await visitor.button(/Run now: Full pass/).tap();
    await widget.getByText("Needs attention").first().waitFor();
    await visitor.button("Reconnect").waitFor();
    await fits("broken");
    await allowByTaps(() => visitor.button("Reconnect").tap());
    await visitor.button("Reconnect").waitFor({ state: "detached" });
    await widget.getByText("On", { exact: true }).waitFor();
    // The run that waited for the account goes on: all of the contacts, at ten a second. It is stopped, and another begun.
    await visitor.button(/^Running…: Full pass/).waitFor();
    await widget.locator("[data-run]").first().tap();
    await visitor.button("Stop this run").tap();
    await widget.getByText("Canceled").first().waitFor();
    await visitor.button("Runs").tap();
    await visitor.button(/Run now: Full pass/).tap();
    await until("it runs again", async () => (await widget.locator("[data-run]").count()) > 2);
  });

  it("takes a newer version that asks for more", async () => {
    const { page, widget } = visitor;
    await publish("relay-by-tap", false);
    await ada.ask("POST", "/v1/integrations", { flow: "relay-by-tap", accounts: {}, values: { url: sink.url } });
    await publish("relay-by-tap", true);
    await page.goto(`${dev.demoUrl}/integrations?view=integrations`);
    await visitor.button("Relay").tap();
    await visitor.button("See what changes").tap();
    await widget.getByText("You will be asked for").waitFor();
    await fits("upgrade");
    await visitor.button("Continue").tap();
    await widget.getByRole("textbox", { name: "Team" }).fill("North");
    await fits("only-new");
    await visitor.button("Update").tap();
    await widget.getByRole("heading", { name: /Relay is up to date/ }).waitFor();
    expect(await mine("relay-by-tap")).toMatchObject([{ version: 2, status: "enabled" }]);
    await visitor.button("See it run").tap();
    await visitor.button("Your integrations").tap();
  });

  it("removes both", async () => {
    const { widget } = visitor;
    for (const [name, flow] of [
      ["Relay", "relay-by-tap"],
      ["Contacts to newsletter", "contacts-to-newsletter"],
    ] as const) {
      await visitor.button(`More actions: ${name}`).tap();
      await widget.getByRole("menuitem", { name: "Remove" }).waitFor();
      await fits(`menu-${flow}`);
      await widget.getByRole("menuitem", { name: "Remove" }).tap();
      await visitor.button("Remove").waitFor();
      await fits(`remove-${flow}`);
      await visitor.button("Remove").tap();
      await until("it is removed", async () => (await mine(flow)).length === 0);
    }
    await widget.getByText("Nothing set up yet").waitFor();
    await fits("none");
    expect(visitor.faults).toEqual([]);
  });
});
