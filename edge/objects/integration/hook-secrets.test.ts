import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunDetail } from "../../../shared/api/run.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { ended } from "../../testing/integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";

const APP = `inlay: 1
key: shop
name: Shop
baseUrl: https://shop.example
auth: [{ key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, label: Key }] }]
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
triggers:
  ordered:
    webhook:
      subscribe: { request: { method: POST, path: /hooks, body: { url: "{{ hook.url }}", secret: "{{ hook.secret }}" } }, id: "{{ body.id }}" }
      unsubscribe: { request: { method: DELETE, path: "/hooks/{{ subscription.id }}" } }
      verify: { scheme: standard-webhooks, secret: "{{ hook.secret }}" }
      output: "{{ $merge([body, { 'headers': headers }]) }}"
`;
const FLOW = `inlay: 1
key: orders
name: Orders
accounts: { shop: { app: shop } }
setup: { pages: [{ key: one, title: One, fields: [{ key: token, type: secret, label: Token }] }] }
blocks:
  - { key: came, name: Came, trigger: { app_event: shop.ordered }, steps: [{ key: got, value: "{{ trigger }}" }] }
  - key: signed
    name: Signed
    trigger: { webhook: { verify: { scheme: token, header: X-Proof, secret: "{{ setup.token }}" } } }
    steps: [{ key: got, value: "{{ trigger.headers }}" }]
  - { key: open, name: Open, trigger: { webhook: {} }, steps: [{ key: got, value: "{{ trigger.headers }}" }] }
`;

let ws: TestWorkspace;
let ada: ReturnType<typeof edgeClient>;
let integration: string;
let urls: Record<string, string>;
const subscriptions: { url: string; secret: string }[] = [];

beforeEach(async () => {
  subscriptions.length = 0;
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    if (new URL(new Request(input).url).pathname === "/hooks") subscriptions.push(JSON.parse(String(init?.body)));
    return Response.json({ id: "me" });
  });
  ws = await makeWorkspace();
  await ws.app(APP);
  await ws.flow(FLOW);
  ada = edgeClient(await ws.token({ sub: "ada" }));
  const account = (await ada("POST", "/v1/accounts", { app: "shop", auth: "key", fields: { key: "k-12345678" } })).body.id;
  const made = await ada("POST", "/v1/integrations", { flow: "orders", accounts: { shop: account }, values: { token: "the-pr00f" } });
  integration = made.body.id;
  urls = Object.fromEntries((made.body.blocks as { key: string; url?: string }[]).map(({ key, url }) => [key, url ?? ""]));
});
afterEach(() => void vi.unstubAllGlobals());

const hooksOf = () =>
  runInDurableObject(env.INTEGRATIONS.getByName(integration) as DurableObjectStub, (_, { storage }) =>
    storage.sql.exec<{ block: string; secret: string }>("SELECT block, secret FROM hook").toArray(),
  );
const post = async (url: string, body: string, headers: Record<string, string>) => {
  const response = await exports.default.fetch(
    new Request(new URL(url).href.replace(/^https?:\/\/[^/]+/, "http://edge.test"), {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    }),
  );
  return { status: response.status, body: (await response.json()) as { run: string } };
};
const runOf = (run: string) => ended({ readRun: async (id: string) => (await ada("GET", `/v1/runs/${id}`)).body as RunDetail }, run);
const signed = (secret: string, body: string) => {
  const at = new Date();
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return { "webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": new Webhook(secret).sign("msg_1", at, body) };
};

describe("the secret that Inlay makes for a subscription", () => {
  it("goes to the provider, verifies what it sends, and lies sealed", async () => {
    const { url, secret } = subscriptions[0] ?? { url: "", secret: "" };
    expect(secret).toMatch(/^whsec_/);
    const answer = await post(url, '{"order":1}', signed(secret, '{"order":1}'));
    expect(answer.status).toBe(202);
    expect((await runOf(answer.body.run)).input).toMatchObject({ order: 1 });
    const rows = await hooksOf();
    expect(rows.find(({ block }) => block === "came")?.secret).toMatch(/^v1\./);
    expect(JSON.stringify(rows)).not.toContain("whsec_");
    expect((await post(url, '{"order":1}', signed(`whsec_${btoa("another")}`, '{"order":1}'))).status).toBe(401);
  });

  it("of a hook from before secrets were sealed stays the same, and is sealed at its next use", async () => {
    const old = `whsec_${btoa("from the time before")}`;
    await runInDurableObject(env.INTEGRATIONS.getByName(integration) as DurableObjectStub, (_, { storage }) =>
      storage.sql.exec("UPDATE hook SET secret = ? WHERE block = 'came'", old),
    );
    await runInDurableObject(env.INTEGRATIONS.getByName(integration) as DurableObjectStub, (_, state) => state.abort()).catch(
      () => undefined,
    );
    const { url = "" } = subscriptions[0] ?? {};
    expect((await post(url, "{}", signed(old, "{}"))).status).toBe(202);
    expect((await hooksOf()).find(({ block }) => block === "came")?.secret).toMatch(/^v1\./);
    expect((await post(url, "{}", signed(old, "{}"))).status).toBe(202);
  });
});

describe("what proves the sender of a webhook", () => {
  const headers = {
    "x-proof": "the-pr00f",
    authorization: "Bearer abcdef",
    cookie: "s=1",
    "x-event": "order",
    "proxy-authorization": "Basic x",
  };

  it("is not kept in its run", async () => {
    const { url = "", secret = "" } = subscriptions[0] ?? {};
    const { "x-proof": _, ...others } = headers;
    const runs = [await post(urls.signed ?? "", "{}", headers), await post(url, "{}", { ...others, ...signed(secret, "{}") })];
    for (const { status, body } of runs) {
      expect(status).toBe(202);
      const { input } = (await runOf(body.run)) as { input: { headers: Record<string, string> } };
      expect(input.headers).toMatchObject({ "x-event": "order" });
      for (const name of ["authorization", "cookie", "proxy-authorization"]) expect(input.headers).not.toHaveProperty(name);
    }
    const stored = await runInDurableObject(env.INTEGRATIONS.getByName(integration) as DurableObjectStub, (_, { storage }) =>
      JSON.stringify([storage.sql.exec("SELECT * FROM run").toArray(), storage.sql.exec("SELECT * FROM journal").toArray()]),
    );
    expect(stored).not.toMatch(/the-pr00f|abcdef|"v1,/);
  });

  it("is not in an open webhook's run either, while all other headers are", async () => {
    const { body } = await post(urls.open ?? "", "{}", { ...headers, "x-signature": "abc" });
    const { input } = (await runOf(body.run)) as { input: { headers: Record<string, string> } };
    expect(Object.keys(input.headers)).not.toEqual(expect.arrayContaining(["authorization"]));
    expect(input.headers).toMatchObject({ "x-event": "order", "x-signature": expect.anything() });
  });
});
