// The platform takes objects out of memory whenever it likes: politely, when they are idle, and by force, in the middle of anything.
import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configured, makeConfig } from "../../testing/integration-config.ts";

const FLOW = `
blocks:
  - key: order
    name: Order
    trigger: { event: order }
    concurrency: 10
    steps:
      - { key: each, for: "{{ [1..3] }}", as: turn, do: [{ key: send, http: { method: POST, url: "https://target.test/{{ turn }}", body: {} } }] }
      - { key: out, value: "{{ trigger.id }}" }
`;
const ORDERS = 60;

/** By effect key: calls that came, and whether one was answered. */
const came = new Map<string, number>();

beforeEach(() => {
  came.clear();
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const key = new Request(input, init).headers.get("idempotency-key") ?? "";
    // What an integration of another test polls for.
    if (key === "") return Response.json({});
    // The platform lets nothing out before what was written is durable: no call of an object that dies before.
    await new Promise((resolve) => setTimeout(resolve, 1));
    came.set(key, (came.get(key) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return Response.json({});
  });
});
afterEach(() => void vi.unstubAllGlobals());

/** Sends orders, each until it is acknowledged, while `disturb` does its worst; answers the runs by order. */
async function deliver(id: string, disturb: () => Promise<void>): Promise<Map<string, string>> {
  const runs = new Map<string, string>();
  const send = async (order: number) => {
    while (!runs.has(`o${order}`)) {
      const event = { type: "order", id: `o${order}`, data: {}, org: null, user: null };
      const answer = await env.INTEGRATIONS.getByName(id)
        .acceptEvent("order", event)
        .catch(() => undefined);
      if (answer?.ok) runs.set(`o${order}`, answer.run);
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const sender = async (from: number) => {
    for (let order = from; order < ORDERS; order += 6) await send(order);
  };
  const sending = Promise.all([0, 1, 2, 3, 4, 5].map(sender));
  await disturb();
  await sending;
  return runs;
}

/** Waits until all runs have succeeded; then each effect of each has come, and no other. */
async function expectAllDone(id: string, runs: ReadonlyMap<string, string>): Promise<void> {
  for (const [order, run] of runs)
    await vi.waitFor(
      async () => {
        const detail = await env.INTEGRATIONS.getByName(id).readRun(run);
        expect(detail).toMatchObject({ status: "succeeded", output: order, tasks: 3 });
      },
      { timeout: 20_000, interval: 50 },
    );
  expect(new Set(runs.values()).size).toBe(ORDERS);
  expect([...came.keys()].sort()).toEqual([...runs.values()].flatMap((run) => [0, 1, 2].map((turn) => `${run}:each[${turn}].send`)).sort());
}

describe("runs of an object", () => {
  it("that is thrown out by force, over and over, are all done; only what was under way is done again, under its key", async () => {
    const config = makeConfig(FLOW);
    await configured(config);
    let deaths = 0;
    const runs = await deliver(config.id, async () => {
      for (; deaths < 5; deaths++) {
        // Lives in which nothing gets on are another matter: runs that seem to be what kills the object are held apart.
        const before = came.size;
        await vi.waitFor(() => expect(came.size).toBeGreaterThan(before + 15), { timeout: 30_000, interval: 5 });
        await abortAllDurableObjects();
      }
    });
    await expectAllDone(config.id, runs);
    const repeated = [...came.values()].reduce((sum, times) => sum + times - 1, 0);
    // Ten runs go at a time, each with one call.
    expect(repeated).toBeLessThanOrEqual(deaths * 10);
    expect(Math.max(...came.values())).toBeLessThanOrEqual(deaths + 1);
  }, 120_000);

  it("that is taken out of memory when it is idle start nothing twice in its next life", async () => {
    const config = makeConfig(FLOW);
    await configured(config);
    const first = await deliver(config.id, async () => undefined);
    await expectAllDone(config.id, first);
    await evictDurableObject(env.INTEGRATIONS.getByName(config.id));
    expect(await deliver(config.id, async () => undefined)).toEqual(first);
    await expectAllDone(config.id, first);
    expect([...came.values()].every((times) => times === 1)).toBe(true);
  });
});
