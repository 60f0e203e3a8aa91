import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { integrations } from "../db/schema.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";
import { sweepDue } from "./due.ts";
import { sweep } from "./sweep.ts";

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
});

/** Those of other tests are not due, some of which run ahead of time. */
const leaveOthers = () =>
  ws.db
    .update(integrations)
    .set({ nextDue: Date.now() + 1_800_000 })
    .where(eq(integrations.enabled, true));

describe("the sweep", () => {
  it("comes after the next run is due, or hourly, and never to what is off", () => {
    const block = (nextRunAt?: string) => ({
      key: "a",
      name: "A",
      trigger: { type: "schedule" as const },
      ...(nextRunAt ? { nextRunAt } : {}),
    });
    const at = (enabled: boolean, ...blocks: ReturnType<typeof block>[]) => sweepDue({ enabled, attention: [], blocks }, 0);
    expect(at(false, block())).toBeNull();
    expect(at(true, block())).toBe(3_720_000);
    expect(at(true, block(), block(new Date(60_000).toISOString()))).toBe(180_000);
    expect(at(true, block(new Date(-60_000).toISOString()))).toBe(120_000);
    expect(at(true, block(new Date(-60_001).toISOString()))).toBe(-60_001);
  });

  it("touches what is due and only that, and plans the next time", async () => {
    await ws.flow("inlay: 1\nkey: f\nname: F\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }]");
    const call = edgeClient(await ws.token({ sub: "ada" }));
    const make = async () => (await call("POST", "/v1/integrations", { flow: "f" })).body.id as string;
    await leaveOthers();
    const [due, later, off] = [await make(), await make(), await make()];
    const dueOf = async (id: string) => (await ws.db.select().from(integrations).where(eq(integrations.id, id)))[0]?.nextDue ?? null;
    await call("PATCH", `/v1/integrations/${off}`, { enabled: false });
    await ws.db.update(integrations).set({ nextDue: 5 }).where(eq(integrations.id, due));
    const before = await dueOf(later);
    expect(await sweep(env)).toBe(1);
    expect(await dueOf(due)).toBeGreaterThan(Date.now());
    expect(await dueOf(later)).toBe(before);
    expect(await dueOf(off)).toBeNull();
    expect(await sweep(env)).toBe(0);
  });

  it("says of one whose alarm was lost that it is overdue, until it has been served", async () => {
    await ws.flow(
      "inlay: 1\nkey: often\nname: O\nblocks: [{ key: go, name: Go, trigger: { schedule: { every: 1h } }, steps: [{ key: a, value: 1 }] }]",
    );
    const call = edgeClient(await ws.token({ sub: "ada" }));
    const id = (await call("POST", "/v1/integrations", { flow: "often" })).body.id as string;
    const late = Date.now() - 130_000;
    await runInDurableObject(env.INTEGRATIONS.getByName(id), async (_, { storage }) => {
      storage.sql.exec("UPDATE slot SET due = ?", late);
      await storage.deleteAlarm();
    });
    await evictDurableObject(env.INTEGRATIONS.getByName(id));
    await leaveOthers();
    await ws.db
      .update(integrations)
      .set({ nextDue: late + 120_000 })
      .where(eq(integrations.id, id));
    const timers = async () => (await edgeClient()("GET", "/health")).body.overdue.timers;
    expect(await timers()).toMatchObject({ count: 0 });
    expect(await sweep(env)).toBe(1);
    expect(await timers()).toMatchObject({ count: 1 });
    expect((await timers()).seconds).toBeGreaterThanOrEqual(130);
    await vi.waitFor(async () => expect((await call("GET", `/v1/integrations/${id}/slots`)).body.items).toHaveLength(1), 5_000);
    expect(await sweep(env)).toBe(1);
    expect(await timers()).toMatchObject({ count: 0 });
  });

  it("finds one that was planned while the clock ran ahead, which then goes by the right clock", async () => {
    const call = edgeClient(await ws.token({ sub: "ada" }));
    const id = (await call("POST", "/v1/integrations", { flow: "often" })).body.id as string;
    const ahead = Date.now() + 365 * 86_400_000;
    await runInDurableObject(env.INTEGRATIONS.getByName(id), async (_, { storage }) => {
      storage.sql.exec("UPDATE slot SET due = ?1, wake = ?1, planned = ?1", ahead);
      await storage.setAlarm(ahead);
    });
    await evictDurableObject(env.INTEGRATIONS.getByName(id));
    await leaveOthers();
    await ws.db.update(integrations).set({ nextDue: ahead }).where(eq(integrations.id, id));
    expect(await sweep(env)).toBe(1);
    const next = async () => Date.parse((await call("GET", `/v1/integrations/${id}`)).body.blocks[0].nextRunAt);
    await vi.waitFor(async () => expect(await next()).toBeLessThanOrEqual(Date.now() + 3_600_000), 5_000);
    expect(await sweep(env)).toBe(0);
  });
});
