// What becomes of due times when the user's zone moves: each comes once, at its time of day on its day.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { configured, makeConfig } from "../../testing/integration-config.ts";
import { openParts, type Parts } from "./parts.ts";
import type { ConfigUser } from "./rpc.ts";
import { serveSlots } from "./serve-slots.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Two hours ahead of UTC. */
const EAST = "Etc/GMT-2";
const user = (timezone: string, revision: number): ConfigUser => ({
  ...{ ref: "usr_1", id: "ada", org: null, name: null, email: null, locale: null, attributes: { timezone }, revision },
});

/** A schedule that follows `cron` by the clock of `timezone`. */
async function scheduled(cron: string, timezone: string) {
  const flow = `blocks: [{ key: tick, name: Tick, trigger: { schedule: { cron: "${cron}" } }, steps: [{ key: v, value: 1 }] }]`;
  const { object } = await configured(makeConfig(flow, { user: user(timezone, 1) }));
  const next = async () => Date.parse((await object.describe()).blocks[0]?.nextRunAt ?? "");
  const slots = async () => (await object.listSlots({ limit: 10 })).items.map(({ dueAt, outcome }) => [Date.parse(dueAt), outcome]);
  return { object, next, slots };
}

/** Every day at the time of day that a clock shows which is `ahead` (ms) of UTC now. */
function dailyAt(ahead: number): string {
  const at = new Date(Math.floor(Date.now() / MINUTE) * MINUTE + ahead);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

test("to the west, what has run today does not run again when that time of day comes there", async () => {
  const { object, next, slots } = await scheduled(dailyAt(HOUR), EAST);
  const before = await next();
  expect(before - Date.now()).toBeGreaterThan(22 * HOUR);
  await object.userChanged(user("UTC", 2));
  expect(await next()).toBe(before + 2 * HOUR);
  await object.userChanged(user(EAST, 3));
  expect(await next()).toBe(before);
  expect(await slots()).toEqual([]);
});

test("to the east, what was still to come today and has passed there runs at once, late, and once", async () => {
  const { object, next, slots } = await scheduled(dailyAt(HOUR), "UTC");
  const before = await next();
  await object.userChanged(user(EAST, 2));
  await vi.waitFor(async () => expect(await slots()).toEqual([[before - 2 * HOUR, "late"]]), 5_000);
  expect(await next()).toBe(before - 2 * HOUR + DAY);
  await object.userChanged(user("UTC", 3));
  expect(await next()).toBe(before + DAY);
  expect((await object.listRuns({})).items).toHaveLength(1);
});

test("what was due and not served yet is served, also where the pattern goes by the new clock at once", async () => {
  const { object, slots } = await scheduled("* * * * *", "UTC");
  const due = Math.floor(Date.now() / MINUTE) * MINUTE - 3 * MINUTE;
  await runInDurableObject(object, async (_, { storage }) => {
    storage.sql.exec("UPDATE slot SET due = ?", due);
    await storage.deleteAlarm();
  });
  await evictDurableObject(object);
  await object.userChanged(user(EAST, 2));
  await vi.waitFor(async () => expect((await slots()).at(-1)).toEqual([due, "coalesced"]), 5_000);
  expect((await object.listRuns({})).items).toHaveLength(1);
});

test("one moment at which both clocks have a due time has a row for each", async () => {
  const { object, next, slots } = await scheduled(dailyAt(HOUR), "UTC");
  const before = await next();
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec("INSERT INTO slot_log (block, due, outcome, at) VALUES ('tick', ?, 'ran', ?)", before - 2 * HOUR, before - 2 * HOUR);
  });
  await object.userChanged(user(EAST, 2));
  await vi.waitFor(
    async () =>
      expect(await slots()).toEqual([
        [before - 2 * HOUR + 1, "late"],
        [before - 2 * HOUR, "ran"],
      ]),
    5_000,
  );
  expect((await object.listRuns({})).items).toHaveLength(1);
});

test("a due time that is being served when the zone moves is served in one of both", async () => {
  const { object } = await scheduled("0 9 * * *", "UTC");
  await runInDurableObject(object, async (_, { storage }) => {
    const parts: Parts = openParts(storage, env, () => Promise.reject(new Error("no effect")));
    const [row] = parts.slots.list();
    if (!row) throw new Error("no slot");
    const later = { block: "tick", rhythm: { cron: "0 9 * * *", timezone: EAST }, due: Date.now() + HOUR };
    parts.slots.set({ ...row, due: Date.now() - 1_000 }, Date.now());
    const open = parts.configs.open.bind(parts.configs);
    parts.configs.open = async (id) => {
      const opened = await open(id);
      parts.slots.set(later, Date.now());
      return opened;
    };
    const served = new Map<string, Promise<void>>();
    serveSlots(parts, served, () => undefined);
    await Promise.all(served.values());
    expect(parts.slots.list()).toMatchObject([later]);
    expect(parts.slots.history("tick", { from: 0, to: Date.now(), limit: 10 })).toEqual([]);
    expect(storage.sql.exec("SELECT id FROM run").toArray()).toEqual([]);
  });
});
