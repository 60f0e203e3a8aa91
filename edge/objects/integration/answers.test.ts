// What callers of blocks that respond are told: the one who started the run, and those who come with the same dedupe key.
import { afterEach, expect, test, vi } from "vitest";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const respond = `{ key: answer, respond: { status: 201, body: { got: "{{ trigger.body }}" } } }`;
const flow = (steps: string, options = "") => `
blocks:
  - key: go
    name: Go
    trigger: { webhook: { respond: true, dedupe: "{{ body.id }}" } }
    ${options}
    steps: [${steps}]
`;

async function callable(steps: string, options?: string) {
  const { object, state } = await configured(makeConfig(flow(steps, options)));
  const key = state.blocks[0]?.url?.split("/").at(-1) ?? "";
  const call = async (id?: string) => {
    const began = Date.now();
    const body = JSON.stringify(id === undefined ? {} : { id });
    const accepted = await object.acceptHook("go", key, {
      method: "POST",
      headers: { "content-type": "application/json" },
      query: {},
      body,
    });
    if (!accepted.ok || !accepted.response) throw new Error(JSON.stringify(accepted));
    const { status, body: text } = accepted.response;
    return { run: accepted.run, status, body: text === "" ? null : (JSON.parse(text) as unknown), took: Date.now() - began };
  };
  return { object, call };
}

const slowly = () => fakeOutside(() => new Promise((resolve) => setTimeout(() => resolve({ body: { secret: 1 } }), 200)));

test("whoever sends an event again is told the same at once, and nothing is done again", async () => {
  const calls = slowly();
  const { object, call } = await callable(
    `{ key: ask, http: { url: "https://t.test" } }, ${respond}, { key: after, http: { url: "https://t.test" } }`,
  );
  const first = await call("a");
  await ended(object, first.run);
  const again = await call("a");
  expect(again).toMatchObject({ run: first.run, status: 201, body: { got: { id: "a" } } });
  expect(again.took).toBeLessThan(5_000);
  expect(calls).toHaveLength(2);
});

test("keys that begin alike for hundreds of characters are not the same key", async () => {
  const { call } = await callable(respond);
  const long = "k".repeat(600);
  const runs = [await call(`${long}1`), await call(`${long}2`), await call(`${long}1`)].map(({ run }) => run);
  expect(runs[1]).not.toBe(runs[0]);
  expect(runs[2]).toBe(runs[0]);
});

test("all who send an event while its run is under way are told the same", async () => {
  const calls = slowly();
  const { call } = await callable(`{ key: ask, http: { url: "https://t.test" } }, ${respond}`);
  const answers = await Promise.all([call("b"), call("b"), call("b")]);
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([201, { got: { id: "b" } }]));
  expect(Math.max(...answers.map(({ took }) => took))).toBeLessThan(5_000);
  expect(calls).toHaveLength(1);
});

test("a caller waits while the run does, and is told at once what it waits for where that is longer than callers wait", async () => {
  const { call } = await callable(`{ key: short, wait: 3s }, ${respond}`);
  expect(await call()).toMatchObject({ status: 201, body: { got: {} } });
  const long = await callable(`{ key: long, wait: 1h }, ${respond}`);
  expect(await long.call("c")).toMatchObject({ status: 202, body: { status: "waiting" } });
  const again = await long.call("c");
  expect(again).toMatchObject({ status: 202, body: { status: "waiting" } });
  expect(again.took).toBeLessThan(5_000);
});

test("a run that is canceled while its caller waits lets the caller go", async () => {
  const { object, call } = await callable(`{ key: some, wait: 20s }, ${respond}`);
  const answer = call();
  const run = await vi.waitFor(async () => {
    const { items } = await object.listRuns({});
    const waiting = items.find(({ status }) => status === "waiting");
    expect(waiting).toBeDefined();
    return waiting?.id ?? "";
  });
  await object.cancelRun(run);
  expect(await answer).toMatchObject({ status: 502, body: { code: "run_canceled" } });
});

test("callers of a block that keeps order are answered in order, whatever is tried again", async () => {
  const calls = fakeOutside((_, index) => ({ status: index === 0 ? 503 : 200, body: {} }));
  const steps = `{ key: post, retry: { base: 100ms, cap: 100ms }, http: { method: POST, url: "https://t.test", body: "{{ trigger.body.id }}" } }, ${respond}`;
  const { call } = await callable(steps, "order: fifo");
  const answers = await Promise.all(["1", "2", "3", "4"].map((id) => call(id)));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(calls.map(({ body }) => body)).toEqual([1, 1, 2, 3, 4]);
});
