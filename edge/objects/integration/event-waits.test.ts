import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { WAITING_RUNS } from "../../../shared/flow/waited-events.ts";
import { configured, ended, makeConfig } from "../../testing/integration-config.ts";

const FLOW = `
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: answer, wait: { event: order.approved, match: "{{ event.data.id = trigger.id }}", timeout: TIMEOUT } }
      - { key: by, value: "{{ steps.answer.data.by }}" }
`;

async function waiting(id: number, timeout = "30d") {
  const config = makeConfig(FLOW.replace("TIMEOUT", timeout).replace("manual: {}", "call: { input: [{ key: id, type: number }] }"));
  const { object } = await configured(config);
  const accepted = await object.runNow("go", { id });
  if (!accepted.ok) throw new Error(accepted.message);
  await ended(object, accepted.run, ["waiting"]);
  return { object, config, run: accepted.run };
}
const event = (id: string, data: unknown) => ({ type: "order.approved", id, data, org: null, user: "ada" });

describe("a run that waits for an event", () => {
  test("goes on when it comes, though the object was evicted meanwhile, and leaves nothing behind", async () => {
    const { config, run } = await waiting(7);
    await evictDurableObject(env.INTEGRATIONS.getByName(config.id));
    const object = env.INTEGRATIONS.getByName(config.id);
    await object.acceptEvent(WAITING_RUNS, event("evt_1", { id: 6, by: "grace" }));
    await object.acceptEvent(WAITING_RUNS, { ...event("evt_2", { id: 7, by: "nobody" }), type: "order.refused" });
    await expect
      .poll(async () => runInDurableObject(object, (_, { storage }) => storage.sql.exec("SELECT seq FROM signal").toArray()))
      .toEqual([]);
    expect(await ended(object, run, ["waiting"])).toMatchObject({ status: "waiting", reason: expect.stringContaining("order.approved") });
    await object.acceptEvent(WAITING_RUNS, event("evt_3", { id: 7, by: "ada" }));
    const detail = await ended(object, run);
    expect(detail).toMatchObject({ status: "succeeded", output: "ada" });
    expect(detail.steps[0]).toMatchObject({ key: "answer", type: "wait", output: { id: "evt_3", user: "ada" } });
    expect(detail.steps[0]).not.toHaveProperty("seen");
    await runInDurableObject(object, (_, { storage }) => {
      expect(storage.sql.exec("SELECT run FROM waiter UNION ALL SELECT run FROM signal").toArray()).toEqual([]);
    });
  });

  test("is woken by an event once, however often that is delivered", async () => {
    const config = makeConfig(`
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps: [{ key: each, for: [1, 2], do: [{ key: w, wait: { event: order.approved } }] }]
`);
    const { object } = await configured(config);
    const accepted = await object.runNow("go", {});
    if (!accepted.ok) throw new Error(accepted.message);
    await ended(object, accepted.run, ["waiting"]);
    const openWaits = () =>
      runInDurableObject(object, (_, { storage }) =>
        storage.sql
          .exec<{ path: string }>("SELECT path FROM waiter")
          .toArray()
          .map(({ path }) => path),
      );
    for (let i = 0; i < 3; i++) {
      await object.acceptEvent(WAITING_RUNS, event("evt_same", {}));
      await expect.poll(openWaits).toEqual(["each[1].w"]);
    }
    await object.acceptEvent(WAITING_RUNS, event("evt_other", {}));
    expect(await ended(object, accepted.run)).toMatchObject({
      status: "succeeded",
      output: [{ id: "evt_same" }, { id: "evt_other" }],
    });
  });

  test("fails when its time is over", async () => {
    const { object, run } = await waiting(7, "1s");
    expect(await ended(object, run)).toMatchObject({ status: "failed", error: { code: "wait_timeout", step: "answer" } });
  });

  test("whose match cannot be told of an event fails there, once, and leaves the object in peace", async () => {
    const config = makeConfig(`
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: w, on_error: continue, wait: { event: order.approved, match: "{{ $number(event.data.n) = 1 }}" } }
      - { key: nap, wait: 3d }
`);
    const { object } = await configured(config);
    const accepted = await object.runNow("go", {});
    if (!accepted.ok) throw new Error(accepted.message);
    await ended(object, accepted.run, ["waiting"]);
    await object.acceptEvent(WAITING_RUNS, event("evt_odd", { n: "odd" }));
    await expect.poll(async () => (await object.listRuns({})).items[0]?.reason, { timeout: 5_000 }).toContain("nap waits");
    expect((await ended(object, accepted.run, ["waiting"])).steps[0]).toMatchObject({
      key: "w",
      status: "failed",
      error: { class: "expression" },
    });
    await runInDurableObject(object, (_, { storage }) => {
      const { wake } = storage.sql.exec<{ wake: number }>("SELECT wake FROM run").one();
      expect(wake).toBeGreaterThan(Date.now() + 2 * 86_400_000);
    });
  });

  test("no longer waits when it is canceled", async () => {
    const { object, run } = await waiting(7);
    await object.cancelRun(run);
    await object.acceptEvent(WAITING_RUNS, event("evt_1", { id: 7, by: "ada" }));
    expect(await ended(object, run)).toMatchObject({ status: "canceled" });
    await runInDurableObject(object, (_, { storage }) => {
      expect(storage.sql.exec("SELECT run FROM waiter UNION ALL SELECT run FROM signal").toArray()).toEqual([]);
    });
  });
});
