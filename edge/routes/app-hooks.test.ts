import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { setSecret } from "../db/settings.ts";
import { createApiToken } from "../db/tokens.ts";
import { sealSecret } from "../security/seal.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const CHAT = `
inlay: 1
key: chat
name: Chat
baseUrl: https://chat.example
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
webhook:
  verify: { scheme: hmac, secret: "{{ secrets.CHAT_SIGNING }}", header: x-chat-signature }
  challenge: "{{ body.type = 'verify' ? body.challenge : '' }}"
  account: "{{ body.teams ? body.teams : body.team }}"
triggers:
  posted:
    webhook:
      shared: true
      match: "{{ body.type = 'posted' }}"
      id: "{{ body.event }}"
      output: { text: "{{ body.text }}" }
  counted:
    webhook:
      shared: true
      match: "{{ body.type = 'counted' }}"
      id: "{{ body.event }}"
      output: { n: "{{ $number(body.n) }}" }
  spread:
    webhook:
      shared: true
      match: "{{ body.type = 'spread' }}"
      output: "{{ [body.text, body.text, body.text] }}"
`;
const PLAIN = "inlay: 1\nkey: plain\nname: Plain\n";
const FLOW = `
inlay: 1
key: on-post
name: On post
accounts: { c: { app: chat } }
setup: { pages: [{ key: p, title: P, fields: [{ key: c, type: account, required: true }] }] }
blocks:
  - { key: go, name: Go, trigger: { app_event: c.posted }, steps: [{ key: v, value: "{{ trigger.text }}" }] }
  - { key: too, name: Too, trigger: { app_event: c.posted }, steps: [{ key: v, value: 2 }] }
  - { key: count, name: Count, trigger: { app_event: c.counted }, steps: [{ key: v, value: "{{ trigger.n + 1 }}" }] }
  - { key: spread, name: Spread, trigger: { app_event: c.spread }, steps: [{ key: v, value: 1 }] }
`;

let ws: TestWorkspace;
let asMember: ReturnType<typeof edgeClient>;
let url: string;
const outside = edgeClient();

const sign = async (body: string, secret = "signing-secret") => {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(body)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
const send = async (value: unknown, headers: Record<string, string> = {}) => {
  const body = JSON.stringify(value);
  return outside("POST", url, body, { "content-type": "application/json", "x-chat-signature": await sign(body), ...headers });
};
async function userWith(name: string, team: string) {
  const as = edgeClient(await ws.token({ sub: name }));
  const account = await ws.account(await ws.user(name), "chat", { auth: "token", externalId: team });
  const { id } = (await as("POST", "/v1/integrations", { flow: "on-post", accounts: { c: account } })).body;
  const texts = async () =>
    ((await as("GET", `/v1/integrations/${id}/runs?block=go`)).body.items as { id: string; status: string }[]).length;
  return { as, id, texts };
}

beforeAll(async () => {
  ws = await makeWorkspace();
  await Promise.all([ws.app(CHAT), ws.app(PLAIN)]);
  await ws.flow(FLOW);
  await setSecret(ws.db, ws.id, "CHAT_SIGNING", await sealSecret(env, ws.id, "secret/CHAT_SIGNING", "signing-secret"));
  asMember = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["write"], expiresAt: null })).token);
  url = new URL((await asMember("POST", "/v1/workspace/apps/chat/webhook")).body.url).pathname;
});

describe("an app's one webhook for all customers", () => {
  it("has one address, which is the same each time; apps without one have none", async () => {
    expect(url).toMatch(/^\/hooks\/apps\/chat\/[0-9A-Za-z]{43}$/);
    const again = (await asMember("POST", "/v1/workspace/apps/chat/webhook")).body;
    expect(new URL(again.url).pathname).toBe(url);
    expect(again.secret).toMatch(/^whsec_/);
    expect(await asMember("POST", "/v1/workspace/apps/plain/webhook")).toMatchObject({ status: 409 });
    expect(await asMember("POST", "/v1/workspace/apps/none/webhook")).toMatchObject({ status: 404 });
    expect(await outside("POST", url.replace("chat", "plain"), "{}")).toMatchObject({ status: 404 });
    expect(await outside("POST", `/hooks/apps/chat/${"x".repeat(43)}`, "{}")).toMatchObject({ status: 404 });
  });

  it("starts the blocks of those whom a call is about, once, and of nobody else", async () => {
    const [ada, ben, cy] = [await userWith("ada", "T1"), await userWith("ben", "T1"), await userWith("cy", "T2")];
    const call = { type: "posted", team: "T1", event: "ev1", text: "hello" };
    const answer = await send(call);
    expect(answer).toMatchObject({ status: 202, body: { id: expect.stringMatching(/^evt_/) } });
    await expect.poll(async () => [await ada.texts(), await ben.texts()], { timeout: 5_000 }).toEqual([1, 1]);
    await send(call);
    await send({ type: "posted", teams: ["T1", "T2"], event: "ev2", text: "both" });
    await expect.poll(async () => [await ada.texts(), await ben.texts(), await cy.texts()], { timeout: 5_000 }).toEqual([2, 2, 1]);
    const all = (await ada.as("GET", `/v1/integrations/${ada.id}/runs`)).body.items as { id: string; block: string }[];
    expect(all.map(({ block }) => block).sort()).toEqual(["go", "go", "too", "too"]);
    const first = all.filter(({ block }) => block === "go").at(-1)?.id ?? "";
    await expect
      .poll(async () => (await ada.as("GET", `/v1/runs/${first}`)).body, { timeout: 5_000 })
      .toMatchObject({
        status: "succeeded",
        trigger: { type: "app_event" },
        input: { text: "hello" },
        output: "hello",
      });
    await send({ type: "edited", team: "T2", event: "ev3" });
    await cy.as("PATCH", `/v1/integrations/${cy.id}`, { enabled: false });
    await send({ type: "posted", team: "T2", event: "ev4" });
    await send({ type: "posted", team: "T1", event: "ev5" });
    await expect.poll(ada.texts, { timeout: 5_000 }).toBe(3);
    expect(await cy.texts()).toBe(1);
  });

  it("refuses a sender who cannot prove who it is, answers a challenge, and takes what is about nobody", async () => {
    expect(await send({ type: "posted", team: "T1" }, { "x-chat-signature": await sign("{}", "other") })).toMatchObject({
      status: 401,
      body: { code: "unauthenticated" },
    });
    expect(await send({ type: "verify", challenge: "c-123" })).toMatchObject({ status: 200, body: "c-123" });
    expect(await send({ type: "posted" })).toMatchObject({ status: 202, body: { ignored: true } });
    expect(await send({ type: "posted", teams: Array.from({ length: 100 }, (_, i) => `T${i}`) })).toMatchObject({ status: 413 });
  });

  it("leaves a run that has failed where its trigger cannot be read, which a retry reads again", async () => {
    const eve = await userWith("eve", "T5");
    const runs = async (block: string) => (await eve.as("GET", `/v1/integrations/${eve.id}/runs?block=${block}`)).body.items;
    const call = { type: "counted", team: "T5", event: "ev7", n: "7 apples" };
    await send(call);
    await expect.poll(async () => (await runs("count")).length, { timeout: 5_000 }).toBe(1);
    const [failed] = await runs("count");
    expect(failed).toMatchObject({
      status: "failed",
      tasks: 0,
      error: { code: "expression_value", class: "expression", field: "trigger" },
    });
    expect(failed.error.message).toContain("$number(body.n)");
    expect((await eve.as("GET", `/v1/runs/${failed.id}`)).body.input).toMatchObject({ method: "POST", body: call });
    expect(await eve.as("POST", `/v1/runs/${failed.id}/retry`, {})).toMatchObject({
      status: 422,
      body: { code: "invalid", detail: expect.stringContaining("$number(body.n)") },
    });
    expect(await eve.as("POST", `/v1/runs/${failed.id}/retry`, { input: { n: 7 } })).toMatchObject({ status: 202 });
    await ws.app(CHAT.replace("$number(body.n)", "$number($substringBefore(body.n, ' '))"));
    await eve.as("PATCH", `/v1/integrations/${eve.id}`, { enabled: true });
    const again = await eve.as("POST", `/v1/runs/${failed.id}/retry`, {});
    expect(again.status).toBe(202);
    await expect
      .poll(async () => (await runs("count")).map((run: { status: string }) => run.status), { timeout: 5_000 })
      .toEqual(["succeeded", "succeeded", "failed"]);
    const outputs = (await runs("count"))
      .slice(0, 2)
      .map(async ({ id }: { id: string }) => (await eve.as("GET", `/v1/runs/${id}`)).body.output);
    expect(await Promise.all(outputs)).toEqual([8, 8]);
    await ws.app(CHAT);
  });

  it("leaves one as well where what its trigger yields is more than a run takes", async () => {
    const fay = await userWith("fay", "T6");
    const runs = async () => (await fay.as("GET", `/v1/integrations/${fay.id}/runs?block=spread`)).body.items;
    await send({ type: "spread", team: "T6", text: "x".repeat(700_000) });
    await expect.poll(async () => (await runs()).length, { timeout: 5_000 }).toBe(1);
    expect((await runs())[0]).toMatchObject({ status: "failed", error: { code: "too_large" } });
  });

  it("starts what has room, whatever quota another block of the integration has used up", async () => {
    await ws.flow(FLOW.replace("on-post", "few-posts").replace("name: Go,", "name: Go, quota: { runs: 1, per: 30d },"));
    const as = edgeClient(await ws.token({ sub: "gus" }));
    const account = await ws.account(await ws.user("gus"), "chat", { auth: "token", externalId: "T7" });
    const { id } = (await as("POST", "/v1/integrations", { flow: "few-posts", accounts: { c: account } })).body;
    for (const event of ["ev20", "ev21", "ev22"]) await send({ type: "posted", team: "T7", event });
    const count = async (block: string) => (await as("GET", `/v1/integrations/${id}/runs?block=${block}`)).body.items.length;
    await expect.poll(async () => [await count("go"), await count("too")], { timeout: 5_000 }).toEqual([1, 3]);
  });

  it("is the only way in for its events", async () => {
    const dee = await userWith("dee", "T9");
    expect(await outside("POST", `/hooks/${dee.id}/go/${"x".repeat(32)}`, "{}")).toMatchObject({ status: 404 });
  });
});

it("an app with a shared trigger says whom its calls are about", async () => {
  const file = CHAT.replace(/webhook:\n {2}verify[\s\S]*?triggers:/, "triggers:");
  const { status, body } = await asMember("POST", "/v1/workspace/apps", file, { "content-type": "application/yaml" });
  expect([status, body.errors?.[0].path]).toEqual([422, "webhook"]);
});
