import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Caller, type DevInfo, Product, until } from "./product.ts";
import { Sink } from "./sink.ts";

interface Integration {
  id: string;
  status: string;
  blocks: { key: string; url?: string }[];
}
interface Run {
  id: string;
  status: string;
  block: string;
  tasks: number;
}

const product = new Product();
const sink = new Sink();
let dev: DevInfo;
let ada: Caller;
let sinkUrl = "";

const order = (id: string, price = 10) => ({ id, lines: [{ price, quantity: 2 }], customer: { email: "ADA@Example.com" } });

async function makeIntegration(user: Caller, values: Record<string, unknown> = {}): Promise<Integration> {
  return user.ask("POST", "/v1/integrations", {
    flow: "orders-to-anywhere",
    accounts: {},
    values: { url: sinkUrl, minimum: 0, ...values },
  });
}

const addressOf = (integration: Integration) => integration.blocks.find(({ key }) => key === "received")?.url ?? "";

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

const arrivedIds = () => sink.arrivals.map(({ body }) => (JSON.parse(body) as { id: string }).id);

beforeAll(async () => {
  sinkUrl = await sink.start();
  dev = await product.start();
  ada = Caller.asUser(dev, "ada");
});
afterAll(async () => {
  await product.stop();
  await sink.stop();
});

describe("orders to any endpoint", () => {
  it("arrive at the target once, however often the same order is posted", async () => {
    const integration = await makeIntegration(ada);
    expect(integration.status).toBe("enabled");
    const url = addressOf(integration);
    const answers = await Promise.all([1, 2, 3].map(() => post(url, order("once"), { "x-order-id": "once" })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    await until("the order arrives", async () => arrivedIds().includes("once"));
    await post(url, order("once"), { "x-order-id": "once" });
    await post(url, order("other"), { "x-order-id": "other" });
    await until("the other order arrives", async () => arrivedIds().includes("other"));
    expect(arrivedIds().filter((id) => id === "once")).toHaveLength(1);
    const [arrival] = sink.arrivals;
    expect(JSON.parse(arrival?.body ?? "")).toEqual({ id: "once", total: 20, email: "ada@example.com" });
  });

  it("below the smallest amount are stopped, and the run says why", async () => {
    const integration = await makeIntegration(ada, { minimum: 1_000 });
    const { run } = (await (await post(addressOf(integration), order("small"))).json()) as { run: string };
    const detail = await until("the run ends", async () => {
      const one = await ada.ask<Run & { reason?: string }>("GET", `/v1/runs/${run}`);
      return one.status !== "queued" && one.status !== "running" && one;
    });
    expect(detail).toMatchObject({ status: "stopped", reason: "Below the smallest amount", tasks: 0 });
  });

  it("raised as host events reach the user's integration, and nobody else's", async () => {
    const grace = Caller.asUser(dev, "grace");
    await makeIntegration(ada);
    const hers = await makeIntegration(grace);
    const host = Caller.asHost(dev);
    await host.ask("POST", "/v1/workspace/events", { type: "order.paid", data: { id: "paid-by-ada" }, user: "ada", id: "evt-1" });
    await host.ask("POST", "/v1/workspace/events", { type: "order.paid", data: { id: "paid-by-ada" }, user: "ada", id: "evt-1" });
    await until("the event arrives", async () => arrivedIds().includes("paid-by-ada"));
    const { items } = await grace.ask<{ items: Run[] }>("GET", `/v1/integrations/${hers.id}/runs`);
    expect(items).toEqual([]);
  });

  it("that the target refuses are retried, then fail with what the target said", async () => {
    const integration = await makeIntegration(ada);
    sink.status = 422;
    const { run } = (await (await post(addressOf(integration), order("refused"))).json()) as { run: string };
    const failed = await until("the run fails", async () => {
      const one = await ada.ask<Run & { error?: { message: string; step: string } }>("GET", `/v1/runs/${run}`);
      return one.status === "failed" && one;
    });
    sink.status = 200;
    expect(failed.error?.message).toContain("422");
    await ada.ask("POST", `/v1/runs/${run}/retry`, {});
    await until("the retried order arrives", async () => arrivedIds().filter((id) => id === "refused").length >= 2);
  });
});

describe("the host's second user", () => {
  it("sees neither the first one's integrations nor runs, by list or by id", async () => {
    const integration = await makeIntegration(ada);
    const { run } = (await (await post(addressOf(integration), order("private"))).json()) as { run: string };
    const grace = Caller.asUser(dev, "grace");
    const { items } = await grace.ask<{ items: Integration[] }>("GET", "/v1/integrations");
    expect(items.map(({ id }) => id)).not.toContain(integration.id);
    for (const [method, path] of [
      ["GET", `/v1/integrations/${integration.id}`],
      ["PATCH", `/v1/integrations/${integration.id}`],
      ["DELETE", `/v1/integrations/${integration.id}`],
      ["GET", `/v1/integrations/${integration.id}/runs`],
      ["POST", `/v1/integrations/${integration.id}/blocks/received/run`],
      ["GET", `/v1/runs/${run}`],
      ["POST", `/v1/runs/${run}/retry`],
      ["POST", `/v1/runs/${run}/cancel`],
    ] as const) {
      const { status } = await grace.send(method, path, method === "GET" || method === "DELETE" ? undefined : {});
      expect([method, path, status]).toEqual([method, path, 404]);
    }
  });
});

describe("kill -9 under load", () => {
  it("loses no order that was answered 202, and repeats only what was in flight", async () => {
    const integration = await makeIntegration(ada);
    const url = addressOf(integration);
    sink.arrivals.length = 0;
    sink.delay = 100;
    const acknowledged: string[] = [];
    const sent = Array.from({ length: 100 }, async (_, i) => {
      const answer = await post(url, order(`k${i}`), { "x-order-id": `k${i}` }).catch(() => undefined);
      if (answer?.status === 202) acknowledged.push(`k${i}`);
    });
    await until("some are answered", async () => acknowledged.length >= 20);
    await product.kill();
    await Promise.all(sent);
    sink.delay = 0;
    await product.start();
    await until("every acknowledged order arrives", async () => acknowledged.every((id) => arrivedIds().includes(id)), 60_000);
    const repeated = arrivedIds().length - new Set(arrivedIds()).size;
    const lost = acknowledged.filter((id) => !arrivedIds().includes(id));
    console.log(`answered 202: ${acknowledged.length} of 100, lost: ${lost.length}, repeated: ${repeated}`);
    expect(lost).toEqual([]);
    expect(repeated).toBeLessThanOrEqual(64);
    const again = Caller.asUser(product.dev, "ada");
    await until("every run ends", async () => {
      const { items } = await again.ask<{ items: Run[] }>("GET", `/v1/integrations/${integration.id}/runs?limit=100`);
      return items.length >= acknowledged.length && items.every(({ status }) => status === "succeeded");
    });
  });
});
