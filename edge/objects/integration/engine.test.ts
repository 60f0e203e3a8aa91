import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const FLOW = `
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: v, value: 1 }] }
  - { key: later, name: Later, trigger: { manual: {} }, steps: [{ key: w, wait: 3d }] }
`;

test("an integration that has nothing left to do sets no alarm but the one that forgets its runs when they are old", async () => {
  const { object } = await configured(makeConfig(FLOW));
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error("refused");
  await ended(object, accepted.run);
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm());
    expect((alarm ?? 0) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  }, 5_000);
  const idle = await configured(makeConfig(FLOW));
  await vi.waitFor(async () => expect(await runInDurableObject(idle.object, (_, { storage }) => storage.getAlarm())).toBeNull(), 5_000);
});

test("while a run waits, the alarm stands for the end of its wait", async () => {
  const { object } = await configured(makeConfig(FLOW));
  const accepted = await object.runNow("later", {});
  if (!accepted.ok) throw new Error("refused");
  await ended(object, accepted.run, ["waiting"]);
  const due = Date.now() + 3 * 86_400_000;
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm());
    expect(Math.abs((alarm ?? 0) - due)).toBeLessThan(10_000);
  }, 5_000);
});

test("runs behind one that waits in their partition do not keep the alarm busy", async () => {
  const flow = `
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, order: fifo, steps: [{ key: w, wait: 3d }] }
`;
  const { object } = await configured(makeConfig(flow));
  const first = await object.runNow("go", {});
  const second = await object.runNow("go", {});
  if (!first.ok || !second.ok) throw new Error("refused");
  await ended(object, first.run, ["waiting"]);
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm());
    expect((alarm ?? 0) - Date.now()).toBeGreaterThan(2 * 86_400_000);
  }, 5_000);
  expect(await object.readRun(second.run)).toMatchObject({ status: "queued" });
});

test("a run that waits for seconds goes on when they are over, though the alarm that stands behind its drive is later", async () => {
  const flow = `
blocks:
  - { key: go, name: Go, trigger: { webhook: {} }, steps: [{ key: w, wait: 3s }] }
`;
  const { object, state } = await configured(makeConfig(flow));
  await vi.waitFor(async () => expect(await runInDurableObject(object, (_, { storage }) => storage.getAlarm())).toBeNull(), 5_000);
  const key = state.blocks[0]?.url?.split("/").at(-1) ?? "";
  const accepted = await object.acceptHook("go", key, { method: "POST", headers: {}, query: {}, body: "" });
  if (!accepted.ok) throw new Error("refused");
  await ended(object, accepted.run, ["waiting"]);
  const run = await ended(object, accepted.run);
  const late = Date.parse(run.endedAt ?? "") - Date.parse(run.acceptedAt) - 3_000;
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(2_500);
});

test("an alarm that was lost is set again when something touches the object", async () => {
  const { object } = await configured(makeConfig(FLOW));
  const accepted = await object.runNow("later", {});
  if (!accepted.ok) throw new Error("refused");
  await ended(object, accepted.run, ["waiting"]);
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm());
    expect((alarm ?? 0) - Date.now()).toBeGreaterThan(2 * 86_400_000);
  }, 12_000);
  await runInDurableObject(object, (_, { storage }) => storage.deleteAlarm());
  await object.poke();
  await vi.waitFor(async () => expect(await runInDurableObject(object, (_, { storage }) => storage.getAlarm())).not.toBeNull(), 5_000);
});

test("X13 an alarm that should have fired long since is lost: what is accepted then has one of its own", async () => {
  const { object } = await configured(makeConfig(FLOW));
  const waits = await object.runNow("later", {});
  if (!waits.ok) throw new Error("refused");
  await ended(object, waits.run, ["waiting"]);
  const alarmOf = () => runInDurableObject(object, (_, { storage }) => storage.getAlarm());
  await vi.waitFor(async () => expect((await alarmOf()) ?? 0).toBeGreaterThan(Date.now() + 2 * 86_400_000), 12_000);
  await runInDurableObject(object, (_, { storage }) => storage.deleteAlarm());
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 4 * 86_400_000 });
  try {
    expect(await object.runNow("later", {})).toMatchObject({ ok: true });
    expect(await alarmOf()).not.toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test("senders who outrun the work are held back, and every one of them is answered", async () => {
  fakeOutside(() => ({ body: {} }));
  const flow = `
blocks:
  - { key: go, name: Go, trigger: { webhook: {} }, steps: [{ key: post, http: { method: POST, url: "https://target.test/" } }] }
`;
  const { object, state } = await configured(makeConfig(flow));
  const key = state.blocks[0]?.url?.split("/").at(-1) ?? "";
  const send = () => object.acceptHook("go", key, { method: "POST", headers: {}, query: {}, body: "" });
  const answers = await Promise.all(Array.from({ length: 400 }, send));
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  for (const answer of answers) if (answer.ok) expect((await ended(object, answer.run)).status).toBe("succeeded");
});

test("what comes due while a call is under way is begun at once: waits, schedules, and runs of a poll's neighbours", async () => {
  const flow = `
blocks:
  - { key: slow, name: Slow, trigger: { manual: {} }, steps: [{ key: call, http: { url: "https://slow.test/" } }] }
  - { key: nap, name: Nap, trigger: { manual: {} }, steps: [{ key: w, wait: 3s }, { key: v, value: 1 }] }
  - { key: tick, name: Tick, trigger: { schedule: { every: 1s } }, steps: [{ key: v, value: 1 }] }
`;
  const answered = Promise.withResolvers<void>();
  fakeOutside(async () => {
    await answered.promise;
    return {};
  });
  const config = makeConfig(flow);
  const { object } = await configured(config);
  const slow = await object.runNow("slow", {});
  await object.poke();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const nap = await object.runNow("nap", {});
  if (!slow.ok || !nap.ok) throw new Error("refused");
  const { status, startedAt, endedAt } = await ended(object, nap.run);
  expect(status).toBe("succeeded");
  expect(Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "")).toBeLessThan(4_000);
  const slots = (await object.listSlots({ limit: 10, block: "tick" })).items;
  expect(slots.length).toBeGreaterThanOrEqual(3);
  for (const { outcome, lateness } of slots) expect([outcome, (lateness ?? 0) < 900]).toEqual(["ran", true]);
  await expect.poll(async () => (await object.listRuns({ block: "tick", status: "succeeded" })).items.length).toBeGreaterThanOrEqual(3);
  expect(await object.readRun(slow.run)).toMatchObject({ status: "running" });
  answered.resolve();
  expect(await ended(object, slow.run)).toMatchObject({ status: "succeeded" });
  await object.configure({ ...config, enabled: false }, "disabled");
});
