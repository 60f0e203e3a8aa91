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

/** Ada without an account, on the host's page, in a browser of her own. */
async function arrive(headers: Record<string, string> = {}): Promise<Page> {
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
  return person.page;
}

const begin = async (page: Page) => {
  await page.getByRole("button", { name: "Connect Pipeline" }).click();
  await page.getByRole("button", { name: /Sign in with Pipeline/ }).click();
};

/** Signs in at Pipeline as Ada and allows what it asks. */
async function allow(page: Page): Promise<void> {
  await page.waitForURL(/\/oauth\/authorize|\/sign-in|\/login/);
  const who = page.getByRole("button", { name: /Continue as Ada/ });
  const decide = page.getByRole("button", { name: "Allow", exact: true });
  await who.or(decide).first().waitFor();
  if (await who.count()) await who.click();
  await decide.click();
}
const connected = (page: Page) => page.getByText("Connected", { exact: true }).first().waitFor();

describe("an account is connected", () => {
  it("from a page that is cut off from its windows (Cross-Origin-Opener-Policy: same-origin)", async () => {
    const page = await arrive({ "cross-origin-opener-policy": "same-origin" });
    await page.goto(host.url);
    const popup = await person.popup(() => begin(page));
    expect(await popup.evaluate(() => window.opener === null)).toBe(true);
    await allow(popup);
    await connected(page);
  });

  it("where the page was loaded again while its window was open", async () => {
    const page = await arrive();
    await page.goto(host.url);
    const popup = await person.popup(() => begin(page));
    await page.reload();
    await page.getByRole("button", { name: "Connect Pipeline" }).waitFor();
    await allow(popup);
    await connected(page);
  });

  it("in the same tab where no window opens, and leads back to the page", async () => {
    const page = await arrive();
    await page.addInitScript(() => {
      window.open = () => null;
    });
    await page.goto(`${host.url}/apps?tab=accounts`);
    await begin(page);
    await page.getByRole("button", { name: "Continue in this tab" }).click();
    await allow(page);
    await page.getByRole("link", { name: /^Back to localhost/ }).click();
    await page.waitForURL(`${host.url}/apps?tab=accounts`);
    await connected(page);
  });
});
