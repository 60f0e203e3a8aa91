// Signing in at an app whatever becomes of its window: cut off from the page that opened it, outliving that page, or never opened at all.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { Caller, type DevInfo, Product } from "./product.ts";

const product = new Product();
let dev: DevInfo;
let person: Person;
/** A host app of one page. */
const host = { url: "", body: "", headers: {} as Record<string, string> };
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/html", ...host.headers }).end(host.body);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  host.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  dev = await product.start();
});
afterEach(() => person?.leave());
afterAll(async () => {
  server.close();
  await product.stop();
});

/** Ada without an account, on the host's page with these headers, in a browser of her own; its events are kept. */
async function arrive(headers: Record<string, string> = {}, path = ""): Promise<Page> {
  const { token } = (await (
    await fetch(`${dev.demoUrl}/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: "ada" }),
    })
  ).json()) as { token: string };
  const ada = Caller.asUser(dev, "ada");
  const { items } = (await ada.send("GET", "/v1/accounts")).body as { items: { id: string }[] };
  for (const { id } of items) await ada.send("DELETE", `/v1/accounts/${id}`);
  host.headers = headers;
  host.body = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><script type="module" src="${dev.edgeUrl}/inlay.js"></script></head>
    <body><inlay-accounts app="pipeline" api="${dev.edgeUrl}" token="${token}"></inlay-accounts></body></html>`;
  person = await Person.arrive();
  // Whoever is in another window has no focus here; a driven browser says that every page has it.
  await person.page.addInitScript(() => {
    document.hasFocus = () => !("isAway" in globalThis);
  });
  await person.page.goto(host.url + path);
  await person.recordEvents(["inlay-account-connected", "inlay-account-failed"]);
  return person.page;
}

/** The user turns to another window, or back to the page. */
const turn = (page: Page, to: "away" | "back") =>
  page.evaluate((isAway) => {
    if (isAway) Object.assign(globalThis, { isAway });
    else Reflect.deleteProperty(globalThis, "isAway");
    dispatchEvent(new Event(isAway ? "blur" : "focus"));
  }, to === "away");

const begin = async (page: Page) => {
  await page.getByRole("button", { name: "Connect Pipeline" }).click();
  await page.getByRole("button", { name: /Sign in with Pipeline/ }).click();
};

/** Signs in at Pipeline as Ada, and allows what it asks or declines it. */
async function decide(page: Page, word: "Allow" | "Deny" = "Allow"): Promise<void> {
  await page.waitForURL(/\/oauth\/authorize|\/sign-in|\/login/);
  const who = page.getByRole("button", { name: /Continue as Ada/ });
  const answer = page.getByRole("button", { name: word, exact: true });
  await who.or(answer).first().waitFor();
  if (await who.count()) await who.click();
  await answer.click();
}
const connected = (page: Page) => page.getByText("Connected", { exact: true }).first().waitFor();
/** What the page was told so far, in short. */
const told = async () => (await person.events()).map(({ type, detail }) => String(detail.reason ?? type));
const COOP = { "cross-origin-opener-policy": "same-origin" };

describe("an account is connected", () => {
  it("from a page that is cut off from its windows (Cross-Origin-Opener-Policy: same-origin), and nothing else is told", async () => {
    const page = await arrive(COOP);
    const popup = await person.popup(() => begin(page));
    await turn(page, "away");
    expect(await popup.evaluate(() => window.opener === null)).toBe(true);
    // Longer than any window would be taken for closed.
    await page.waitForTimeout(6_000);
    await person.picture("popup-cut-off", page);
    expect(await told()).toEqual([]);
    // A look back before the end, for as long again.
    await turn(page, "back");
    await page.waitForTimeout(6_000);
    expect(await told()).toEqual([]);
    await turn(page, "away");
    await decide(popup);
    await turn(page, "back");
    await connected(page);
    expect(await told()).toEqual(["inlay-account-connected"]);
  });

  it("from a page that is cut off from its windows, where the provider is slow and the user looks back at once", async () => {
    const page = await arrive(COOP);
    await person.context.route(/\/oauth\/start/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await route.continue();
    });
    const popup = await person.popup(() => begin(page));
    await page.waitForTimeout(6_000);
    expect(await told()).toEqual([]);
    await page.getByText("Finish in the Pipeline window").waitFor();
    await decide(popup);
    await connected(page);
    expect(await told()).toEqual(["inlay-account-connected"]);
  });

  it.each([
    ["was loaded again while its window was open", {}],
    ["was cut off and loaded again while its window was open", COOP],
  ])("where the page %s", async (_, headers) => {
    const page = await arrive(headers);
    const popup = await person.popup(() => begin(page));
    await page.reload();
    await page.getByRole("button", { name: "Connect Pipeline" }).waitFor();
    await decide(popup);
    await connected(page);
  });

  it("in the same tab where the browser blocks the window, and leads back to the page", async () => {
    const page = await arrive({}, "/apps?tab=accounts");
    await connectUnasked(page);
    await page.getByRole("button", { name: "Continue in this tab" }).click();
    await decide(page);
    await page.getByRole("link", { name: /^Back to localhost/ }).click();
    await page.waitForURL(`${host.url}/apps?tab=accounts`);
    await connected(page);
  });

  it("by a link where the browser blocks the window: it opens in a tab, and the page hears of it", async () => {
    const page = await arrive();
    await connectUnasked(page);
    await person.picture("popup-blocked", page);
    expect(await told()).toEqual(["popup-blocked"]);
    const opened = await person.popup(() => page.getByRole("link", { name: "Open Pipeline" }).click());
    await decide(opened);
    await connected(page);
    expect(await told()).toEqual(["popup-blocked", "inlay-account-connected"]);
  });
});

describe("the user reads why there is no account, and can try again", () => {
  const again = async (page: Page) => {
    const popup = await person.popup(() => page.getByRole("button", { name: "Continue to Pipeline" }).click());
    await decide(popup);
    await connected(page);
  };

  it("where they closed the window", async () => {
    const page = await arrive();
    const popup = await person.popup(() => begin(page));
    await person.closePopup(popup);
    await page.getByRole("alert").filter({ hasText: "closed before access was given" }).waitFor();
    await person.picture("popup-closed", page);
    expect(await told()).toEqual(["popup-closed"]);
    await again(page);
    expect(await told()).toEqual(["popup-closed", "inlay-account-connected"]);
  });

  it.each([
    ["is", {}],
    ["is, of a page that is cut off from it,", COOP],
  ])("where they closed the window while it %s still blank", async (_, headers) => {
    const page = await arrive(headers);
    await person.context.route(/\/oauth\/start/, () => undefined);
    const [popup] = await Promise.all([person.context.waitForEvent("page"), begin(page)]);
    await page.waitForTimeout(1_000);
    await popup.close();
    await page.getByRole("alert").filter({ hasText: "closed before access was given" }).waitFor();
    expect(await told()).toEqual(["popup-closed"]);
  });

  it("where they closed the window of a page that is cut off from it: another one, or no account", async () => {
    const page = await arrive(COOP);
    const popup = await person.popup(() => begin(page));
    await turn(page, "away");
    await page.waitForTimeout(3_500);
    await popup.close();
    await turn(page, "back");
    await page.waitForTimeout(3_500);
    expect(await told()).toEqual([]);
    const another = await person.popup(() => page.getByRole("button", { name: "Show the window" }).click());
    await another.close();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await told()).toEqual(["popup-closed"]);
    await decide(await person.popup(() => begin(page)));
    await connected(page);
  });

  it("where they declined at the provider", async () => {
    const page = await arrive();
    const popup = await person.popup(() => begin(page));
    await decide(popup, "Deny");
    await page.getByRole("alert").filter({ hasText: "declined there" }).waitFor();
    await person.picture("popup-denied", page);
    expect(await told()).toEqual(["denied"]);
    expect((await Caller.asUser(dev, "ada").ask<{ items: unknown[] }>("GET", "/v1/accounts")).items).toEqual([]);
    await again(page);
  });
});

/** How long (ms) a browser lets a page open windows after a click, and after each look of ours into the page. */
const ACTIVATION = 5_000;

/** The host's page asks long after any click, so that the browser itself blocks the window. */
async function connectUnasked(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Connect Pipeline" }).waitFor();
  await page.evaluate(() => {
    const element = document.querySelector("inlay-accounts") as HTMLElement & { connect(app: string): Promise<unknown> };
    void element.connect("pipeline").catch(() => undefined);
  });
  const choice = page.getByRole("button", { name: /Sign in with Pipeline/ });
  await choice.evaluate((button, ms) => void setTimeout(() => (button as HTMLElement).click(), ms), ACTIVATION + 500);
  await page.waitForTimeout(ACTIVATION + 1_000);
  await page.getByText("Your browser blocked the window").waitFor();
}
