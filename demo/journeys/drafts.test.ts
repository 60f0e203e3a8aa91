import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { Caller, type DevInfo, Product, until } from "./product.ts";

const FLOW = {
  inlay: 1,
  key: "long-form",
  name: "A long form",
  setup: {
    pages: [
      {
        ...{ key: "words", title: "Words" },
        fields: [
          { key: "name", type: "text", label: "Title", required: true },
          { key: "note", type: "textarea", label: "Note" },
          { key: "key", type: "secret", label: "Password" },
        ],
      },
      {
        ...{ key: "numbers", title: "Numbers" },
        fields: [
          { key: "amount", type: "number", label: "Amount" },
          { key: "rules", type: "list", label: "Rules", fields: [{ key: "city", type: "text", label: "City" }] },
        ],
      },
      { key: "times", title: "Times", fields: [{ key: "rhythm", type: "schedule", label: "How often", default: "0 9 * * 1-5" }] },
      {
        ...{ key: "fields", title: "Fields" },
        fields: [{ key: "pairs", type: "mapping", label: "Pairs", from: ["first", "last"], to: ["NAME", "NOTE"] }],
      },
    ],
  },
  blocks: [{ key: "now", name: "Now", trigger: { manual: {} }, steps: [{ key: "one", value: "{{ $mapFields(setup.pairs, {}) }}" }] }],
};

const product = new Product();
let dev: DevInfo;
let person: Person;

beforeAll(async () => {
  dev = await product.start();
  const host = Caller.asHost(dev);
  await host.ask("POST", "/v1/workspace/flows", FLOW);
  await host.ask("POST", "/v1/workspace/flows/long-form/versions", { note: "For drafts" });
});
afterAll(async () => {
  await person?.leave();
  await product.stop();
});

const box = (name: string) => person.widget.getByRole("textbox", { name });
const open = async () => {
  await person.page.goto(`${dev.demoUrl}/integrations?flow=long-form`);
  await person.button("Set up").click();
  await person.widget.locator("h2").first().waitFor();
};
const saved = () => until("it is saved", async () => (await person.widget.getByText("Saved", { exact: true }).count()) > 0);
const draft = () => Caller.asUser(dev, "ada").ask<{ page?: string; values: Record<string, unknown> }>("GET", "/v1/flows/long-form/draft");

const TITLES = { words: "Words", numbers: "Numbers", times: "Times", fields: "Fields" };
type FormPage = keyof typeof TITLES;
const PAGES: readonly FormPage[] = ["words", "numbers", "times", "fields"];
/** The time that each mark sets, as it is typed and as cron. */
const TIMES: Record<string, [string, string]> = {
  reload: ["10:30", "30 10"],
  closed: ["11:15", "15 11"],
  expired: ["12:45", "45 12"],
  offline: ["13:05", "5 13"],
};

const headingOf = (page: FormPage) => person.widget.locator("inlay-setup-view").getByRole("heading", { name: TITLES[page] });

/** By the steps where that page was reached before, else page by page. */
async function goTo(page: FormPage): Promise<void> {
  await person.widget.locator("inlay-setup-view h2").first().waitFor();
  const step = person.widget.getByRole("button", { name: TITLES[page], exact: true });
  if (await headingOf(page).count()) return;
  if (await step.isEnabled()) await step.click();
  else
    for (const [at, before] of PAGES.slice(0, PAGES.indexOf(page)).entries()) {
      if ((await headingOf(before).count()) === 0) continue;
      await person.button("Continue").click();
      await headingOf(PAGES[at + 1] ?? page).waitFor();
    }
  await headingOf(page).waitFor();
}

/** The list has its one row, and the mapping its two: they are added once. */
let hasRule = false;
let hasPairs = false;

/** A whole pair whose expression is not whole yet, and one that lacks its target. */
const pairsOf = (mark: string) => [
  { from: `{{ item.${mark} & }}`, to: "NAME" },
  { from: "last", to: "" },
];

async function addPairs(): Promise<void> {
  const choose = async (side: RegExp, option: string) => {
    await person.widget.getByRole("combobox", { name: side }).last().click();
    await person.widget.getByRole("option", { name: option }).click();
  };
  await person.button("Add field Pairs").click();
  await choose(/^Target/, "NAME");
  await person.button("Use an expression: NAME").click();
  await person.button("Add field Pairs").click();
  await choose(/^Source/, "last");
}

/** Fills in the page that is shown, with what tells it from other times. */
async function fill(page: FormPage, mark: string): Promise<void> {
  if (page === "words") {
    await box("Title").fill(`Title ${mark}`);
    const replace = person.button("Replace");
    if (await replace.count()) await replace.click();
    await person.widget.locator("input[type=password]").fill(`secret ${mark}`);
    // Last: of a secret, nobody can tell which one is kept.
    await box("Note").fill(`Note ${mark}`);
  } else if (page === "numbers") {
    await person.widget.getByRole("spinbutton", { name: "Amount" }).fill("7");
    if (!hasRule) await person.button("Add Rules").click();
    hasRule = true;
    await box("City").fill(`City ${mark}`);
  } else if (page === "times") await person.widget.getByLabel("Time of day").fill(TIMES[mark]?.[0] ?? "");
  else {
    if (!hasPairs) await addPairs();
    hasPairs = true;
    await box("Source for NAME").fill(`item.${mark} &`);
  }
}

/** Whether the edge has what `mark` typed last on that page. */
async function isKept(page: FormPage, mark: string): Promise<boolean> {
  const { name, note, rules, rhythm, pairs } = (await draft()).values;
  if (page === "words") return name === `Title ${mark}` && note === `Note ${mark}`;
  if (page === "numbers") return JSON.stringify(rules ?? "").includes(`City ${mark}`);
  if (page === "fields") return JSON.stringify(pairs) === JSON.stringify(pairsOf(mark));
  return rhythm === `${TIMES[mark]?.[1]} * * 1-5`;
}

async function expectFilled(page: FormPage, mark: string): Promise<void> {
  if (page === "words") {
    await until("the title is there", async () => (await box("Title").inputValue()) === `Title ${mark}`);
    expect(await box("Note").inputValue()).toBe(`Note ${mark}`);
    await person.widget.getByText("Stored securely").waitFor();
  } else if (page === "numbers") {
    await until("the city is there", async () => (await box("City").inputValue()) === `City ${mark}`);
    expect(await person.widget.getByRole("spinbutton", { name: "Amount" }).inputValue()).toBe("7");
  } else if (page === "fields") {
    await until("the expression is there", async () => (await box("Source for NAME").inputValue()) === `{{ item.${mark} & }}`);
    expect(await person.widget.getByRole("listitem").locator("inlay-combobox").allTextContents()).toHaveLength(3);
  } else await until("the time is there", async () => (await person.widget.getByLabel("Time of day").inputValue()) === TIMES[mark]?.[0]);
}

describe("what is typed into a form", () => {
  it("is there after a reload of each page, secrets sealed", async () => {
    person = await Person.arrive();
    await open();
    for (const page of PAGES) {
      await fill(page, "reload");
      await saved();
      // What was typed first may be saved before the rest of the page.
      await until("all of the page is kept", () => isKept(page, "reload"));
      await open();
      await expectFilled(page, "reload");
      const next = PAGES[PAGES.indexOf(page) + 1];
      if (!next) continue;
      await person.button("Continue").click();
      await person.widget.getByRole("heading", { name: TITLES[next] }).waitFor();
    }
    expect((await draft()).values).toMatchObject({ key: { $secret: true }, rhythm: "30 10 * * 1-5" });
  });

  it.each(PAGES)("is there after the tab was closed in the middle of typing, on the page %s", async (page) => {
    await goTo(page);
    await fill(page, "closed");
    await person.page.close({ runBeforeUnload: true });
    await until("it is kept", () => isKept(page, "closed"));
    await person.leave();
    person = await Person.arrive();
    await open();
    await goTo(page);
    await expectFilled(page, "closed");
  });

  it.each(PAGES)("is kept with a new token where the old one has expired, on the page %s", async (page) => {
    await goTo(page);
    let refusals = 0;
    const address = "**/v1/flows/long-form/draft*";
    await person.page.route(address, async (route) => {
      if (route.request().method() !== "PUT" || refusals > 0) return route.fallback();
      refusals += 1;
      const headers = { "access-control-allow-origin": "*", "content-type": "application/problem+json" };
      return route.fulfill({ status: 401, headers, body: JSON.stringify({ code: "token_expired", title: "Expired", status: 401 }) });
    });
    const tokens = person.requests.filter((url) => url.endsWith("/session")).length;
    await fill(page, "expired");
    await until("it is kept", () => isKept(page, "expired"));
    expect(refusals).toBe(1);
    expect(person.requests.filter((url) => url.endsWith("/session")).length).toBeGreaterThan(tokens);
    await person.page.unroute(address);
    await open();
    await goTo(page);
    await expectFilled(page, "expired");
  });

  it("is there when the network comes back, whatever page it was typed on", async () => {
    const { context, page } = person;
    await open();
    await goTo("words");
    await page.waitForFunction(() =>
      ["inlay-list-field", "inlay-number-field", "inlay-schedule-field", "inlay-mapping-field"].every((tag) => customElements.get(tag)),
    );
    await context.setOffline(true);
    await fill("words", "offline");
    await person.widget.getByText("Not saved yet. You can go on.").waitFor();
    await person.button("Continue").click();
    await person.widget.getByRole("heading", { name: "Numbers" }).waitFor();
    await fill("numbers", "offline");
    await person.button("Continue").click();
    await person.widget.getByRole("heading", { name: "Times" }).waitFor();
    await fill("times", "offline");
    await person.button("Continue").click();
    await person.widget.getByRole("heading", { name: "Fields" }).waitFor();
    await fill("fields", "offline");
    await context.setOffline(false);
    for (const typed of PAGES) await until(`the page ${typed} is kept`, () => isKept(typed, "offline"));
    await open();
    await expectFilled("fields", "offline");
    await person.widget.getByRole("button", { name: "Times" }).click();
    await expectFilled("times", "offline");
    await person.widget.getByRole("button", { name: "Numbers" }).click();
    await expectFilled("numbers", "offline");
    await person.widget.getByRole("button", { name: "Words" }).click();
    await expectFilled("words", "offline");
    expect(person.faults).toEqual([]);
  });

  it("is refused while a pair lacks a side, in the form and at the edge", async () => {
    await goTo("fields");
    await person.button("Turn on").click();
    await person.widget.getByText("Fill this in").waitFor();
    expect(await person.focused()).toMatch(/^combobox Target field/);
    const { status, body } = await Caller.asUser(dev, "ada").send("POST", "/v1/integrations", {
      flow: "long-form",
      values: { name: "Half", pairs: [{ from: "last", to: "" }] },
    });
    expect([status, body]).toMatchObject([422, { errors: [{ path: "values.pairs", code: "required" }] }]);
  });
});

describe("an integration that is edited in two tabs", () => {
  const change = async (page: Page, integration: string) => {
    await page.goto(`${dev.demoUrl}/integrations?flow=long-form`);
    const element = page.locator("inlay-marketplace");
    await element.locator("h2").first().waitFor();
    await element.evaluate((one, id) => {
      (one as unknown as { open(flow: string, of: object): void }).open("long-form", { integration: id });
    }, integration);
    await page.getByRole("heading", { name: "Words" }).waitFor();
  };
  const boxOf = (page: Page, name: string) => page.getByRole("textbox", { name });

  it("loses nothing of either, with and without the live stream", async () => {
    const ada = Caller.asUser(dev, "ada");
    const read = () => ada.ask<{ values: Record<string, unknown> }>("GET", `/v1/integrations/${id}`);
    const { id } = await ada.ask<{ id: string }>("POST", "/v1/integrations", { flow: "long-form", values: { name: "Both", note: "None" } });
    person ??= await Person.arrive();
    const first = person.page;
    const deaf = await person.context.newPage();
    await deaf.route("**/v1/stream*", (route) => route.abort());
    await change(deaf, id);
    await change(first, id);
    await boxOf(deaf, "Note").fill("Typed in the deaf one");
    await boxOf(first, "Title").fill("Typed in the first");
    await first.getByRole("button", { name: "Save changes" }).click();
    await first.getByRole("heading", { name: /is up to date/ }).waitFor();

    await deaf.getByRole("button", { name: "Save changes" }).click();
    await deaf.getByText(/changed elsewhere/).waitFor();
    await deaf.getByRole("listitem").getByText("Title", { exact: true }).waitFor();
    expect(await boxOf(deaf, "Title").inputValue()).toBe("Typed in the first");
    expect(await boxOf(deaf, "Note").inputValue()).toBe("Typed in the deaf one");
    expect((await read()).values).toMatchObject({ name: "Typed in the first", note: "None" });
    await deaf.getByRole("button", { name: "Save changes" }).click();
    await deaf.getByRole("heading", { name: /is up to date/ }).waitFor();
    expect((await read()).values).toMatchObject({ name: "Typed in the first", note: "Typed in the deaf one" });
    await deaf.close();

    await change(first, id);
    await boxOf(first, "Title").fill("Typed once more");
    await ada.ask("PATCH", `/v1/integrations/${id}`, { values: { note: "From a phone" } });
    await first.getByText(/changed elsewhere/).waitFor();
    expect(await boxOf(first, "Note").inputValue()).toBe("From a phone");
    expect(await boxOf(first, "Title").inputValue()).toBe("Typed once more");
  });
});
