import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sealSecret } from "../../security/seal.ts";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const POST = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  query: {},
  body: JSON.stringify(body),
});

const ORDERS = `
setup: { pages: [{ key: p, title: P, fields: [{ key: url, type: url }, { key: minimum, type: number }] }] }
blocks:
  - key: received
    name: Received
    trigger: { webhook: { dedupe: "{{ headers.'x-order-id' }}" } }
    steps:
      - { key: order, value: { id: "{{ trigger.body.id }}", total: "{{ $sum(trigger.body.lines.(price * quantity)) }}" } }
      - key: large
        if: "{{ steps.order.total >= setup.minimum }}"
        then:
          - { key: post, http: { method: POST, url: "{{ setup.url }}", body: "{{ steps.order }}" } }
        else:
          - { key: small, stop: Below the smallest amount }
`;
const VALUES = { url: "https://target.test/orders", minimum: 10 };
const keyOf = (url: string | undefined) => url?.split("/").at(-1) ?? "";

describe("a webhook", () => {
  test("is durable when it is answered, and arrives once however often it is sent", async () => {
    const calls = fakeOutside(() => ({ body: { ok: true } }));
    const { object, state } = await configured(makeConfig(ORDERS, { values: VALUES }));
    const key = keyOf(state.blocks[0]?.url);
    expect(key).toMatch(/^[A-Za-z0-9]{32}$/);
    const order = { id: 7, lines: [{ price: 5, quantity: 3 }] };
    const first = await object.acceptHook("received", key, POST(order, { "X-Order-Id": "o7" }));
    const second = await object.acceptHook("received", key, POST(order, { "X-Order-Id": "o7" }));
    if (!first.ok || !second.ok) throw new Error("refused");
    expect(second).toEqual({ ok: true, run: first.run, duplicate: true });
    const run = await ended(object, first.run);
    expect(run).toMatchObject({ status: "succeeded", tasks: 1, block: "received", trigger: { type: "webhook" } });
    expect(calls.map((call) => [call.method, call.url, call.body])).toEqual([["POST", "https://target.test/orders", { id: 7, total: 15 }]]);
    expect(run.steps.map((step) => [step.path, step.type, step.status])).toEqual([
      ["order", "value", "succeeded"],
      ["large", "if", "succeeded"],
      ["post", "http", "succeeded"],
    ]);
    expect(run.steps[2]).toMatchObject({ effectKey: `${first.run}:post`, request: { method: "POST" }, response: { status: 200 } });
  });

  test("below the amount stops with the builder's words and calls nobody", async () => {
    const calls = fakeOutside(() => ({}));
    const { object, state } = await configured(makeConfig(ORDERS, { values: VALUES }));
    const accepted = await object.acceptHook("received", keyOf(state.blocks[0]?.url), POST({ id: 1, lines: [{ price: 1, quantity: 1 }] }));
    if (!accepted.ok) throw new Error("refused");
    expect(await ended(object, accepted.run)).toMatchObject({ status: "stopped", reason: "Below the smallest amount", tasks: 0 });
    expect(calls).toEqual([]);
  });

  test("with a wrong key, or for an integration that is switched off, is refused", async () => {
    const config = makeConfig(ORDERS, { values: VALUES });
    const { object, state } = await configured(config);
    expect(await object.acceptHook("received", "x".repeat(32), POST({}))).toMatchObject({ ok: false, status: 404 });
    await object.configure({ ...config, enabled: false }, "disabled");
    const key = keyOf(state.blocks[0]?.url);
    expect(await object.acceptHook("received", key, POST({}))).toMatchObject({ ok: false, status: 409, code: "disabled" });
    expect((await object.describe()).blocks[0]?.url).toBe(state.blocks[0]?.url);
  });
});

test("a queue that is full pushes back, and says when to come again", async () => {
  const config = makeConfig(ORDERS, { values: VALUES });
  const { state } = await configured(config);
  const stub = env.INTEGRATIONS.getByName(config.id);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
      INSERT INTO run (id, block, type, status, wake, part, config, origin, accepted, input)
      SELECT 'run_x_' || i, 'received', 'webhook', 'queued', 8e15, '', 1, 'run_x_' || i, 1, 'null' FROM n`);
  });
  await evictDurableObject(stub);
  const refused = await env.INTEGRATIONS.getByName(config.id).acceptHook("received", keyOf(state.blocks[0]?.url), POST({ id: 1 }));
  expect(refused).toMatchObject({ ok: false, status: 429, code: "queue_full", retryAfter: 30 });
});

test("a secret of the setup reaches the target, and nothing that anyone reads", async () => {
  const calls = fakeOutside((call) => ({ status: 400, body: { message: `not good: ${call.headers["x-key"]}` } }));
  const { id: workspace } = await makeWorkspace();
  const flow = `
setup: { pages: [{ key: p, title: P, fields: [{ key: pass, type: secret }] }] }
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: seen, value: "it is {{ setup.pass }}" }
      - { key: said, code: "export default ({ setup }) => { console.log(setup.pass); return setup.pass }" }
      - { key: send, http: { url: "https://target.test/?q={{ setup.pass }}", headers: { X-Key: "{{ setup.pass }}" } } }
`;
  const sealed = await sealSecret(env, workspace, "setup/pass", "hunter2-canary");
  const { object } = await configured(makeConfig(flow, { workspace, values: { pass: sealed }, secretFields: ["pass"] }));
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error("refused");
  const run = await ended(object, accepted.run);
  expect(calls[0]).toMatchObject({ url: "https://target.test/?q=hunter2-canary", headers: { "x-key": "hunter2-canary" } });
  expect(run).toMatchObject({ status: "failed", error: { class: "invalid" } });
  expect(run.steps.map((step) => step.key)).toEqual(["seen", "said", "send"]);
  expect(JSON.stringify([run, await object.listRuns({})])).not.toContain("hunter2");
});

test("a body that is no JSON, or nests too deep, is refused with words", async () => {
  const { object, state } = await configured(makeConfig(ORDERS, { values: VALUES }));
  const key = keyOf(state.blocks[0]?.url);
  expect(await object.acceptHook("received", key, { ...POST({}), body: "{" })).toMatchObject({
    ok: false,
    status: 400,
    code: "invalid_json",
  });
  const deep = "[".repeat(300) + "]".repeat(300);
  expect(await object.acceptHook("received", key, { ...POST({}), body: deep })).toMatchObject({ ok: false, status: 400, code: "too_deep" });
});
