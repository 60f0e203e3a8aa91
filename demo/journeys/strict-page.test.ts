// What the widget leaves of a page: nothing. And what a page may demand of it: a strict policy, a version that stays, its hash.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Person } from "./browser.ts";
import { Caller, type DevInfo, Product } from "./product.ts";

const product = new Product();
let dev: DevInfo;
let person: Person;
/** A host app of one page. */
const host = { url: "", page: { policy: "", body: "" } };
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/html", "content-security-policy": host.page.policy }).end(host.page.body);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  host.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  dev = await product.start();
  person = await Person.arrive();
});
afterAll(async () => {
  await person?.leave();
  server.close();
  await product.stop();
});

interface Release {
  version: string;
  script: string;
  integrity: string;
  chunks: Record<string, string>;
}

/** A host page with `head`, of another origin than the edge, under the policy that Inlay promises to work under. */
async function visit(head: string): Promise<void> {
  const token = await fetch(`${dev.demoUrl}/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "ada" }),
  }).then(async (answer) => ((await answer.json()) as { token: string }).token);
  const policy = [
    ...["default-src 'none'", `script-src ${dev.edgeUrl} 'nonce-host'`, "style-src 'self'", `connect-src ${dev.edgeUrl}`],
    ...[`img-src ${dev.edgeUrl} data:`, "require-trusted-types-for 'script'", "trusted-types lit-html"],
  ].join("; ");
  const watch = `const seen = { violations: [], names: Object.getOwnPropertyNames(window) };
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => seen.violations.push(violatedDirective + " " + blockedURI));
    Object.defineProperty(document, "seen", { value: seen });`;
  host.page = {
    policy,
    body: `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><script nonce="host">${watch}</script>${head}</head>
      <body><inlay-marketplace api="${dev.edgeUrl}" token="${token}"></inlay-marketplace></body></html>`,
  };
  person.requests.length = 0;
  person.faults.length = 0;
  await person.page.goto(host.url);
}

describe("a page under a strict policy with Trusted Types", () => {
  it("shows the widget through a whole setup, and finds itself as it was", async () => {
    await visit(`<script type="module" src="${dev.edgeUrl}/inlay.js"></script>`);
    const { page, widget } = person;
    await person.button("Orders to any endpoint").click();
    await person.button("Set up").click();
    await widget.getByRole("textbox").first().fill("https://example.com/orders");
    await widget.evaluate((element) => (element as unknown as { close(): void }).close());
    await widget.getByRole("tab", { name: "Your integrations" }).click();
    await widget.getByRole("tab", { name: "Accounts" }).click();
    await widget.getByRole("button", { name: "Connect an account" }).click();
    await widget.getByRole("dialog").waitFor();
    const left = await page.evaluate(() => {
      const { violations, names } = (document as unknown as { seen: { violations: string[]; names: string[] } }).seen;
      return {
        violations,
        globals: Object.getOwnPropertyNames(window).filter((name) => !names.includes(name)),
        styles: document.styleSheets.length + document.adoptedStyleSheets.length,
        head: [...document.head.children].map(({ localName }) => localName),
        body: [...document.body.children].map(({ localName }) => localName),
        attributes: [...document.documentElement.attributes, ...document.body.attributes].map(({ name }) => name),
        storage: [localStorage.length, sessionStorage.length, document.cookie.length],
      };
    });
    expect(left).toEqual({
      violations: [],
      globals: [],
      styles: 0,
      head: ["link", "script", "script"],
      body: ["inlay-marketplace"],
      attributes: ["lang"],
      storage: [0, 0, 0],
    });
    expect(person.faults).toEqual([]);
    const origins = new Set(person.requests.map((url) => new URL(url).origin).filter((origin) => origin !== "null"));
    expect([...origins].sort()).toEqual([dev.edgeUrl, host.url].sort());
  });
});

describe("a version of the script", () => {
  it("stays at its address, and is taken by its hash, with those of its chunks", async () => {
    const listed = await fetch(`${dev.edgeUrl}/releases.json`);
    const [release] = ((await listed.json()) as { releases: Release[] }).releases;
    if (!release) throw new Error("no release is listed");
    const answer = await fetch(`${dev.edgeUrl}${release.script}`, { redirect: "manual" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toMatch(/immutable/);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    const chunks = Object.fromEntries(Object.entries(release.chunks).map(([path, hash]) => [`${dev.edgeUrl}${path}`, hash]));
    await visit(`<script type="importmap" nonce="host">${JSON.stringify({ integrity: chunks })}</script>
      <script type="module" src="${dev.edgeUrl}${release.script}" integrity="${release.integrity}" crossorigin></script>`);
    await person.button("Orders to any endpoint").waitFor();
    expect(person.faults).toEqual([]);
  });

  it("is refused by the browser where the hash is another's", async () => {
    await visit(`<script type="module" src="${dev.edgeUrl}/inlay@0.1.0.js" integrity="sha384-${"A".repeat(64)}" crossorigin></script>`);
    await expect.poll(() => person.faults.join()).toMatch(/integrity/);
    expect(await person.page.evaluate(() => customElements.get("inlay-marketplace"))).toBeUndefined();
  });
});

describe("the reference page", () => {
  it("shows each element on sample data, asks nobody, and has an accessible name for everything", async () => {
    person.requests.length = 0;
    person.faults.length = 0;
    const { page } = person;
    await page.goto(`${dev.edgeUrl}/docs/widget`);
    await person.button("Orders to any endpoint").waitFor();
    await page.locator("inlay-setup").getByText("Ada’s Pipeline").waitFor();
    await page.locator("inlay-integrations").getByRole("switch").first().waitFor();
    await page.locator("inlay-accounts").getByText("North Ltd").waitFor();
    await page.getByRole("combobox", { name: "Language" }).selectOption("de");
    await page.locator("inlay-accounts").getByRole("button", { name: "Konto verbinden" }).waitFor();
    await expect.poll(() => page.getByRole("log").textContent()).toContain("inlay-ready");
    expect(person.requests.filter((url) => /\/v1\//.test(url))).toEqual([]);
    expect(person.faults).toEqual([]);
  });
});

describe("a flow with translations", () => {
  it("speaks the page's language in the running product", async () => {
    const source = `inlay: 1
key: translated
name: Translated
setup: { pages: [{ key: p, title: Page, fields: [{ key: city, type: text, label: City }] }] }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]
translations: { pl: { name: Przetłumaczone, pages: { p: { title: Strona } }, fields: { city: { label: Miasto } } } }
`;
    const stored = await fetch(`${dev.edgeUrl}/v1/workspace/flows`, {
      method: "POST",
      headers: { authorization: `Bearer ${dev.apiToken}`, "content-type": "application/yaml" },
      body: source,
    });
    expect(stored.ok).toBe(true);
    await Caller.asHost(dev).ask("POST", "/v1/workspace/flows/translated/versions", {});
    await visit(`<script type="module" src="${dev.edgeUrl}/inlay.js"></script>`);
    await person.page.evaluate(() => document.querySelector("inlay-marketplace")?.setAttribute("lang", "pl-PL"));
    await person.button("Przetłumaczone").click();
    await person.button("Skonfiguruj").click();
    await person.widget.getByLabel("Miasto").waitFor();
  });
});
