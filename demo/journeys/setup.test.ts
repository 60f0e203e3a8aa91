import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { Caller, type DevInfo, Product, until } from "./product.ts";

interface Integration {
  id: string;
  name: string;
  status: string;
  blocks: { key: string; url?: string }[];
}
interface Run {
  id: string;
  block: string;
  status: string;
}
interface Member {
  email: string;
  fields: Record<string, string>;
}

const product = new Product();
let dev: DevInfo;
let person: Person;

const EVENTS = [
  "inlay-ready",
  "inlay-flows-loaded",
  "inlay-flow-opened",
  "inlay-setup-started",
  "inlay-page-changed",
  "inlay-field-changed",
  "inlay-before-connect",
  "inlay-account-connected",
  "inlay-account-failed",
  "inlay-before-save",
  "inlay-integration-created",
  "inlay-run-finished",
  "inlay-error",
];

/** Signs in at Pipeline's popup as a demo person, and answers what it asks. */
async function consent(popup: Awaited<ReturnType<Person["popup"]>>, who: string, answer: "Allow" | "Deny"): Promise<void> {
  const person = popup.getByRole("button", { name: new RegExp(`Continue as ${who}`) });
  const decide = popup.getByRole("button", { name: answer, exact: true });
  await person.or(decide).first().waitFor();
  if (await person.count()) await person.click();
  await decide.click();
}

beforeAll(async () => {
  dev = await product.start();
  person = await Person.arrive();
});
afterAll(async () => {
  await person?.leave();
  await product.stop();
});

describe("the first user, by clicks alone", () => {
  it("filters by tag and opens the flow", async () => {
    const { page, widget } = person;
    await page.goto(`${dev.demoUrl}/integrations`);
    await person.recordEvents(EVENTS);
    await widget.getByText("Orders to any endpoint").waitFor();
    await person.picture("01-marketplace");
    await page.getByLabel("Tag", { exact: true }).fill("crm");
    await page.locator("#tag-form").getByRole("button", { name: "Show" }).click();
    await widget.getByText("Orders to any endpoint").waitFor({ state: "detached" });
    await widget.getByText("Contacts to newsletter").first().click();
    await person.button("Set up").waitFor();
    await person.picture("02-flow");
    await person.button("Set up").click();
    await widget.getByRole("heading", { name: "Connect your apps" }).waitFor();
  });

  it("reads what happened when consent is denied or the popup is closed, and tries again", async () => {
    const { widget } = person;
    const connect = async () => {
      await person.button("Connect Pipeline").click();
      return person.popup(() => person.page.getByRole("button", { name: /Sign in with Pipeline/ }).click());
    };
    await consent(await connect(), "Ada", "Deny");
    await until("the denial is told", async () =>
      (await person.events()).some(({ type, detail }) => type === "inlay-account-failed" && detail.reason === "denied"),
    );
    await person.picture("03-denied");
    await person.button("Cancel").click();

    await person.closePopup(await connect());
    await until("the closed popup is told", async () => (await person.events()).some(({ detail }) => detail.reason === "popup-closed"));
    await person.picture("04-popup-closed");
    await person.button("Cancel").click();

    const again = await connect();
    await person.picture("05-popup", again);
    await consent(again, "Ada", "Allow");
    await widget.getByText("Northlight Studio").waitFor();
    expect((await person.events()).find(({ type }) => type === "inlay-account-connected")?.detail).toMatchObject({
      app: "pipeline",
      existed: false,
    });
  });

  it("reads what a wrong key means, loses nothing typed, and connects with the right one", async () => {
    const { page, widget } = person;
    await person.button("Connect Postbox").click();
    const key = page.getByRole("textbox", { name: "API key" });
    const wrong = `pb_${"0".repeat(24)}`;
    await key.fill(wrong);
    await key.press("Enter");
    await page
      .getByText(/not known/)
      .first()
      .waitFor();
    await person.picture("06-wrong-key");
    expect(await key.inputValue()).toBe(wrong);
    await key.fill(dev.postboxKey);
    await key.press("Enter");
    await until("both are connected", async () => (await widget.getByText("Connected").count()) === 2);
    await person.picture("07-connected");
    await person.button("Continue").click();
  });

  it("is stopped at an empty required field, with the focus on it", async () => {
    const { widget } = person;
    await widget.getByRole("combobox", { name: /Audience/ }).waitFor();
    await person.button("Continue").click();
    const audience = widget.getByRole("combobox", { name: /Audience/ });
    await until("the field says so", async () => (await audience.getAttribute("aria-invalid")) === "true");
    await person.picture("08-required");
  });

  it("chooses an audience that came from Postbox, and maps fields that came from both", async () => {
    const { widget } = person;
    await widget.getByRole("combobox", { name: /Audience/ }).click();
    await widget.getByRole("option", { name: "Product news" }).click();
    await person
      .button(/Match \d+ by name/)
      .click()
      .catch(async (error) => {
        await person.picture("09-failed");
        throw error;
      });
    await person.picture("09-mapped");
    const toggle = widget.getByRole("switch", { name: /Only contacts with certain tags/ });
    await toggle.click();
    await widget.getByRole("combobox", { name: /Tags/ }).waitFor();
    await toggle.click();
    await widget.getByRole("combobox", { name: /Tags/ }).waitFor({ state: "detached" });
    await person.button("Continue").click();
    await widget.getByText("are added at once").click();
    await person.picture("10-when");
  });

  it("finds everything typed after a reload", async () => {
    const { page, widget } = person;
    await until("it is saved", async () => (await widget.getByText("Saved", { exact: true }).count()) > 0);
    await page.reload();
    await person.recordEvents(EVENTS);
    await widget.getByText("Contacts to newsletter").first().click();
    await person.button("Set up").click();
    await widget.getByRole("radio", { name: /are added at once/ }).waitFor();
    expect(await widget.getByRole("radio", { name: /are added at once/ }).isChecked()).toBe(true);
  });

  it("turns it on", async () => {
    await person.button("Turn on").click();
    await person.button("See it run").waitFor();
    await person.picture("11-done");
    const created = (await person.events()).find(({ type }) => type === "inlay-integration-created");
    expect(created?.detail).toMatchObject({ flow: "contacts-to-newsletter", status: "enabled", version: 1 });
    await person.button("See it run").click();
  });

  it("edits a contact in Pipeline, and the member is in Postbox, and the widget shows the run", async () => {
    const pipeline = await person.context.newPage();
    await pipeline.goto(`${dev.pipelineUrl}/contacts/c_1`);
    const email = await pipeline.getByLabel("Email", { exact: true }).inputValue();
    const postbox = await person.context.newPage();
    await pipeline.getByLabel("City", { exact: true }).fill("Ulm");
    await pipeline.getByRole("button", { name: "Save" }).click();
    const since = Date.now();
    const ada = Caller.asUser(dev, "ada");
    const [integration] = (await ada.ask<{ items: Integration[] }>("GET", "/v1/integrations")).items;
    await until("the run has succeeded", async () => {
      const { items } = await ada.ask<{ items: Run[] }>("GET", `/v1/integrations/${integration?.id}/runs`);
      return items.some(({ block, status }) => block === "changed" && status === "succeeded");
    });
    console.log(`from Pipeline to Postbox in ${Date.now() - since} ms`);
    const audiences = await askPostbox<{ audiences: { id: string; name: string }[] }>("/3.0/audiences?count=50");
    const audience = audiences.audiences.find(({ name }) => name === "Product news");
    const member = await askPostbox<Member>(`/3.0/audiences/${audience?.id}/members/${encodeURIComponent(email)}`);
    expect(member.fields).toMatchObject({ CITY: "Ulm", SOURCE: "pipeline" });
    await until("the widget tells", async () => (await person.events()).some(({ type }) => type === "inlay-run-finished"));
    await person.page.bringToFront();
    await person.widget.getByText("Succeeded").first().waitFor();
    await person.picture("12-ran");
    await Promise.all([pipeline.close(), postbox.close()]);
  });

  it("runs the nightly pass by hand: 500 contacts, no error", async () => {
    const ada = Caller.asUser(dev, "ada");
    const [integration] = (await ada.ask<{ items: Integration[] }>("GET", "/v1/integrations")).items;
    await person
      .button(/Run now/)
      .first()
      .click();
    const run = await until(
      "the pass ends",
      async () => {
        const { items } = await ada.ask<{ items: Run[] }>("GET", `/v1/integrations/${integration?.id}/runs?block=nightly`);
        return items.find(({ status }) => status === "succeeded" || status === "failed");
      },
      170_000,
    );
    const detail = await ada.ask<{ status: string; steps: { type: string; status: string }[] }>("GET", `/v1/runs/${run.id}`);
    expect(detail.status).toBe("succeeded");
    const upserts = detail.steps.filter(({ type }) => type === "action");
    expect(upserts.length).toBeGreaterThanOrEqual(500);
    expect(detail.steps.filter(({ status }) => status === "failed")).toEqual([]);
    await person.picture("13-nightly");
  });

  it("caused no fault in the page", () => {
    expect(person.faults).toEqual([]);
  });
});

describe("H04 a page with a strict content security policy", () => {
  it.each(["light", "dark"] as const)(
    "shows the widget whole in %s; no request leaves for elsewhere; axe finds nothing",
    async (colorScheme) => {
      const visitor = await Person.arrive({ colorScheme, reducedMotion: "reduce" });
      try {
        const answer = await visitor.page.goto(`${dev.demoUrl}/integrations?csp=strict`);
        expect(answer?.headers()["content-security-policy"]).toContain(`script-src ${dev.edgeUrl}`);
        await visitor.widget.getByText("Orders to any endpoint").waitFor();
        await visitor.picture(`20-strict-${colorScheme}`);
        expect(await visitor.axe()).toEqual([]);
        await visitor.widget.getByText("Orders to any endpoint").click();
        await visitor
          .button(/Set up/)
          .first()
          .waitFor();
        expect(await visitor.axe()).toEqual([]);
        await visitor
          .button(/Set up/)
          .first()
          .click();
        await visitor.widget.getByRole("textbox", { name: /Endpoint/ }).waitFor();
        expect(await visitor.axe()).toEqual([]);
        await visitor.picture(`21-strict-setup-${colorScheme}`);
        const elsewhere = visitor.requests.filter(
          (url) => ![dev.edgeUrl, dev.demoUrl].includes(new URL(url).origin) && !url.startsWith("data:"),
        );
        expect(elsewhere).toEqual([]);
        expect(visitor.faults).toEqual([]);
      } finally {
        await visitor.leave();
      }
    },
  );
});

describe("what goes wrong meanwhile", () => {
  it("a flow withdrawn while it is set up: said in words, nothing typed is lost, the event fires", async () => {
    const host = Caller.asHost(dev);
    const visitor = await Person.arrive();
    try {
      await visitor.page.goto(`${dev.demoUrl}/integrations`);
      await visitor.recordEvents(EVENTS);
      await visitor.widget.getByText("Orders to any endpoint").click();
      await visitor
        .button(/Set up/)
        .first()
        .click();
      const endpoint = visitor.widget.getByRole("textbox", { name: /Endpoint/ });
      await endpoint.fill("https://example.com/orders");
      await host.ask("PATCH", "/v1/workspace/flows/orders-to-anywhere", { published: null });
      await visitor.button("Turn on").click();
      await until("the error is told", async () =>
        (await visitor.events()).some(({ type, detail }) => type === "inlay-error" && detail.code === "gone"),
      );
      await visitor.picture("30-withdrawn");
      expect(await endpoint.inputValue()).toBe("https://example.com/orders");
    } finally {
      await host.ask("PATCH", "/v1/workspace/flows/orders-to-anywhere", { published: 1 });
      await visitor.leave();
    }
  });
});

async function askPostbox<T>(path: string): Promise<T> {
  return until("Postbox answers", async () => {
    const response = await fetch(`${dev.postboxUrl}${path}`, { headers: { "X-Api-Key": dev.postboxKey } });
    return response.ok && ((await response.json()) as T);
  });
}
