import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../app.ts";
import { catalogue } from "../db/catalogue.ts";
import { noteOverdue } from "../db/overdue.ts";
import { integrations, overdue } from "../db/schema.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { ended } from "../testing/integration-config.ts";
import { makeWorkspace } from "../testing/test-workspace.ts";

// Health is of all workspaces: what other tests have left overdue is none of these.
beforeEach(async () => {
  const db = catalogue(env);
  await db.delete(overdue);
  await db.update(integrations).set({ nextDue: null });
});

afterEach(() => void vi.restoreAllMocks());

describe("the service", () => {
  it("is healthy when the database and an object answer", async () => {
    const { status, body } = await edgeClient()("GET", "/health");
    expect([status, body]).toMatchObject([
      200,
      { status: "ok", database: "ok", objects: "ok", overdue: { runs: { count: 0, seconds: 0 } } },
    ]);
  });

  it("tells what is overdue, over all workspaces, and names nobody", async () => {
    const [one, two] = [await makeWorkspace(), await makeWorkspace()];
    const now = Date.now();
    await noteOverdue(one.db, one.id, { runs: 2, since: now - 90_000 });
    await noteOverdue(two.db, two.id, { runs: 1, since: now - 120_000 });
    await two.flow("inlay: 1\nkey: f\nname: F\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]");
    const { body: made } = await edgeClient(await two.token({ sub: "ada" }))("POST", "/v1/integrations", { flow: "f" });
    await two.db
      .update(integrations)
      .set({ nextDue: now - 130_000 })
      .where(eq(integrations.id, made.id));
    const read = async () => (await edgeClient()("GET", "/health")).body.overdue;
    const { runs, timers } = await read();
    expect(runs).toMatchObject({ count: 3 });
    expect(runs.seconds).toBeGreaterThanOrEqual(120);
    expect(timers).toMatchObject({ count: 1 });
    expect(timers.seconds).toBeGreaterThanOrEqual(130);
    await noteOverdue(two.db, two.id, { runs: 0, since: null });
    await two.db
      .update(integrations)
      // The sweep has not come yet, and will within the minute.
      .set({ nextDue: now - 60_000 })
      .where(eq(integrations.id, made.id));
    expect(await read()).toMatchObject({ runs: { count: 2 }, timers: { count: 0, seconds: 0 } });
  });

  it("tells of a run whose alarm was lost, until that has gone on", async () => {
    const ws = await makeWorkspace();
    await ws.flow("inlay: 1\nkey: f\nname: F\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: nap, wait: 5s }] }]");
    const ada = edgeClient(await ws.token({ sub: "ada" }));
    const { id } = (await ada("POST", "/v1/integrations", { flow: "f" })).body;
    const { run } = (await ada("POST", `/v1/integrations/${id}/blocks/go/run`)).body;
    const object = () => env.INTEGRATIONS.getByName(id);
    await ended(object(), run, ["waiting"]);
    const ledger = env.LEDGERS.getByName(ws.id);
    const watched = () => runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("SELECT run FROM watch").toArray().length);
    await expect.poll(watched).toBe(1);
    await runInDurableObject(object(), (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(object());
    const read = async () => (await edgeClient()("GET", "/health")).body.overdue.runs;
    expect(await read()).toEqual({ count: 0, seconds: 0 });

    const now = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => now() + 90_000);
    await runDurableObjectAlarm(ledger);
    expect(await read()).toMatchObject({ count: 1 });
    expect((await read()).seconds).toBeGreaterThanOrEqual(84);
    expect((await read()).seconds).toBeLessThan(100);

    await runDurableObjectAlarm(object());
    expect(await ended(object(), run)).toMatchObject({ status: "succeeded" });
    await expect.poll(watched).toBe(0);
    await runDurableObjectAlarm(ledger);
    expect(await read()).toEqual({ count: 0, seconds: 0 });
  });

  it("answers nothing without a master key, and says which setting is missing", async () => {
    for (const path of ["/health", "/v1/flows", "/docs"]) {
      const response = await app.request(path, {}, { ...env, INLAY_MASTER_KEY: "" });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: "unavailable", detail: expect.stringContaining("INLAY_MASTER_KEY") });
    }
  });

  it("is not healthy without its database", async () => {
    const response = await app.request("/health", {}, { ...env, DB: {} as D1Database });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining("the database") });
  });
});
