// Odd values in flows and forms, by their numbers in the list of bad-input cases (F05, F10, F14, S26).
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { guardedFetch } from "../providers/http/guarded-fetch.ts";
import { edgeClient } from "./call-edge.ts";
import { configured, ended, fakeOutside, makeConfig } from "./integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const block = (steps: string) => `
blocks:
  - { key: go, name: Go, trigger: { call: { input: [{ key: v, type: text }] } }, steps: [${steps}] }
`;

describe("F05 steps that read each other in a circle", () => {
  it("read nothing of what comes after them, and the run ends", async () => {
    const flow = block('{ key: a, value: "{{ steps.b }}" }, { key: b, value: "{{ [steps.a, 1] }}" }');
    const { object } = await configured(makeConfig(flow));
    const accepted = await object.runNow("go", { v: "" });
    if (!accepted.ok) throw new Error(accepted.message);
    expect(await ended(object, accepted.run)).toMatchObject({ status: "succeeded", output: [1] });
  });

  it("of blocks that call each other end where calls are too deep", async () => {
    const flow = `
blocks:
  - { key: go, name: Go, trigger: { call: {} }, steps: [{ key: on, call: back }] }
  - { key: back, name: Back, trigger: { call: {} }, steps: [{ key: on, call: go }] }
`;
    const { object } = await configured(makeConfig(flow));
    const accepted = await object.runNow("go", {});
    if (!accepted.ok) throw new Error(accepted.message);
    expect(await ended(object, accepted.run)).toMatchObject({ status: "failed", error: { code: "calls_too_deep" } });
  });
});

describe("F10 a value from outside", () => {
  /** What reaches the target, or why nothing does, where `value` stands in a request's parts. */
  async function send(http: string, value: string) {
    const calls = fakeOutside(() => ({}));
    const { object } = await configured(makeConfig(block(`{ key: call, retry: { attempts: 1 }, http: ${http} }`)));
    const accepted = await object.runNow("go", { v: value });
    if (!accepted.ok) throw new Error(accepted.message);
    return { run: await ended(object, accepted.run), calls };
  }
  const odd = "a/../b?x=1&y=2#z \u00e9";

  it("in a path stays in its segment", async () => {
    const { calls } = await send('{ url: "https://target.test/items/{{ trigger.v }}/end" }', odd);
    const { pathname, search, hash } = new URL(calls[0]?.url ?? "");
    expect([search, hash]).toEqual(["", ""]);
    expect(pathname.split("/")).toHaveLength(4);
    expect(decodeURIComponent(pathname.split("/")[2] ?? "")).toBe(odd);
  });

  it("in a query stays in its parameter", async () => {
    const { calls } = await send('{ url: "https://target.test/", query: { q: "{{ trigger.v }}" } }', odd);
    expect([...new URL(calls[0]?.url ?? "").searchParams]).toEqual([["q", odd]]);
  });

  it.each(["evil.test/", "evil.test#", "evil.test?", "evil.test\\", "a@evil.test", "evil.test:8443", "evil.test%2f", "127.0.0.1/"])(
    "%j in a host leads nowhere else",
    async (value) => {
      const { run, calls } = await send('{ url: "https://{{ trigger.v }}.target.test/" }', value);
      for (const { url } of calls) expect(new URL(url).hostname.endsWith(".target.test")).toBe(true);
      if (calls.length === 0) expect(run).toMatchObject({ status: "failed", error: { message: expect.stringMatching(/\w{3}/) } });
    },
  );

  it.each(["x\r\nx-admin: 1", "x\nset-cookie: a=b", "x\u0000y"])("%j in a header adds none", async (value) => {
    const { run, calls } = await send('{ url: "https://target.test/", headers: { x-note: "{{ trigger.v }}" } }', value);
    expect(calls).toEqual([]);
    expect(run).toMatchObject({ status: "failed", error: { code: "blocked", message: expect.stringContaining("x-note") } });
  });

  it("in a body is data", async () => {
    const text = `"}, "admin": true, {"x": "`;
    const { calls } = await send('{ method: POST, url: "https://target.test/", body: { note: "{{ trigger.v }}" } }', text);
    expect(calls[0]?.body).toEqual({ note: text });
  });
});

const APP = `inlay: 1
key: lists
name: Lists
baseUrl: https://lists.test
auth: [{ key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, required: true }] }]
test: { query: me, id: "{{ body.id }}" }
queries:
  me: { request: { path: /me } }
  list: { request: { path: /list }, output: "{{ body }}" }
`;
const FLOW = `inlay: 1
key: choose
name: Choose
instances: many
accounts: { lists: { app: lists } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: pick, type: select, label: Pick, options: { query: lists.list, value: id, label: name } }
        - { key: given, type: select, label: Given, options: [red, blue] }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]
`;

describe("F14 a field with options", () => {
  let ada: ReturnType<typeof edgeClient>;
  let account: string;
  let answer: () => Response = () => Response.json([]);
  const ask = () => ada("POST", "/v1/flows/choose/options", { field: "pick", accounts: { lists: account }, values: {} });

  beforeAll(async () => {
    await ws.app(APP);
    await ws.flow(FLOW);
    ada = edgeClient(await ws.token({ sub: "ada" }));
    outside();
    account = (await ada("POST", "/v1/accounts", { app: "lists", auth: "key", fields: { key: "k-12345678" } })).body.id;
  });
  const outside = () =>
    vi.stubGlobal("fetch", async (input: RequestInfo | URL) =>
      new URL(new Request(input).url).pathname === "/me" ? Response.json({ id: "me" }) : answer(),
    );

  it("takes none that is not in a given list", async () => {
    outside();
    const made = await ada("POST", "/v1/integrations", { flow: "choose", accounts: { lists: account }, values: { given: "green" } });
    expect(made).toMatchObject({ status: 422, body: { errors: [{ path: "values.given" }] } });
  });

  it("shows 100,000 options a page at a time, in good time", async () => {
    const many = JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, name: `n${id}` })));
    answer = () => new Response(many, { headers: { "content-type": "application/json" } });
    outside();
    const since = Date.now();
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.items).toHaveLength(100);
    expect(body.nextCursor).toBeTruthy();
    expect(Date.now() - since).toBeLessThan(8_000);
  });

  it.each([
    ["HTML", () => new Response("<html><body>Sign in</body></html>", { headers: { "content-type": "text/html" } })],
    ["an error", () => new Response("no", { status: 500 })],
    ["something else than a list", () => Response.json({ a: { b: 1 } })],
    ["a list of nonsense", () => Response.json([null, 1, "x", { name: "no id" }, [[]]])],
    ["no JSON at all", () => new Response("{", { headers: { "content-type": "application/json" } })],
  ])("whose app answers with %s says so in words, or shows what there is", async (_, odd) => {
    answer = odd;
    outside();
    const { status, body } = await ask();
    if (status === 200) expect(Array.isArray(body.items)).toBe(true);
    else {
      expect([422, 502]).toContain(status);
      expect(body.detail).toMatch(/\w{3}/);
    }
    expect(JSON.stringify(body)).not.toMatch(/<html|native code|undefined/);
  });
});

describe("S26 an answer that is odd in itself", () => {
  const call = (answer: () => Response) => {
    vi.stubGlobal("fetch", async () => answer());
    return guardedFetch(env)({ method: "GET", url: "https://target.test/", headers: {} });
  };

  it("with a megabyte of headers is read, and its run keeps little of them", async () => {
    const big = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`x-${n}`, "h".repeat(1_000)]));
    fakeOutside(() => ({ headers: big, body: { ok: 1 } }));
    const { object } = await configured(makeConfig(block('{ key: call, http: { method: POST, url: "https://target.test/" } }')));
    const accepted = await object.runNow("go", { v: "" });
    if (!accepted.ok) throw new Error(accepted.message);
    const run = await ended(object, accepted.run);
    expect(["succeeded", "failed"]).toContain(run.status);
    expect(JSON.stringify(run.steps[0]?.response ?? {}).length).toBeLessThan(1_500_000);
  });

  it("whose gzip is broken is a fault, not half an answer", async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("half"));
        controller.error(new TypeError("Decompression failed."));
      },
    });
    expect(await call(() => new Response(broken, { headers: { "content-encoding": "gzip" } }))).toMatchObject({
      ok: false,
      code: "network",
    });
  });

  it.each(["nonsense", "utf-9000", '"', "x-user-defined; charset=utf-16"])("in the charset %j is read as it can be", async (charset) => {
    const answer = await call(() => new Response('{"n":"é"}', { headers: { "content-type": `application/json; charset=${charset}` } }));
    expect(answer).toMatchObject({ ok: true, body: expect.stringContaining('"n"') });
  });
});
