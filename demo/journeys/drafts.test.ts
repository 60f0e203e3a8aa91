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
    ],
  },
  blocks: [{ key: "now", name: "Now", trigger: { manual: {} }, steps: [{ key: "one", value: 1 }] }],
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

/** Fills in the page that is shown, with what tells it from other times. */
async function fill(page: "words" | "numbers" | "times", mark: string): Promise<void> {
  if (page === "words") {
    await box("Title").fill(`Title ${mark}`);
    await box("Note").fill(`Note ${mark}`);
    const replace = person.button("Replace");
    if (await replace.count()) await replace.click();
    await person.widget.locator("input[type=password]").fill(`secret ${mark}`);
  } else if (page === "numbers") {
    await person.widget.getByRole("spinbutton", { name: "Amount" }).fill("7");
    if ((await box("City").count()) === 0) await person.button("Add").click();
    await box("City").fill(`City ${mark}`);
  } else await person.widget.getByLabel("Time of day").fill("10:30");
}

async function expectFilled(page: "words" | "numbers" | "times", mark: string): Promise<void> {
  if (page === "words") {
    await until("the title is there", async () => (await box("Title").inputValue()) === `Title ${mark}`);
    expect(await box("Note").inputValue()).toBe(`Note ${mark}`);
    await person.widget.getByText("Stored securely").waitFor();
  } else if (page === "numbers") {
    await until("the city is there", async () => (await box("City").inputValue()) === `City ${mark}`);
    expect(await person.widget.getByRole("spinbutton", { name: "Amount" }).inputValue()).toBe("7");
  } else await until("the time is there", async () => (await person.widget.getByLabel("Time of day").inputValue()) === "10:30");
}

describe("what is typed into a form", () => {
  it("is there after a reload of each page, secrets sealed", async () => {
    person = await Person.arrive();
    await open();
    for (const page of ["words", "numbers", "times"] as const) {
      await fill(page, "reload");
      await saved();
      await open();
      await expectFilled(page, "reload");
      if (page !== "times") {
        await person.button("Continue").click();
        await person.widget.getByRole("heading", { name: page === "words" ? "Numbers" : "Times" }).waitFor();
      }
    }
    expect((await draft()).values).toMatchObject({ key: { $secret: true }, rhythm: "30 10 * * 1-5" });
  });

  it("is there after the tab was closed in the middle of typing", async () => {
    const { page } = person;
    await person.widget.getByRole("button", { name: "Words" }).click();
    await box("Title").fill("Closed at once");
    await page.close({ runBeforeUnload: true });
    await until("it is kept", async () => (await draft()).values.name === "Closed at once");
  });

  it("is kept with a new token where the old one has expired", async () => {
    await person.leave();
    person = await Person.arrive();
    const { page } = person;
    await open();
    await box("Title").waitFor();
    let refusals = 0;
    await page.route("**/v1/flows/long-form/draft*", async (route) => {
      if (route.request().method() !== "PUT" || refusals > 0) return route.fallback();
      refusals += 1;
      const headers = { "access-control-allow-origin": "*", "content-type": "application/problem+json" };
      return route.fulfill({ status: 401, headers, body: JSON.stringify({ code: "token_expired", title: "Expired", status: 401 }) });
    });
    const tokens = person.requests.filter((url) => url.endsWith("/session")).length;
    await fill("words", "expired");
    await saved();
    expect(refusals).toBe(1);
    expect(person.requests.filter((url) => url.endsWith("/session")).length).toBeGreaterThan(tokens);
    expect((await draft()).values.name).toBe("Title expired");
  });

  it("is there when the network comes back, whatever page it was typed on", async () => {
    const { context, page } = person;
    await open();
    await box("Title").waitFor();
    await page.waitForFunction(() =>
      ["inlay-list-field", "inlay-number-field", "inlay-schedule-field"].every((tag) => customElements.get(tag)),
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
    await context.setOffline(false);
    await until("it is kept", async () => (await draft()).values.name === "Title offline");
    await open();
    await expectFilled("times", "offline");
    await person.widget.getByRole("button", { name: "Numbers" }).click();
    await expectFilled("numbers", "offline");
    await person.widget.getByRole("button", { name: "Words" }).click();
    await expectFilled("words", "offline");
    expect(person.faults).toEqual([]);
  });
});
