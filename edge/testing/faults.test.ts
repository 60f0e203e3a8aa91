// Faults of the platform and of third parties, by their numbers in the list of fault cases (X…): nothing that was acknowledged is lost,
// nothing is done twice that was done, every run ends or says what it waits for.
import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { handle } from "../app.ts";
import { type Answer, edgeClient } from "./call-edge.ts";
import { D1_FAULTS, type Fault, faultyDatabase } from "./faulty-database.ts";
import { configured, ended, fakeOutside, makeConfig } from "./integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

const FLOW = `inlay: 1
key: calm
name: Calm
blocks:
  - { key: hook, name: Hook, trigger: { webhook: {} }, steps: [{ key: v, value: "{{ trigger.body.n }}" }] }
  - { key: heard, name: Heard, trigger: { event: order.paid }, steps: [{ key: v, value: "{{ trigger.id }}" }] }
`;

const ONE_CALL = `
blocks:
  - { key: go, name: Go, trigger: { event: go }, steps: [{ key: call, http: { method: POST, url: "https://target.test/", body: {} } }] }
`;

let ws: TestWorkspace;
let token: string;
let ada: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW);
  token = await ws.token({ sub: "ada" });
  ada = edgeClient(token);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => void vi.unstubAllGlobals());

/** A request to the Worker whose catalogue is `database`. */
async function ask(
  database: D1Database,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const all = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
  const request = { method, headers: all, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await handle(new Request(`http://edge.test${path}`, request), { ...env, DB: database }, createExecutionContext());
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

const always = (fault: Fault) => () => fault;
const make = (name: string) => ({ flow: "calm", name, accounts: {}, values: {} });
const named = async (name: string) =>
  (await ada("GET", "/v1/integrations?limit=100")).body.items.filter((one: { name: string }) => one.name === name);

describe("a fault of the catalogue", () => {
  it.each(D1_FAULTS)("X20 “%s” is answered 503 with when to come again, and says nothing of itself", async (message) => {
    const { database } = faultyDatabase(env.DB, always("before"), message);
    for (const answer of [
      await ask(database, "GET", "/v1/integrations"),
      await ask(database, "POST", "/v1/integrations", make("never")),
      await ask(database, "GET", "/v1/flows"),
    ]) {
      expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).not.toContain("D1");
    }
    expect(await named("never")).toEqual([]);
  });

  it.each(["before", "after"] as const)(
    "X17 at any call of a set-up, %s it was applied, leaves one integration when the write is sent again with its key",
    async (fault) => {
      let isReached = true;
      for (let at = 0; isReached; at++) {
        const name = `${fault}-${at}`;
        const { database, counter } = faultyDatabase(env.DB, (call) => (call === at ? fault : undefined));
        const key = { "idempotency-key": name };
        let answer = await ask(database, "POST", "/v1/integrations", make(name), key);
        isReached = counter.calls > at;
        if (!isReached) expect(at).toBeGreaterThan(8);
        for (let again = 0; again < 3 && answer.status >= 400; again++) {
          expect([503, 409], `${name}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
          expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
          // A first try that died is known to have died after a minute.
          if (answer.status === 409) vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
          answer = await ada("POST", "/v1/integrations", make(name), key);
        }
        vi.useRealTimers();
        expect(answer.status, `${name}: ${JSON.stringify(answer.body)}`).toBe(201);
        expect((await named(name)).length, name).toBe(1);
      }
    },
    60_000,
  );

  it("X19 touches no webhook: those are answered, and run, while the catalogue is down", async () => {
    const { body } = await ada("POST", "/v1/integrations", make("steady"));
    const { database, counter } = faultyDatabase(env.DB, always("before"), D1_FAULTS[7]);
    const answer = await ask(database, "POST", hookOf(body), { n: 5 });
    expect(answer.status).toBe(202);
    expect(counter.calls).toBe(0);
    const { status, output } = await ended(env.INTEGRATIONS.getByName(body.id), answer.body.run);
    expect([status, output]).toEqual(["succeeded", 5]);
  });

  it("X20 delays host events that were answered 202, and loses none", async () => {
    const { id } = (await ada("POST", "/v1/integrations", make("listening"))).body;
    const inbox = env.INBOXES.getByName(ws.id);
    const { database, counter } = faultyDatabase(env.DB, always("before"));
    const withDatabase = (DB: D1Database) =>
      runInDurableObject(inbox, (object) => void Object.defineProperty(object, "env", { value: { ...env, DB }, configurable: true }));
    await withDatabase(database);
    const event = { type: "order.paid", id: "evt_late", user: "ada", data: {} };
    expect(await inbox.accept(ws.id, event)).toMatchObject({ duplicate: false });
    await vi.waitFor(() => expect(counter.calls).toBeGreaterThan(0), 5_000);
    await withDatabase(env.DB);
    const object = env.INTEGRATIONS.getByName(id);
    await vi.waitFor(async () => expect((await object.listRuns({ block: "heard" })).items).toHaveLength(1), 10_000);
    expect(await inbox.accept(ws.id, event)).toMatchObject({ duplicate: true });
    expect((await object.listRuns({ block: "heard" })).items).toHaveLength(1);
  });
});

const hookOf = ({ blocks }: { blocks: { key: string; url: string }[] }) =>
  new URL(blocks.find(({ key }) => key === "hook")?.url ?? "").pathname;

describe("a fault of an object", () => {
  const fault = (message: string, more: object = {}) => Object.assign(new Error(message), more);
  it.each([
    ["X22", fault("Durable Object is overloaded. Requests queued for too long.", { overloaded: true })],
    ["X22", fault("Durable Object is overloaded. Too many requests queued.", { overloaded: true, retryable: true })],
    ["X22", fault("Your account is generating too much load on Durable Objects. Please back off and try again later.")],
    ["X23", fault("Durable Object reset because its code was updated.", { retryable: true })],
    ["X23", fault("Internal error in Durable Object storage caused object to be reset.", { durableObjectReset: true })],
    ["X23", fault("Network connection lost.", { retryable: true })],
  ])("%s “%s”: the sender is told to come again, and nothing is acknowledged", async (_, thrown) => {
    let isBroken = true;
    const broken = {
      acceptHook: async () => {
        throw thrown;
      },
    };
    const { body } = await ada("POST", "/v1/integrations", make(crypto.randomUUID()));
    const INTEGRATIONS = { getByName: (name: string) => (isBroken ? broken : env.INTEGRATIONS.getByName(name)) };
    const request = { method: "POST", body: '{"n":1}', headers: { "content-type": "application/json" } };
    const send = () =>
      handle(new Request(`http://edge.test${hookOf(body)}`, request), Object.assign({}, env, { INTEGRATIONS }), createExecutionContext());
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).not.toHaveProperty("run");
    isBroken = false;
    expect((await send()).status).toBe(202);
    expect((await env.INTEGRATIONS.getByName(body.id).listRuns({})).items).toHaveLength(1);
  });

  it("X14 an alarm that fires twice does nothing twice", async () => {
    const calls = fakeOutside(() => ({}));
    const { object } = await configured(makeConfig(ONE_CALL));
    const accepted = await object.acceptEvent("go", { type: "go", id: "e1", data: {}, org: null, user: null });
    if (!accepted.ok) throw new Error(accepted.message);
    await runInDurableObject(object, (instance) => Promise.all([instance.alarm(), instance.alarm(), instance.alarm()]));
    expect(await ended(object, accepted.run)).toMatchObject({ status: "succeeded", tasks: 1 });
    expect(calls).toHaveLength(1);
  });

  it("X35 one event a thousand times at once starts one run", async () => {
    const calls = fakeOutside(() => ({}));
    const { object } = await configured(makeConfig(ONE_CALL));
    const event = { type: "go", id: "storm", data: {}, org: null, user: null };
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => object.acceptEvent("go", event)));
    const runs = new Set(answers.map((answer) => (answer.ok ? answer.run : "refused")));
    expect(runs.size).toBe(1);
    expect(answers.filter((answer) => answer.ok && !answer.duplicate)).toHaveLength(1);
    expect(await ended(object, [...runs][0] ?? "")).toMatchObject({ status: "succeeded" });
    expect(calls).toHaveLength(1);
  });
});
