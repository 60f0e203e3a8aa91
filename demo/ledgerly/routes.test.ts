import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { exportJWK, generateKeyPair, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RunningServer } from "../http/listen.ts";
import { BrowserSession } from "../testing/browser-session.ts";
import { readJson } from "../testing/read-json.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { startLedgerly } from "./server.ts";

const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
const privateJwk = await exportJWK(privateKey);

interface Raised {
  id: string;
  type: string;
  user: string;
  data: { id: string; total: number; currency: string; customer: { email: string } };
}

let folder: ReturnType<typeof temporaryFolder>;
let ledgerly: RunningServer;
let raised: { authorization: string | undefined; event: Raised }[];
let statuses: number[];
const edge = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    if (request.url === "/v1/workspace/events") raised.push({ authorization: request.headers.authorization, event: JSON.parse(body) });
    response.writeHead(statuses.shift() ?? 202, { "Content-Type": "application/json" }).end("{}");
  });
});
const edgeUrl = () => `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;
const configFile = () => join(folder.path, "ledgerly.json");
const configure = (changes: object = {}) => {
  const config = { edgeUrl: edgeUrl(), workspaceId: "ws_demo", kid: "key_1", privateJwk, apiToken: "inlay_secret", ...changes };
  writeFileSync(configFile(), JSON.stringify(config));
};
const session = (user: unknown) =>
  fetch(`${ledgerly.url}/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user }) });
const tokenOf = async (user: string) => (await readJson<{ token: string }>(session(user))).token;
const text = async (path: string) => (await fetch(ledgerly.url + path)).text();

beforeEach(async () => {
  raised = [];
  statuses = [];
  folder = temporaryFolder();
  await new Promise<void>((resolve) => edge.listen(0, "127.0.0.1", () => resolve()));
  ledgerly = await startLedgerly({ port: 0, host: "127.0.0.1", dataDir: folder.path, configFile: configFile(), retryMs: 30 });
});
afterEach(async () => {
  await ledgerly.close();
  edge.closeAllConnections();
  await new Promise((resolve) => edge.close(resolve));
  folder.remove();
});

describe("user tokens", () => {
  test("carry the claims that Inlay asks for, signed with the workspace's key, good for 15 minutes at most", async () => {
    configure();
    const { payload, protectedHeader } = await jwtVerify(await tokenOf("ada"), publicKey, { issuer: "ws_demo", audience: "inlay" });
    expect(protectedHeader).toMatchObject({ alg: "ES256", kid: "key_1" });
    expect(payload).toMatchObject({ sub: "ada", org: "north", name: "Ada Lovelace", email: "ada@northlight.example", locale: "en-GB" });
    expect(payload.attributes).toMatchObject({ timezone: "Europe/Berlin", plan: "business" });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(900);
    const grace = await jwtVerify(await tokenOf("grace"), publicKey);
    expect(grace.payload).toMatchObject({ sub: "grace", org: "south" });
    expect(grace.payload.jti).not.toBe(payload.jti);
  });

  test.each(["eve", undefined, "__proto__"])("there is none for %s", async (user) => {
    configure();
    const answer = await session(user);
    expect(answer.status).toBe(404);
    expect((await readJson<{ message: string }>(answer)).message).toContain("ada and grace");
  });

  test("may be fetched from pages on this machine alone", async () => {
    configure();
    const allowed = async (origin: string) =>
      (await fetch(`${ledgerly.url}/session`, { method: "OPTIONS", headers: { Origin: origin } })).headers.get(
        "Access-Control-Allow-Origin",
      );
    expect(await allowed("http://localhost:5173")).toBe("http://localhost:5173");
    expect(await allowed("http://localhost.evil.example")).toBeNull();
  });
});

describe("until Inlay has started", () => {
  test("pages and tokens say so, and work as soon as the file is there, and follow it when it changes", async () => {
    expect((await session("ada")).status).toBe(503);
    expect(await text("/integrations")).toContain("Inlay is starting");
    configure();
    expect(await text("/integrations")).toContain(`src="${edgeUrl()}/inlay.js"`);
    configure({ workspaceId: "ws_another_one" });
    await expect(jwtVerify(await tokenOf("ada"), publicKey, { issuer: "ws_another_one" })).resolves.toBeDefined();
  });

  test("a file that is not right is told apart from none, with what is wrong", async () => {
    configure({ privateJwk: { kty: "RSA" } });
    expect(await text("/integrations")).toContain("privateJwk must be a private EC key on P-256");
  });
});

describe("the pages that embed the element", () => {
  test("the strict page sends exactly the policy that Inlay promises to work under, and has no script of its own", async () => {
    configure();
    const response = await fetch(`${ledgerly.url}/integrations?csp=strict&tag=crm`);
    expect(response.headers.get("Content-Security-Policy")).toBe(
      `script-src ${edgeUrl()}; style-src 'self'; connect-src ${edgeUrl()}; img-src ${edgeUrl()} data:; ` +
        "require-trusted-types-for 'script'; trusted-types lit-html",
    );
    const page = await response.text();
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([`<script type="module" src="${edgeUrl()}/inlay.js">`]);
    const [, token = ""] = /<inlay-marketplace token="([^"]+)" tag="crm"/.exec(page) ?? [];
    await expect(jwtVerify(token, publicKey)).resolves.toBeDefined();
  });

  test("the bare page holds the script tag and the element for the user that is asked for", async () => {
    configure();
    const page = await text("/embed?user=grace&tag=crm%2Bbeta&theme=dark&onclick=x");
    const [, token = "", rest] = /<inlay-marketplace token="([^"]+)"([^>]*)><\/inlay-marketplace>/.exec(page) ?? [];
    expect((await jwtVerify(token, publicKey)).payload.sub).toBe("grace");
    expect(rest).toBe(' tag="crm+beta" theme="dark"');
    expect((await fetch(`${ledgerly.url}/embed?user=eve`)).status).toBe(404);
  });

  test("what comes from the address cannot break out of its attribute", async () => {
    configure();
    const page = await text(`/embed?tag=${encodeURIComponent('"><script>alert(1)</script>')}&element=script`);
    expect(page).not.toContain("<script>alert");
    expect(page).toContain("<inlay-marketplace ");
  });
});

describe("a paid invoice", () => {
  const pay = async (browser: BrowserSession) =>
    readJson<{ invoice: Raised["data"]; event: { state: string } }>(await browser.post("/invoices/next/pay", {}));

  test("raises order.paid once for the user, through the backend with the API token", async () => {
    configure();
    const done = await pay(new BrowserSession(ledgerly.url));
    expect(done.event.state).toBe("sent");
    expect(raised).toHaveLength(1);
    const [{ authorization, event }] = raised as [(typeof raised)[number]];
    expect(authorization).toBe("Bearer inlay_secret");
    expect(event).toMatchObject({ id: `order.paid ${done.invoice.id}`, type: "order.paid", user: "ada", data: done.invoice });
    expect(event.data.total).toBeGreaterThan(0);
    await new BrowserSession(ledgerly.url).post(`/invoices/${done.invoice.id}/pay`, {});
    expect(raised).toHaveLength(1);
  });

  test("there always is another one, and each org has its own", async () => {
    configure();
    const browser = new BrowserSession(ledgerly.url);
    const paid = new Set<string>();
    for (let nth = 0; nth < 12; nth++) paid.add((await pay(browser)).invoice.id);
    expect(paid.size).toBe(12);
    const grace = new BrowserSession(ledgerly.url);
    await grace.post("/switch", { user: "grace", back: "/" });
    expect((await pay(grace)).invoice.id).toMatch(/^SB-/);
    expect(raised.at(-1)?.event.user).toBe("grace");
    const [ours = ""] = paid;
    expect((await grace.post(`/invoices/${ours}/pay`, {})).status).toBe(404);
  });

  test("an event that Inlay could not take is sent again under the same id until it is taken", async () => {
    configure();
    statuses = [503, 503];
    const done = await pay(new BrowserSession(ledgerly.url));
    expect(done.event.state).toBe("waiting");
    await vi.waitFor(() => expect(raised).toHaveLength(3));
    expect(new Set(raised.map(({ event }) => event.id)).size).toBe(1);
  });

  test("an event that Inlay refuses is not sent again, and the page hears why", async () => {
    configure();
    statuses = [403];
    const done = await pay(new BrowserSession(ledgerly.url));
    expect(done.event).toMatchObject({ state: "refused", answer: expect.stringContaining("403") });
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(raised).toHaveLength(1);
  });

  test("is not paid by a form of another site", async () => {
    configure();
    const headers = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const answer = await fetch(`${ledgerly.url}/invoices/next/pay`, { method: "POST", headers, body: new URLSearchParams() });
    expect(answer.status).toBe(403);
  });
});
