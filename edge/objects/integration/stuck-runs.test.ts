import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { noteOverdue } from "../../db/overdue.ts";
import { overdue } from "../../db/schema.ts";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";
import { noteReported } from "../ledger/watch-store.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const DAY = 86_400_000;
const FLOW = `
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: w, wait: 2d }, { key: call, http: { url: "https://target.test/" } }, { key: nap, wait: 3d }] }
  - { key: quick, name: Quick, trigger: { manual: {} }, steps: [{ key: v, value: 1 }] }
`;
type Stub = Awaited<ReturnType<typeof configured>>["object"];

async function start(block: string, until?: string[]) {
  const config = makeConfig(FLOW);
  const { object } = await configured(config);
  const accepted = await object.runNow(block, {});
  if (!accepted.ok) throw new Error(accepted.message);
  await ended(object, accepted.run, until);
  return { config, object, run: accepted.run };
}
const write = (object: Stub, sql: string, ...values: (string | number)[]) =>
  runInDurableObject(object, (_, { storage }) => void storage.sql.exec(sql, ...values));
const rowOf = (object: Stub, run: string) =>
  runInDurableObject(object, (_, { storage }) =>
    storage.sql.exec<{ status: string; crashes: number; wake: number }>("SELECT status, crashes, wake FROM run WHERE id = ?", run).one(),
  );
/** The object dies while it drives the run, which had died `crashes` times before. */
async function die(id: string, run: string, crashes: number): Promise<Stub> {
  await write(env.INTEGRATIONS.getByName(id), "UPDATE run SET status = 'running', crashes = ? WHERE id = ?", crashes, run);
  await evictDurableObject(env.INTEGRATIONS.getByName(id));
  return env.INTEGRATIONS.getByName(id);
}

describe("a run that its object died with", () => {
  test("is taken up at once, twice; then it is in quarantine for longer and longer", async () => {
    const { config, run } = await start("go", ["waiting"]);
    for (const [crashes, pause] of [
      [0, 0],
      [1, 0],
      [2, 10_000],
      [3, 20_000],
      [4, 40_000],
    ] as const) {
      const begun = Date.now();
      const object = await die(config.id, run, crashes);
      const row = await rowOf(object, run);
      if (pause === 0) continue;
      expect(row).toMatchObject({ status: "queued", crashes: crashes + 1 });
      expect(row.wake - begun).toBeGreaterThanOrEqual(pause);
      expect(row.wake - begun).toBeLessThan(pause + 5_000);
    }
  });

  test("X08 over and over without getting any further is given up as poison, in words", async () => {
    const { config, run } = await start("go", ["waiting"]);
    const object = await die(config.id, run, 5);
    expect(await ended(object, run)).toMatchObject({
      status: "failed",
      error: { code: "poison", class: "internal", message: expect.stringContaining("6 times") },
    });
  });

  test("and that gets further than before is no longer suspect", async () => {
    fakeOutside(() => ({}));
    const { config, object, run } = await start("go", ["waiting"]);
    await write(object, "UPDATE journal SET body = json_set(body, '$.wakeAt', 1) WHERE run = ?", run);
    const again = await die(config.id, run, 1);
    await again.poke();
    await vi.waitFor(async () => expect(await rowOf(again, run)).toMatchObject({ status: "waiting", crashes: 0 }), 5_000);
  });
});

describe("the ledger", () => {
  test("wakes an integration whose alarm was lost, and says meanwhile that a run is overdue", async () => {
    fakeOutside(() => ({}));
    const { config, object, run } = await start("go", ["waiting"]);
    const ledger = env.LEDGERS.getByName(config.workspace);
    const watched = () =>
      runInDurableObject(ledger, (_, { storage }) =>
        storage.sql.exec<{ due: number; since: number }>("SELECT due, since FROM watch WHERE run = ?", run).toArray(),
      );
    await vi.waitFor(async () => expect((await watched())[0]?.due).toBeGreaterThan(Date.now() + DAY), 5_000);
    await write(object, "UPDATE journal SET body = json_set(body, '$.wakeAt', 1) WHERE run = ?", run);
    await write(object, "UPDATE run SET wake = 1 WHERE id = ?", run);
    await runInDurableObject(object, (_, { storage }) => storage.deleteAlarm());
    await runInDurableObject(ledger, (_, { storage }) => {
      storage.sql.exec("UPDATE watch SET due = 1, since = 1 WHERE run = ?", run);
      return storage.setAlarm(Date.now() + 60_000);
    });
    expect(await runDurableObjectAlarm(ledger)).toBe(true);
    await vi.waitFor(async () => expect((await watched())[0]?.since).toBeGreaterThan(Date.now() + 2 * DAY), 5_000);
    expect(await object.readRun(run)).toMatchObject({ status: "waiting", reason: expect.stringContaining("nap waits until") });
    await object.cancelRun(run);
    await vi.waitFor(async () => expect(await watched()).toEqual([]), 5_000);
  });

  test("no longer says so soon after the run has gone on, also where nothing else is watched", async () => {
    const { db, id: workspace } = await makeWorkspace();
    const ledger = env.LEDGERS.getByName(workspace);
    const config = makeConfig(FLOW, { workspace });
    const { object } = await configured(config);
    const said = async () => (await db.select().from(overdue).where(eq(overdue.workspace, workspace))).map(({ runs }) => runs);
    await noteOverdue(db, workspace, { runs: 1, since: 1 });
    await runInDurableObject(ledger, (_, { storage }) => noteReported(storage.sql, workspace));
    const accepted = await object.runNow("quick", {});
    if (!accepted.ok) throw new Error(accepted.message);
    await ended(object, accepted.run);
    const alarm = () => runInDurableObject(ledger, (_, { storage }) => storage.getAlarm());
    await vi.waitFor(async () => expect(await alarm()).not.toBeNull(), 10_000);
    expect(await alarm()).toBeLessThanOrEqual(Date.now() + 15_000);
    expect(await said()).toEqual([1]);
    await runDurableObjectAlarm(ledger);
    expect(await said()).toEqual([]);
    expect(await alarm()).toBeNull();
  });

  test("calls nothing late that is behind another in its line, or for which its block has no room", async () => {
    const steps = "steps: [{ key: nap, wait: 2d }]";
    const slow = "steps: [{ key: h, http: { method: GET, url: https://slow.test/ } }]";
    const { id: workspace } = await makeWorkspace();
    const { object } = await configured(
      makeConfig(
        `blocks:\n  - { key: line, name: L, order: fifo, trigger: { manual: {} }, ${steps} }\n  - { key: one, name: O, concurrency: 1, trigger: { manual: {} }, ${slow} }`,
        { workspace },
      ),
    );
    let isDown = true;
    fakeOutside(async () => {
      while (isDown) await new Promise((resolve) => setTimeout(resolve, 20));
      return {};
    });
    const ids: string[] = [];
    for (const block of ["line", "line", "one", "one"]) {
      const accepted = await object.runNow(block, {});
      if (accepted.ok) ids.push(accepted.run);
    }
    const [first = "", second = "", third = "", fourth = ""] = ids;
    await ended(object, first, ["waiting"]);
    const found = await object.watch(ids);
    expect(found.map(({ isHeld }) => isHeld)).toEqual([false, true, false, true]);
    const ledger = env.LEDGERS.getByName(workspace);
    const watched = (since = Number.MAX_SAFE_INTEGER) =>
      runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("SELECT run FROM watch WHERE since <= ?", since).toArray().length);
    await vi.waitFor(async () => expect(await watched()).toBe(4), 5_000);
    await runInDurableObject(ledger, (_, { storage }) => {
      storage.sql.exec("UPDATE watch SET due = 1, since = 1 WHERE run IN (?, ?)", second, fourth);
      return storage.setAlarm(Date.now() + 60_000);
    });
    expect(await watched(Date.now() - 60_000)).toBe(2);
    await runDurableObjectAlarm(ledger);
    expect(await watched(Date.now() - 60_000)).toBe(0);
    expect(await watched()).toBe(4);
    isDown = false;
    for (const id of [third, fourth]) expect(await ended(object, id)).toMatchObject({ status: "succeeded" });
    for (const id of [first, second]) await object.cancelRun(id);
  });

  test("drops what its integration knows nothing of", async () => {
    const ledger = env.LEDGERS.getByName("ws_test");
    await runInDurableObject(ledger, (_, { storage }) => {
      storage.sql.exec("INSERT INTO watch (run, integration, due, since) VALUES ('run_gone_1', 'int_gone', 1, 1)");
      return storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(ledger);
    await runInDurableObject(ledger, (_, { storage }) => {
      expect(storage.sql.exec("SELECT run FROM watch WHERE run = 'run_gone_1'").toArray()).toEqual([]);
    });
  });
});

describe("runs that ended long ago", () => {
  test("are forgotten with their journals by an alarm that an idle integration keeps, and others stay", async () => {
    const { config, object, run } = await start("quick");
    const young = await object.runNow("quick", {});
    const waiting = await object.runNow("go", {});
    if (!young.ok || !waiting.ok) throw new Error("refused");
    await ended(object, young.run);
    await ended(object, waiting.run, ["waiting"]);
    const now = Date.now();
    const entry = { path: "x", key: "x", type: "http", status: "succeeded", attempts: 1, tasks: 1, startedAt: 1, endedAt: 2 };
    await write(object, "INSERT INTO journal (run, path, body) VALUES (?, 'x', ?)", run, JSON.stringify(entry));
    await write(object, "UPDATE run SET accepted = ?, ended = ? WHERE id = ?", now - 31 * DAY, now - 31 * DAY, run);
    await write(object, "UPDATE run SET ended = ? WHERE id = ?", now - 29 * DAY, young.run);
    await write(object, "UPDATE run SET accepted = ? WHERE id = ?", now - 40 * DAY, waiting.run);
    await write(object, "UPDATE meta SET v = '0' WHERE k = 'purged'");
    await evictDurableObject(object);
    const again = env.INTEGRATIONS.getByName(config.id);
    await vi.waitFor(async () => expect(await again.readRun(run)).toBeNull(), 5_000);
    expect(await again.readRun(young.run)).toMatchObject({ status: "succeeded" });
    expect(await again.readRun(waiting.run)).toMatchObject({ status: "waiting" });
    await runInDurableObject(again, (_, { storage }) => {
      expect(storage.sql.exec("SELECT run FROM journal WHERE run = ?", run).toArray()).toEqual([]);
    });
  });

  test("leave the ledger's index as well", async () => {
    const { object, run, config } = await start("quick");
    const waiting = await object.runNow("go", {});
    if (!waiting.ok) throw new Error("refused");
    const ledger = env.LEDGERS.getByName(config.workspace);
    const indexed = async () => (await ledger.listRuns({ integration: config.id, limit: 10 })).items.map(({ id }) => id);
    await vi.waitFor(async () => expect((await indexed()).sort()).toEqual([run, waiting.run].sort()), 5_000);
    await runInDurableObject(ledger, (_, { storage }) => {
      storage.sql.exec("UPDATE run SET accepted = '2020-01-01T00:00:00.000Z' WHERE integration = ?", config.id);
    });
    await evictDurableObject(ledger);
    await env.LEDGERS.getByName(config.workspace).publish([]);
    expect(await indexed()).toEqual([waiting.run]);
  });
});
