// Third parties on a bad day, by their numbers in the list of fault cases (X25 to X32): a run calls again when it may, never sooner,
// always under the same key; what cannot be mended by calling again says so.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RunDetail } from "../../shared/api/run.ts";
import { AppFile } from "../../shared/flow/app-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { setSecret } from "../db/settings.ts";
import { sealSecret } from "../security/seal.ts";
import { configured, ended, makeConfig } from "./integration-config.ts";
import { makeWorkspace } from "./test-workspace.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Call {
  at: number;
  key: string | null;
}

/** Answers call number `index` (from 0) by `answer`; keeps when each came, and under which key. */
function outside(answer: (index: number, request: Request) => Response | Promise<Response>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    calls.push({ at: Date.now(), key: request.headers.get("idempotency-key") });
    return answer(calls.length - 1, request);
  });
  return calls;
}

/** The run of one POST, with `options` of its step. */
async function runOf(
  options: string,
  until?: string[],
): Promise<{ run: RunDetail; object: Awaited<ReturnType<typeof configured>>["object"] }> {
  const { object } = await configured(
    makeConfig(`
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: call, ${options}, http: { method: POST, url: "https://target.test/", body: {} } }] }
`),
  );
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error(accepted.message);
  return { run: await ended(object, accepted.run, until), object };
}

const FAST = "retry: { attempts: 5, base: 20ms, cap: 40ms }";
const oneKey = (calls: readonly Call[]) => {
  expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
  expect(calls[0]?.key).toMatch(/^run_\w+:call$/);
};

describe("a target that answers 429", () => {
  const soon = () => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 1_000);
  it.each([
    ["with seconds", () => ({ "retry-after": "1" }), 1_000],
    ["with a fraction of a second", () => ({ "retry-after": "0.3" }), 300],
    ["with a date", () => ({ "retry-after": soon().toUTCString() }), 1_000],
    ["with a date that is past", () => ({ "retry-after": "Wed, 01 Jan 2020 00:00:00 GMT" }), 0],
    ["with no word on when", () => ({}), 0],
    ["with words for a time", () => ({ "retry-after": "in a moment" }), 0],
    ["with the end of its window", () => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }), 1_000],
    ["with the standard's draft", () => ({ ratelimit: '"default";r=0;t=1' }), 1_000],
  ] as const)("X25 %s is called again, and not before", async (_, headers, wait) => {
    const calls = outside((index) => (index === 0 ? new Response(null, { status: 429, headers: headers() }) : Response.json({})));
    const { run } = await runOf(FAST);
    expect(run).toMatchObject({ status: "succeeded", steps: [{ attempts: 2, tasks: 2 }] });
    const [first, second] = calls as [Call, Call];
    expect(second.at - first.at).toBeGreaterThanOrEqual(wait);
    expect(second.at - first.at).toBeLessThan(wait + 3_000);
    oneKey(calls);
  });

  it("X25 with ten days is waited for that long, without holding anything", async () => {
    const calls = outside(() => new Response(null, { status: 429, headers: { "retry-after": "864000" } }));
    const { run, object } = await runOf(FAST, ["waiting"]);
    expect(run.reason).toMatch(/tried again/);
    const [row] = await runInDurableObject(object, (_, { storage }) =>
      storage.sql.exec<{ wake: number }>("SELECT wake FROM run").toArray(),
    );
    expect(((row?.wake ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(10, 2);
    expect(calls).toHaveLength(1);
  });
});

describe("a target that fails for a while", () => {
  it("X26 with 500, 502, 503 and 504 is called again until it answers", async () => {
    const statuses = [500, 502, 503, 504];
    const calls = outside((index) =>
      statuses[index] ? new Response("down", { status: statuses[index] ?? 500 }) : Response.json({ ok: true }),
    );
    const { run } = await runOf(FAST);
    expect(run).toMatchObject({ status: "succeeded", tasks: 5, steps: [{ attempts: 5 }] });
    oneKey(calls);
  });

  it("X26 for longer than its attempts has failed the run, with what it said", async () => {
    const calls = outside(() => new Response("the database is on fire", { status: 503 }));
    const { run } = await runOf(FAST);
    expect(run).toMatchObject({ status: "failed", error: { code: "http_503", step: "call", retryable: true } });
    expect(calls).toHaveLength(5);
  });

  it.each([
    [
      "X28 that resets the connection in the middle of its body",
      () =>
        new Response(
          new ReadableStream({
            type: "bytes",
            start(controller) {
              controller.enqueue(new TextEncoder().encode('{"half":'));
              controller.error(new Error("connection reset by peer"));
            },
          }),
        ),
    ],
    ["X31 whose name is not found", () => Promise.reject(new TypeError("getaddrinfo ENOTFOUND target.test"))],
    ["X31 whose name is not found in time", () => Promise.reject(new TypeError("getaddrinfo EAI_AGAIN target.test"))],
    [
      "X31 whose certificate is over",
      () => Promise.reject(new TypeError("TLS peer's certificate is not trusted; reason = certificate has expired")),
    ],
    ["X31 that closes the door", () => Promise.reject(new TypeError("connect ECONNREFUSED"))],
  ])("%s is called again under the same key", async (_, fault) => {
    const calls = outside((index) => (index < 2 ? fault() : Response.json({})));
    const { run } = await runOf(FAST);
    expect(run).toMatchObject({ status: "succeeded", steps: [{ attempts: 3 }] });
    oneKey(calls);
  });

  it("X29 that drips is left when the step's time is over, and called again", async () => {
    const drip = () =>
      new Response(
        new ReadableStream({
          type: "bytes",
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            controller.enqueue(new Uint8Array([32]));
          },
        }),
      );
    const calls = outside((index) => (index === 0 ? drip() : Response.json({})));
    const since = Date.now();
    const { run } = await runOf(`timeout: 1s, ${FAST}`);
    expect(run).toMatchObject({ status: "succeeded", steps: [{ attempts: 2 }] });
    expect(Date.now() - since).toBeLessThan(6_000);
    oneKey(calls);
  });
});

const APP = `
inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: CRM_ID, secret: CRM_SECRET } }
  - { key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret }] }
test: { query: me }
queries: { me: { request: { path: /me } } }
actions:
  send: { input: [{ key: n, type: number }], request: { method: POST, path: /send, body: { n: "{{ input.n }}" }, idempotency: Idempotency-Key } }
`;

const TWICE = `{ key: one, action: crm.send, with: { n: 1 }, ${FAST} }, { key: two, action: crm.send, with: { n: 2 }, ${FAST} }`;

/** An integration of a flow that sends twice with an account, or has these steps. */
async function connected(
  credentials: { auth: string; fields: Record<string, string>; accessToken?: string; refreshToken?: string; expiresAt?: number },
  steps = TWICE,
) {
  const ws = await makeWorkspace();
  for (const name of ["CRM_ID", "CRM_SECRET"])
    await setSecret(ws.db, ws.id, name, await sealSecret(env, ws.id, `secret/${name}`, "client"));
  const id = await ws.account(await ws.user("ada"), "crm", { auth: credentials.auth });
  const app = readFile(APP, AppFile);
  if (!app.ok) throw new Error("the app");
  const account = env.ACCOUNTS.getByName(id);
  const establish = (fresh: typeof credentials) => account.establish({ id, workspace: ws.id, app: app.value, env: {} }, fresh);
  await establish(credentials);
  const other = await ws.account(await ws.user("ada"), "crm", { auth: credentials.auth });
  await env.ACCOUNTS.getByName(other).establish({ id: other, workspace: ws.id, app: app.value, env: {} }, credentials);
  const flow = `
accounts: { crm: { app: crm }, other: { app: crm } }
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    concurrency: 20
    steps: [${steps}]
`;
  const { object } = await configured(makeConfig(flow, { workspace: ws.id, accounts: { crm: id, other }, appFiles: [APP] }));
  const start = async () => {
    const accepted = await object.runNow("go", {});
    if (!accepted.ok) throw new Error(accepted.message);
    return accepted.run;
  };
  return { object, start, establish, id };
}

describe("an account", () => {
  it("X32 that is refused in the middle of a run, and not renewed either, holds the run until it is connected again", async () => {
    let isGood = true;
    const calls = outside((_, request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/token") return Response.json({ error: "invalid_grant" }, { status: 400 });
      if (isGood || request.headers.get("authorization") === "Bearer second") {
        isGood = false;
        return Response.json({});
      }
      return Response.json({ message: "token revoked" }, { status: 401 });
    });
    const oauth = { auth: "oauth", fields: {}, accessToken: "first", refreshToken: "r1", expiresAt: Date.now() + 600_000 };
    const { object, start, establish, id } = await connected(oauth);
    const run = await start();
    expect(await ended(object, run, ["waiting"])).toMatchObject({ reason: expect.stringContaining("CRM must be connected again") });
    await establish({ ...oauth, accessToken: "second" });
    await object.accountRestored(id);
    expect(await ended(object, run)).toMatchObject({ status: "succeeded", steps: [{ attempts: 1 }, { key: "two" }] });
    expect(calls.filter(({ key }) => key === `${run}:one`)).toHaveLength(1);
    expect(calls.filter(({ key }) => key === `${run}:two`)).toHaveLength(2);
  });

  it("that is connected again while a run which needs it does something else does not leave the run behind", async () => {
    let isRefused = false;
    const slow = Promise.withResolvers<void>();
    outside((_, request) => {
      const { hostname, pathname } = new URL(request.url);
      if (hostname === "slow.test") return slow.promise.then(() => Response.json({}));
      if (pathname === "/token") {
        isRefused = true;
        return Response.json({ error: "invalid_grant" }, { status: 400 });
      }
      const isGood = request.headers.get("authorization") === "Bearer second";
      return isGood ? Response.json({}) : Response.json({ message: "token revoked" }, { status: 401 });
    });
    const oauth = { auth: "oauth", fields: {}, accessToken: "first", refreshToken: "r1", expiresAt: Date.now() + 600_000 };
    const branches = "{ a: [{ key: one, action: crm.send, with: { n: 1 } }], b: [{ key: two, http: { url: 'https://slow.test/' } }] }";
    const { object, start, establish, id } = await connected(oauth, `{ key: both, parallel: ${branches} }`);
    const run = await start();
    await vi.waitFor(() => expect(isRefused).toBe(true));
    await vi.waitFor(async () =>
      expect(await object.readRun(run)).toMatchObject({ steps: [{ key: "both" }, { key: "one", status: "waiting" }] }),
    );
    await establish({ ...oauth, accessToken: "second" });
    await object.accountRestored(id);
    slow.resolve();
    expect(await ended(object, run)).toMatchObject({ status: "succeeded" });
  });

  it.each([
    ["another account", "[{ key: two, action: other.send, with: { n: 2 } }]"],
    ["a time", "[{ key: two, wait: 1d }]"],
  ])("that is connected again lets a run go on with what needs it, whose other branch waits for %s", async (_, branch) => {
    const calls = outside((__, request) => {
      if (new URL(request.url).pathname === "/token") return Response.json({ error: "invalid_grant" }, { status: 400 });
      const isGood = request.headers.get("authorization") === "Bearer second";
      return isGood ? Response.json({}) : Response.json({ message: "token revoked" }, { status: 401 });
    });
    const oauth = { auth: "oauth", fields: {}, accessToken: "first", refreshToken: "r1", expiresAt: Date.now() + 600_000 };
    const branches = `{ a: ${branch}, b: [{ key: one, action: crm.send, with: { n: 1 } }] }`;
    const { object, start, establish, id } = await connected(oauth, `{ key: both, parallel: ${branches} }`);
    const run = await start();
    await ended(object, run, ["waiting"]);
    await establish({ ...oauth, accessToken: "second" });
    await object.accountRestored(id);
    await vi.waitFor(
      async () =>
        expect(await object.readRun(run)).toMatchObject({
          steps: expect.arrayContaining([expect.objectContaining({ key: "one", status: "succeeded" })]),
        }),
      5_000,
    );
    expect(calls.filter(({ key }) => key?.endsWith("one"))).toHaveLength(2);
  });

  it("whose target is dead is called no more than a few times by all runs together, and every run says what it waits for", async () => {
    const calls = outside(() => Promise.reject(new TypeError("connect ECONNREFUSED")));
    const { object, start } = await connected({ auth: "key", fields: { key: "k-12345678" } });
    const runs = await Promise.all(Array.from({ length: 100 }, start));
    const first = await ended(object, runs[0] ?? "", ["waiting", "failed"]);
    expect(first.reason ?? first.error?.message).toMatch(/CRM|tried again/);
    await vi.waitFor(async () => expect((await object.listRuns({ status: "running", limit: 100 })).items).toEqual([]), 10_000);
    // Five failures open the breaker; those of the twenty that were under way by then come in addition.
    expect(calls.length).toBeLessThanOrEqual(25);
    expect((await object.listRuns({ status: "failed", limit: 200 })).items.length).toBeLessThanOrEqual(5);
    // What they wait for would come during another test.
    await object.remove();
  });
});
