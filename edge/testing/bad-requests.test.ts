// Cases T, O, S, F, C and A of what comes in badly, through the whole Worker, each by its number, with what the user reads. SECURITY.md
// says where the others are held.
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunDetail } from "../../shared/api/run.ts";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "./call-edge.ts";
import { fakeProvider } from "./fake-provider.ts";
import { ended } from "./integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

const APP = `inlay: 1
key: desk
name: Desk
baseUrl: "https://{{ account.sub }}.desk.example"
auth:
  - key: key
    type: api_key
    name: X-Api-Key
    fields:
      - { key: key, type: secret, label: Key, required: true }
      - { key: sub, type: text, label: Subdomain, required: true }
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
`;
const OWN = `
inlay: 1
key: own
name: Own
baseUrl: "{{ account.url }}"
auth:
  - key: key
    type: api_key
    name: X-Api-Key
    fields: [{ key: key, type: secret, label: Key, required: true }, { key: url, type: url, label: Address, required: true }]
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `inlay: 1
key: odd
name: Odd
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: name, type: text, label: Name, validate: { maxLength: 50 } }
        - { key: extra, type: text, label: Extra, when: "{{ setup.name = 'more' }}" }
        - { key: code, type: text, label: Code, validate: { pattern: "^(a+)+$" } }
        - { key: hidden, type: html, label: "<b>x</b>" }
blocks:
  - key: expression
    name: Expression
    trigger: { call: { input: [{ key: say, type: text }] } }
    steps: [{ key: got, value: EXPRESSION }]
  - key: call
    name: Call
    trigger: { call: { input: [{ key: url, type: text }] } }
    steps: [{ key: got, http: { method: GET, url: "{{ trigger.url }}" } }]
  - key: run
    name: Run
    trigger: { call: {} }
    steps:
      - key: got
        code: |
          CODE
`;

let ws: TestWorkspace;
let ada: ReturnType<typeof edgeClient>;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(APP);
  await ws.app(OWN);
  await ws.flow(FLOW.replace("EXPRESSION", '"x"').replace("CODE", "export default () => 1"));
  ada = edgeClient(await ws.token({ sub: "ada" }));
});
afterEach(() => void vi.unstubAllGlobals());

const refusal = (status: number, code: string, words: RegExp) => ({ status, body: { code, detail: expect.stringMatching(words) } });
const setUp = (values: Record<string, unknown>, more: object = {}) =>
  ada("POST", "/v1/integrations", { flow: "odd", accounts: {}, values, ...more });
const reader = { readRun: async (id: string) => (await ada("GET", `/v1/runs/${id}`)).body as RunDetail };

/** The run of `block`, with this expression or code in it. */
async function runOf(block: string, input: object, { expression = '"x"', code = "export default () => 1" } = {}) {
  await ws.flow(FLOW.replace("EXPRESSION", JSON.stringify(expression)).replace("CODE", code.replaceAll("\n", "\n          ")));
  const { id } = (await setUp({})).body;
  const started = await ada("POST", `/v1/integrations/${id}/blocks/${block}/run`, { input });
  expect(started.status).toBe(202);
  return ended(reader, started.body.run);
}

describe("T, a token that is not where or what it should be", () => {
  it("T08 names its tenant by itself: an org is no tenant, and without one there is no other's", async () => {
    const other = await makeWorkspace();
    const { body } = await setUp({});
    const same = edgeClient(await other.token({ sub: "ada", org: ws.id }));
    expect(await same("GET", `/v1/integrations/${body.id}`)).toMatchObject({ status: 404 });
    expect((await same("GET", "/v1/integrations")).body.items).toEqual([]);
  });

  it("T11 is good for many requests until it ends: it says who asks, not what for", async () => {
    const token = await ws.token({ sub: "ada" });
    for (let i = 0; i < 3; i++) expect(await edgeClient(token)("GET", "/v1/accounts")).toMatchObject({ status: 200 });
  });

  it("T16 in the address counts for nothing, nor does it in a cookie or another header", async () => {
    const token = await ws.token({ sub: "ada" });
    for (const name of ["token", "access_token", "authorization", "jwt"])
      expect(await edgeClient()("GET", `/v1/accounts?${name}=${token}`)).toMatchObject(
        refusal(401, "unauthenticated", /Authorization: Bearer/),
      );
    for (const headers of [
      { cookie: `token=${token}` },
      { "x-authorization": `Bearer ${token}` },
      { "x-user-id": "ada", "x-forwarded-user": "ada" },
    ])
      expect(await edgeClient()("GET", "/v1/accounts", undefined, headers)).toMatchObject({ status: 401 });
  });
});

describe("O, an account that is connected badly", () => {
  const connect = (fields: Record<string, string>) => ada("POST", "/v1/accounts", { app: "desk", auth: "key", fields });

  it.each(["evil.com/", "a.b@127.0.0.1", "x#", "x?", "x\r\nhost: evil", "x:80", "..", "x\\y", "{{ env }}", "[::1]", "x%2f"])(
    "O17 with the subdomain %j calls nobody else, and says which field it is",
    async (sub) => {
      const seen = fakeProvider(() => Response.json({ id: 1 }));
      const answer = await connect({ key: "k-12345678", sub });
      expect(answer).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path: "fields.sub" }] } });
      expect(answer.body.detail).toMatch(/\w/);
      expect(seen).toEqual([]);
    },
  );

  it.each([
    ...["https://10.0.0.1", "https://[::ffff:127.0.0.1]", "https://[64:ff9b::a9fe:a9fe]", "https://169.254.169.254/latest"],
    ...["https://metadata.google.internal", "https://localhost.", "http://own.example", "https://own.example:22", "https://edge.test./v1"],
    ...[
      "https://user:pass@own.example",
      "https://own.example@10.0.0.1",
      "https://own.example#",
      "https://own.example?x=",
      "ftp://own.example",
    ],
    ...["https://own.example/a/../..", "https://own.example\r\nx: y", "file:///etc/passwd", "javascript:alert(1)", "own.example"],
  ])("O17 with the address %j calls nobody, and says which field it is", async (url) => {
    const seen = fakeProvider(() => Response.json({ id: 1 }));
    const answer = await ada("POST", "/v1/accounts", { app: "own", auth: "key", fields: { key: "k-12345678", url } });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path: "fields.url" }] } });
    expect(seen).toEqual([]);
  });

  it("S13 S19 with an address that redirects to a private one, or to another host, gives nothing away", async () => {
    const seen = fakeProvider(({ path }) => {
      if (path === "/me") return new Response(null, { status: 302, headers: { location: "https://169.254.169.254/" } });
      if (path === "/b/me") return new Response(null, { status: 302, headers: { location: "https://other.example/c" } });
      return Response.json({ id: 1 });
    });
    const own = (url: string) => ada("POST", "/v1/accounts", { app: "own", auth: "key", fields: { key: "k-12345678", url } });
    expect(await own("https://own.example")).toMatchObject({ status: 422, body: { errors: [{ path: "fields.url" }] } });
    await own("https://own.example/b");
    expect(seen.map(({ path }) => path)).toEqual(["/me", "/b/me", "/c"]);
    expect(seen.map(({ headers }) => headers.get("x-api-key"))).toEqual(["k-12345678", "k-12345678", null]);
  });

  it("O19 with a key that no header can hold is refused at its field", async () => {
    const seen = fakeProvider(() => Response.json({ id: 1 }));
    for (const key of ["a\r\nx-admin: 1", "schlüssel", "k".repeat(100_000), "", "   "])
      expect(await connect({ key, sub: "a" })).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path: "fields.key" }] } });
    expect(seen).toEqual([]);
    expect((await connect({ key: "  good-key\n", sub: "a" })).status).toBe(201);
    expect(seen[0]?.headers.get("x-api-key")).toBe("good-key");
  });

  it("O20 while the app asks to wait is told to come later, not that the key is bad", async () => {
    fakeProvider(() => new Response(null, { status: 429, headers: { "retry-after": "7" } }));
    expect(await connect({ key: "k-12345678", sub: "a" })).toMatchObject(refusal(502, "app_failed", /later/));
  });

  it("O13 at an app that answers without end is cut off", async () => {
    fakeProvider(() => new Response("x".repeat(6_000_000)));
    expect(await connect({ key: "k-12345678", sub: "a" })).toMatchObject(refusal(502, "app_failed", /larger than 5 MB/));
  });
});

describe("S, a flow that calls where it must not", () => {
  it.each([
    ["S01", "http://127.0.0.1/"],
    ["S02", "https://2130706433/"],
    ["S04", "https://0177.0.0.1/"],
    ["S05", "https://127.1/"],
    ["S07", "https://[::1]/"],
    ["S07", "https://[0:0:0:0:0:0:0:1]/"],
    ["S08", "https://[::ffff:127.0.0.1]/"],
    ["S10", "https://[64:ff9b::a9fe:a9fe]/"],
    ["S11", "https://[2002:7f00:1::]/"],
    ["S13", "http://169.254.169.254/latest/meta-data/"],
    ["S13", "https://metadata.google.internal/"],
    ["S14", "https://foo.localhost/"],
    ["S14", "https://LOCALHOST./"],
    ["S20", "file:///etc/passwd"],
    ["S22", "https://good.example@evil.example/"],
    ["S23", "http://edge.test/v1/accounts"],
  ])("%s %s: the run fails in words, and nobody is called", async (_, url) => {
    const seen = fakeProvider(() => new Response("reached"));
    const run = await runOf("call", { url });
    expect(run).toMatchObject({ status: "failed", error: { code: "blocked", message: expect.stringMatching(/\w{3}/) } });
    expect(seen).toEqual([]);
  });
});

describe("F, expressions and forms", () => {
  it.each([
    ["F01", "{{ constructor.constructor('return 1')() }}"],
    ["F01", "{{ trigger.constructor }}"],
    ["F02", "{{ __proto__.x }}"],
    ["F02", "{{ trigger.`__proto__` }}"],
    ["F02", "{{ $lookup(trigger, '__proto__') }}"],
    ["F08", "{{ trigger.say.constructor.prototype }}"],
  ])("%s %s reaches nothing", async (_, expression) => {
    const run = await runOf("expression", { say: "hello" }, { expression });
    expect(run.status === "failed" || run.steps[0]?.output === null || run.steps[0]?.output === undefined).toBe(true);
    expect(JSON.stringify(run)).not.toMatch(/native code|\[object/);
  });

  it("F07 F13 takes no prototype key, no field that is hidden, and none that there is not", async () => {
    expect(await ada("POST", "/v1/integrations", '{"flow":"odd","accounts":{},"values":{"__proto__":{"a":1}}}')).toMatchObject(
      refusal(400, "bad_request", /__proto__/),
    );
    const made = await setUp({ name: "x", extra: "hidden", gone: 1, constructor: "y", hidden: "z" });
    expect(made.status === 422 || JSON.stringify(made.body.values) === '{"name":"x"}').toBe(true);
  });

  it("F11 answers a pattern that would never end in good time", async () => {
    const begun = Date.now();
    const answer = await setUp({ code: `${"a".repeat(40)}!` });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: "values.code" }] } });
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it("F16 keeps odd names as text, and says so where one is too long", async () => {
    const name = "\u202egnp.exe \u200b👩‍👩‍👧 <img src=x onerror=alert(1)>";
    const { body } = await setUp({}, { name });
    expect(body.name).toBe(name);
    expect(await setUp({}, { name: "n".repeat(10_000) })).toMatchObject({ status: 422, body: { errors: [{ path: "name" }] } });
  });
});

describe("C, code that means no good", () => {
  it.each([
    ["C01 an infinite loop", "export default () => { while (true) {} }", /time|steps|long/i],
    ["C02 memory without end", "export default () => { const a = []; while (true) a.push(new Array(10000).fill(1)); }", /memory|too long/i],
    ["C04 a promise that never settles", "export default () => new Promise(() => {})", /never|settle|promise/i],
    ["C05 a result of 50 MB", "export default () => 'x'.repeat(50_000_000)", /large|memory|bytes/i],
    ["C07 fetch", "export default () => fetch('https://a.example')", /fetch/i],
    ["C10 require", "export default () => require('fs')", /require/i],
    ["C10 process", "export default () => process.env", /process/i],
    ["C13 a cycle", "export default () => { const a = {}; a.a = a; return a }", /JSON|cyclic|circular/i],
    ["C14 a syntax error", "export default ((", /syntax|unexpected|expect/i],
    ["C14 a module that throws", "throw new Error('at load'); export default () => 1", /at load/],
  ])(
    "%s fails its run in words",
    async (_, code, words) => {
      const run = await runOf("run", {}, { code });
      expect(run).toMatchObject({ status: "failed", error: { message: expect.stringMatching(words) } });
    },
    60_000,
  );

  it("C11 pollutes nothing that the next run sees", async () => {
    const polluted = await runOf(
      "run",
      {},
      { code: "Object.prototype.stolen = 1; Array.prototype.map = () => 'mine';\nexport default () => [1].map((x) => x)" },
    );
    expect(polluted.status).toBe("succeeded");
    const clean = await runOf("run", {}, { code: "export default () => [({}).stolen === undefined, [1].map((x) => x + 1)]" });
    expect(clean.steps[0]?.output).toEqual([true, [2]]);
    expect(({} as Record<string, unknown>).stolen).toBeUndefined();
  });
});

describe("F, names that every object has", () => {
  const names = ["constructor", "toString", "hasOwnProperty", "valueOf", "__proto__"];
  it.each(names)("F08 %s is no app, flow, block, field, variable or secret", async (name) => {
    const { id } = (await setUp({})).body;
    const admin = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
    const flow = `inlay: 1\nkey: named\nname: N\naccounts: { a: { app: ${name} } }\nblocks: [{ key: b, name: B, trigger: { manual: {} }, steps: [{ key: s, query: a.${name} }] }]`;
    await admin("POST", "/v1/workspace/flows", flow, { "content-type": "application/yaml" });
    const answers = [
      await ada("POST", "/v1/accounts", { app: name, auth: name, fields: {} }),
      await ada("POST", "/v1/accounts/authorize", { app: name }),
      await ada("GET", `/v1/flows/${name}`),
      await ada("POST", "/v1/flows/odd/options", { field: name, accounts: {}, values: {} }),
      await ada("POST", `/v1/integrations/${id}/blocks/${name}/run`, {}),
      await ada("POST", "/v1/integrations", { flow: name }),
      await admin("GET", `/v1/workspace/apps/${name}/file`),
      await admin("POST", `/v1/workspace/apps/${name}/webhook`),
      await admin("POST", "/v1/workspace/flows/named/versions", {}),
      await admin("DELETE", `/v1/workspace/secrets/${name}`),
      await edgeClient()("POST", `/hooks/apps/${name}/${"x".repeat(43)}`, {}),
      await edgeClient()("POST", `/hooks/${id}/${name}/${"x".repeat(32)}`, {}),
    ];
    expect(answers.map(({ status }) => status >= 400 && status < 500)).toEqual(answers.map(() => true));
    expect([204, 400]).toContain((await admin("PUT", `/v1/workspace/variables/${name}`, { value: "x" })).status);
  });
});

describe("A, requests that try for more", () => {
  it("A02 with members of others are refused or do without them", async () => {
    const { id } = (await setUp({})).body;
    const before = (await ada("GET", `/v1/integrations/${id}`)).body;
    const answer = await ada("PATCH", `/v1/integrations/${id}`, {
      name: "n",
      workspace: "ws_x",
      user: "usr_x",
      role: "owner",
      isAdmin: true,
      id: "int_x",
      version: 9,
    });
    const after = (await ada("GET", `/v1/integrations/${id}`)).body;
    expect([200, 422]).toContain(answer.status);
    expect({ ...after, name: 0, updatedAt: 0 }).toEqual({ ...before, name: 0, updatedAt: 0 });
  });

  it("A05 with a cursor of another list, a changed one, or 10 kB of one are refused", async () => {
    for (let i = 0; i < 2; i++) await setUp({});
    const { nextCursor } = (await ada("GET", "/v1/integrations?limit=1")).body;
    const grace = edgeClient(await ws.token({ sub: "grace" }));
    expect(await grace("GET", `/v1/integrations?limit=1&cursor=${nextCursor}`)).toMatchObject(refusal(400, "bad_request", /cursor/));
    expect(await ada("GET", `/v1/accounts?cursor=${nextCursor}`)).toMatchObject(refusal(400, "bad_request", /cursor/));
    expect(await ada("GET", `/v1/integrations?cursor=${nextCursor}x`)).toMatchObject({ status: 400 });
    expect(await ada("GET", `/v1/integrations?cursor=${"a".repeat(10_000)}`)).toMatchObject({ status: 400 });
  });

  it("A07 with SQL where a filter is meant find nothing", async () => {
    const sql = encodeURIComponent("x' OR '1'='1");
    for (const path of [`/v1/integrations?flow=${sql}`, `/v1/flows?search=${sql}`, `/v1/accounts?app=${sql}`, `/v1/flows?category=${sql}`])
      expect(await ada("GET", path)).toMatchObject({ status: 200, body: { items: [] } });
  });

  it("A10 with a search of ten thousand wildcards are refused at once", async () => {
    expect(await ada("GET", `/v1/flows?search=${"%25".repeat(10_000)}`)).toMatchObject({ status: 400 });
  });

  it("with a parameter twice are refused, and no part of a request stands in for another (ASVS 15.3.7)", async () => {
    for (const query of ["limit=1&limit=2", "app=own&app=desk", "cursor=a&cursor=b"])
      expect(await ada("GET", `/v1/accounts?${query}`)).toMatchObject({ status: 400, body: { code: "bad_request" } });
    expect(await ada("POST", "/v1/accounts?app=own&auth=key", {})).toMatchObject({ status: 422, body: { code: "invalid" } });
    expect((await ada("GET", "/v1/accounts", undefined, { app: "own", cookie: "limit=1" })).status).toBe(200);
  });

  it("A16 keep their method, whatever a header says", async () => {
    const { id } = (await setUp({})).body;
    for (const header of ["x-http-method-override", "x-method-override", "x-http-method"])
      expect((await ada("GET", `/v1/integrations/${id}`, undefined, { [header]: "DELETE" })).status).toBe(200);
    expect((await ada("GET", `/v1/integrations/${id}?_method=DELETE`)).status).toBe(200);
    expect((await ada("GET", `/v1/integrations/${id}`)).status).toBe(200);
  });

  it("A17 of a form on another site are refused by their content type", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", "text/json"])
      expect(await ada("POST", "/v1/integrations", '{"flow":"odd"}', { "content-type": type })).toMatchObject(
        refusal(415, "unsupported_media_type", /application\/json/),
      );
  });

  it("with a method that a path does not take are told which it takes", async () => {
    const answer = await ada("DELETE", "/v1/flows");
    expect(answer).toMatchObject(refusal(405, "method_not_allowed", /GET/));
    expect(answer.headers.get("allow")).toBe("GET");
  });
});
