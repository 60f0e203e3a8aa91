// A run whose steps handle secrets of the form: stored without them, gone on with as if nothing had been taken out.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RunDetail } from "../../../shared/api/run.ts";
import { createApiToken } from "../../db/tokens.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { fakeProvider, type Seen } from "../../testing/fake-provider.ts";
import { ended } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";

const SECRET = 'sk_"live"_9f3a';
const FLOW = `inlay: 1
key: held
name: Held
setup: { pages: [{ key: one, title: One, fields: [{ key: token, type: secret, label: Token }] }] }
blocks:
  - key: go
    name: Go
    trigger: { call: { input: [{ key: say, type: text }] } }
    steps:
      - { key: made, code: "export default ({ setup, trigger, state }) => ({ token: 'Bearer ' + setup.token, say: trigger.say, last: state.last ?? null })" }
      - { key: kept, set: { last: "{{ setup.token }}" } }
      - { key: held, wait: { event: go.on, timeout: 1h } }
      - { key: sent, retry: { attempts: 1 }, http: { method: POST, url: https://a.example/x, body: { made: "{{ steps.made }}", now: "{{ setup.token }}" } } }
`;

let ada: ReturnType<typeof edgeClient>;
let member: ReturnType<typeof edgeClient>;
let integration: string;
let seen: Seen[];
let isUp = true;
beforeEach(async () => {
  isUp = true;
  seen = fakeProvider(() => (isUp ? Response.json({ ok: true }) : new Response("no", { status: 400 })));
  const ws = await makeWorkspace();
  await ws.flow(FLOW);
  ada = edgeClient(await ws.token({ sub: "ada" }));
  member = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
  integration = (await ada("POST", "/v1/integrations", { flow: "held", values: { token: SECRET } })).body.id;
});
afterEach(() => void vi.unstubAllGlobals());

const object = () => env.INTEGRATIONS.getByName(integration) as DurableObjectStub;
const read = async (id: string) => (await ada("GET", `/v1/runs/${id}`)).body as RunDetail;
const stored = () =>
  runInDurableObject(object(), (_, { storage: { sql } }) =>
    JSON.stringify(["run", "journal", "state", "meta", "signal"].map((table) => sql.exec(`SELECT * FROM ${table}`).toArray())),
  );
const begin = async () => {
  const { run } = (await ada("POST", `/v1/integrations/${integration}/blocks/go/run`, { input: { say: `it is ${SECRET}` } })).body;
  for (let i = 0; i < 200 && (await read(run)).status !== "waiting"; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return run as string;
};
const goOn = () => member("POST", "/v1/workspace/events", { type: "go.on", data: {} });
const spelled = [SECRET, JSON.stringify(SECRET).slice(1, -1), "9f3a"];
const expectNone = (text: string) => {
  for (const one of spelled) expect(text).not.toContain(one);
};

it("goes on after its object died, with every secret in its place, and stores none", async () => {
  const run = await begin();
  expectNone(await stored());
  await runInDurableObject(object(), (_, state) => state.abort()).catch(() => undefined);
  await goOn();
  const detail = await ended({ readRun: read }, run);
  expect(detail.status, JSON.stringify(detail)).toBe("succeeded");
  expect(JSON.parse(seen[0]?.body ?? "{}")).toEqual({
    made: { token: `Bearer ${SECRET}`, say: `it is ${SECRET}`, last: null },
    now: SECRET,
  });
  expectNone(JSON.stringify(detail));
  expectNone(await stored());
});

it("keeps a secret that a step has put into the flow's state, for the next run, and stores none", async () => {
  for (const _ of [1, 2]) {
    const run = await begin();
    await goOn();
    expect((await ended({ readRun: read }, run)).status).toBe("succeeded");
  }
  expect(JSON.parse(seen[1]?.body ?? "{}").made.last).toBe(SECRET);
  expectNone(await stored());
});

it("is tried again with what it was given and had done", async () => {
  isUp = false;
  const run = await begin();
  await goOn();
  expect((await ended({ readRun: read }, run)).status).toBe("failed");
  isUp = true;
  const again = (await ada("POST", `/v1/runs/${run}/retry`, { from: "sent" })).body.run;
  expect((await ended({ readRun: read }, again)).status).toBe("succeeded");
  expect(JSON.parse(seen.at(-1)?.body ?? "{}").made).toEqual({ token: `Bearer ${SECRET}`, say: `it is ${SECRET}`, last: null });
  expectNone(await stored());
  expectNone(JSON.stringify(await read(again)));
});

it("takes the secret out of the input that a retry is given, also where the object has just started", async () => {
  const run = await begin();
  await goOn();
  expect((await ended({ readRun: read }, run)).status).toBe("succeeded");
  await runInDurableObject(object(), (_, state) => state.abort()).catch(() => undefined);
  const again = (await ada("POST", `/v1/runs/${run}/retry`, { input: { say: `now ${SECRET}` } })).body.run as string;
  expectNone(await stored());
  for (let i = 0; i < 200 && (await read(again)).status !== "waiting"; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  await member("POST", "/v1/workspace/events", { type: "go.on", data: {} });
  expect((await ended({ readRun: read }, again)).status).toBe("succeeded");
  expect(JSON.parse(seen.at(-1)?.body ?? "{}").made.say).toBe(`now ${SECRET}`);
});
