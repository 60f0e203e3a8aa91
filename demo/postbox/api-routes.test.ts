import { afterEach, expect, test } from "vitest";
import { BrowserSession } from "../testing/browser-session.ts";
import { readJson } from "../testing/read-json.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import type { Audience } from "./audience-store.ts";
import type { Member } from "./member.ts";
import { type PostboxOptions, startPostbox } from "./server.ts";

const KEY = `pb_${"n".repeat(24)}`;
const SOUTH_KEY = `pb_${"s".repeat(24)}`;

interface AudiencePage {
  audiences: Audience[];
  total: number;
}

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

async function start(options: Partial<PostboxOptions> = {}) {
  const folder = temporaryFolder();
  const server = await startPostbox({ port: 0, host: "127.0.0.1", dataDir: folder.path, key: KEY, southKey: SOUTH_KEY, ...options });
  closing.push(server.close, folder.remove);
  const api = (path: string, init: RequestInit = {}, key = KEY) =>
    fetch(`${server.url}/3.0${path}`, { ...init, headers: { "X-Api-Key": key, "Content-Type": "application/json" } });
  const audienceOf = async (name: string) => {
    const { audiences } = await readJson<AudiencePage>(api(`/audiences?q=${encodeURIComponent(name)}`));
    return audiences[0]?.id ?? "none";
  };
  const put = (audience: string, email: string, body: unknown) =>
    api(`/audiences/${audience}/members/${encodeURIComponent(email)}`, { method: "PUT", body: JSON.stringify(body) });
  return { url: server.url, dataDir: folder.path, api, audienceOf, put };
}

const FAST = { requestsPerSecond: 1000 };

test("names the company of the key, and tells where a key is when it is wrong or missing", async () => {
  const { api, url } = await start(FAST);
  expect(await readJson(api("/account"))).toEqual({ id: "pbx_north", company: "Northlight Studio" });
  expect(await readJson(api("/account", {}, SOUTH_KEY))).toEqual({ id: "pbx_south", company: "Southbay Freight" });
  for (const answer of [await api("/account", {}, `pb_${"x".repeat(24)}`), await fetch(`${url}/3.0/account`)]) {
    expect(answer.status).toBe(401);
    expect(await readJson(answer)).toMatchObject({ error: "invalid_key" });
  }
});

test("pages through audiences by offset until there are no more", async () => {
  const { api } = await start(FAST);
  const names: string[] = [];
  for (let offset = 0; ; offset += 2) {
    const page = await readJson<AudiencePage>(api(`/audiences?count=2&offset=${offset}`));
    expect(page.total).toBe(6);
    if (!page.audiences.length) break;
    names.push(...page.audiences.map(({ name }) => name));
  }
  expect(names).toEqual(["Beta testers", "Customer stories", "Partner bulletin", "Press list", "Product news", "Workshop invitations"]);
  expect((await api("/audiences?count=0")).status).toBe(400);
  expect((await api("/audiences?offset=-1")).status).toBe(400);
});

test("finds audiences by a part of the name, with no wildcard in it", async () => {
  const { api } = await start(FAST);
  const named = async (q: string) => (await readJson<AudiencePage>(api(`/audiences?q=${q}`))).audiences.map(({ name }) => name);
  expect(await named("news")).toEqual(["Product news"]);
  expect(await named("%25")).toEqual([]);
});

test("adds a member, updates it and keeps what was not sent", async () => {
  const { api, audienceOf, put } = await start(FAST);
  const audience = await audienceOf("Beta testers");
  expect((await api(`/audiences/${audience}/members/ada%40example.com`)).status).toBe(404);
  expect(
    (await put(audience, "ada@example.com", { email: "ada@example.com", status: "pending", fields: { FNAME: "Ada", CITY: "London" } }))
      .status,
  ).toBe(201);
  expect((await put(audience, "ADA@example.com", { status: "subscribed", fields: { LNAME: "Lovelace", CITY: "" } })).status).toBe(200);
  const member = await readJson<Member>(api(`/audiences/${audience}/members/ada%40example.com`));
  expect(member).toMatchObject({ email: "ada@example.com", status: "subscribed", fields: { FNAME: "Ada", LNAME: "Lovelace" } });
  expect(member.fields).not.toHaveProperty("CITY");
  await put(audience, "ada@example.com", { status: "pending" });
  expect((await readJson<Member>(api(`/audiences/${audience}/members/ada%40example.com`))).status).toBe("subscribed");
});

test.each([
  [{ fields: {} }, "FNAME (First name) is required and must not be empty"],
  [{ fields: { FNAME: "" } }, "FNAME (First name) is required and must not be empty"],
  [{ fields: { FNAME: "Ada", SHOE: "44" } }, "SHOE is not a merge field of this audience"],
  [{ fields: { FNAME: ["Ada"] } }, "FNAME (First name) must be text"],
  [{ fields: { FNAME: "Ada", BIRTHDAY: "tomorrow" } }, "BIRTHDAY (Birthday) must be a day like 1990-12-31"],
  [{ fields: { FNAME: "Ada" }, status: "maybe" }, "status must be one of subscribed, pending, unsubscribed"],
  [{ fields: { FNAME: "Ada" }, email: "other@example.com" }, "email in the body must be the address in the path"],
])("refuses %o: %s", async (body, message) => {
  const { audienceOf, put, api } = await start(FAST);
  const audience = await audienceOf("Beta testers");
  const answer = await put(audience, "ada@example.com", body);
  expect(answer.status).toBe(400);
  expect((await readJson<{ message: string }>(answer)).message).toBe(message);
  expect((await api(`/audiences/${audience}/members/ada%40example.com`)).status).toBe(404);
});

test("tells which merge fields there are and which is required", async () => {
  const { api, audienceOf } = await start(FAST);
  const { fields } = await readJson<{ fields: { tag: string; required: boolean }[] }>(
    api(`/audiences/${await audienceOf("Product")}/fields`),
  );
  expect(fields.filter(({ required }) => required).map(({ tag }) => tag)).toEqual(["FNAME"]);
  expect(fields.map(({ tag }) => tag)).toContain("SOURCE");
});

test("one company's audiences are not there for the other", async () => {
  const { api, audienceOf } = await start(FAST);
  const audience = await audienceOf("Product news");
  for (const path of ["", "/fields", "/members", "/members/a%40b.example"])
    expect((await api(`/audiences/${audience}${path}`, {}, SOUTH_KEY)).status).toBe(404);
});

test("lets five requests through in any second and answers the sixth 429 with Retry-After, each key for itself", async () => {
  let clock = 1_000_000;
  const { api, url } = await start({ now: () => clock });
  const ask = async (key = KEY) => (await api("/account", {}, key)).status;
  for (let nth = 0; nth < 5; nth++) {
    expect(await ask()).toBe(200);
    clock += 150;
  }
  const refused = await api("/account");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("Retry-After")).toBe("1");
  expect(await ask(SOUTH_KEY)).toBe(200);
  clock += 251; // the first of the five is now a second old, the others are not
  expect(await ask()).toBe(200);
  expect(await ask()).toBe(429);

  const browser = new BrowserSession(url);
  await browser.post("/sign-in", { person: "ada" });
  const page = await (await browser.get("/requests")).text();
  expect(page).toMatch(/Too many \(429\), last minute<\/dt>\s*<dd>2</);
});

test("data and keys are still there after a restart, and are not seeded again", async () => {
  const folder = temporaryFolder();
  const first = await startPostbox({ port: 0, host: "127.0.0.1", dataDir: folder.path, requestsPerSecond: 1000 });
  const browser = new BrowserSession(first.url);
  await browser.post("/sign-in", { person: "ada" });
  await browser.post("/audiences", { name: "Second life" });
  const [key] = /pb_[a-z0-9]{24}/.exec(await (await browser.get("/keys")).text()) ?? [];
  await first.close();
  const second = await startPostbox({ port: 0, host: "127.0.0.1", dataDir: folder.path, requestsPerSecond: 1000 });
  closing.push(second.close, folder.remove);
  const answer = fetch(`${second.url}/3.0/audiences?q=life`, { headers: { "X-Api-Key": key ?? "" } });
  expect((await readJson<AudiencePage>(answer)).audiences.map(({ name }) => name)).toEqual(["Second life"]);
});

test("a person edits a member on the page, and reads what is wrong beside the field", async () => {
  const { url, api, audienceOf } = await start(FAST);
  const audience = await audienceOf("Beta testers");
  const browser = new BrowserSession(url);
  await browser.post("/sign-in", { person: "ada" });
  const refused = await browser.post(`/audiences/${audience}/members`, { email: "new@example.com", status: "subscribed", CITY: "Rome" });
  expect(refused.status).toBe(422);
  const page = await refused.text();
  expect(page).toContain("FNAME (First name) is required");
  expect(page).toContain('value="Rome"');
  await browser.post(`/audiences/${audience}/members`, { email: "new@example.com", status: "subscribed", FNAME: "New" });
  expect((await api(`/audiences/${audience}/members/new%40example.com`)).status).toBe(200);
  await browser.post(`/audiences/${audience}/members/new%40example.com/remove`, {});
  expect((await api(`/audiences/${audience}/members/new%40example.com`)).status).toBe(404);
});
