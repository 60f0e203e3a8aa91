// Long times, at once: the real stores and queue on the simulation's clock.
import { afterEach, expect, test } from "vitest";
import { FlowFile } from "../../../shared/flow/flow-file.ts";
import { nextSlot, settleSlots, stableOffset } from "../next-slot.ts";
import { SimNetwork } from "./sim-network.ts";
import { SimObject } from "./sim-object.ts";
import { SimStorage } from "./sim-storage.ts";
import { VirtualTime } from "./virtual-time.ts";

const immediate = setImmediate;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
let restore = () => {};
afterEach(() => restore());

/** An object whose outside is calm, on a clock of its own. `run` fires its alarm, and all timers, up to `until`. */
function stage(): { object: SimObject; storage: SimStorage; time: VirtualTime; run(until: number): Promise<void> } {
  const time = new VirtualTime(immediate);
  restore = time.install(() => 0.5);
  const storage = new SimStorage();
  const network = new SimNetwork(
    time,
    () => 0.5,
    () => false,
  );
  network.isCalm = true;
  const object = new SimObject(storage, time, network, async () => 1_000);
  const run = async (until: number) => {
    let isOver = false;
    time.after(until - time.now, () => {
      isOver = true;
    });
    while (!isOver) {
      await time.drain();
      network.settle();
      const due = storage.alarm;
      const wall = time.now + time.skew;
      const timer = due === null || object.isOnShift ? 0 : time.after(Math.max(0, due - wall), () => object.alarm());
      time.step();
      time.cancel(timer);
    }
    await time.drain();
  };
  return { object, storage, time, run };
}

const flow = (block: object) => FlowFile.parse({ inlay: 1, key: "timed", name: "Timed", blocks: [{ key: "b", name: "B", ...block }] });

interface Ended {
  status: string;
  ended: number;
}

test("a flow of 30 days takes less than a second", async () => {
  const since = performance.now();
  const { object, storage, time, run } = stage();
  const start = time.now;
  const daily = {
    key: "days",
    for: "{{ [1..30] }}",
    do: [
      { key: "pause", wait: "1d" },
      { key: "send", http: { method: "POST", url: "https://sink.test/" }, on_error: "continue" },
    ],
  };
  await object.configure(flow({ trigger: { event: "happened" }, steps: [daily] }));
  await object.accept("b", "one", {});
  await run(start + 31 * DAY);
  const [ended] = storage.rows<Ended>("SELECT status, ended FROM run");
  expect(ended?.status).toBe("succeeded");
  expect((ended?.ended ?? 0) - start).toBeGreaterThanOrEqual(30 * DAY);
  expect((ended?.ended ?? 0) - start).toBeLessThan(30 * DAY + 10 * MINUTE);
  expect(performance.now() - since).toBeLessThan(1_000);
});

test.each([
  ["skip", 1, { skipped: 71, ran: 1 }],
  ["one", 1, { coalesced: 71, ran: 1 }],
  ["all", 72, { late: 71, ran: 1 }],
] as const)(
  "after a stop of three days, missed: %s starts %i runs, and every due time says how it ended",
  async (missed, runs, outcomes) => {
    const { object, storage, time, run } = stage();
    await object.configure(flow({ trigger: { schedule: { cron: "0 * * * *" } }, missed, steps: [{ key: "v", value: 1 }] }));
    await run(time.now + 30 * MINUTE);
    object.kill();
    const before = storage.rows("SELECT id FROM run").length;
    time.now += 3 * DAY - 30 * MINUTE;
    await run(time.now + MINUTE);
    expect(storage.rows("SELECT id FROM run").length - before).toBe(runs);
    const counts = storage.rows<{ outcome: string; n: number }>("SELECT outcome, count(*) AS n FROM slot_log GROUP BY outcome");
    expect(Object.fromEntries(counts.map(({ outcome, n }) => [outcome, n]))).toEqual(outcomes);
    expect(storage.rows("SELECT id FROM run WHERE status <> 'succeeded'")).toEqual([]);
  },
);

test("10,000 waits that are over in the same second all go on, once", async () => {
  const { object, storage, time, run } = stage();
  const count = 10_000;
  const due = time.now + 2 * HOUR;
  await object.configure(
    flow({ trigger: { event: "happened" }, concurrency: 64, steps: [{ key: "w", wait: { until: "{{ trigger.data.until }}" } }] }),
  );
  for (let i = 0; i < count; i++) {
    void object.accept("b", `e${i}`, { until: due + (i % 1_000) });
    if (i % 500 === 499) await run(time.now + 1_000);
  }
  expect(storage.rows<{ n: number }>("SELECT count(*) AS n FROM run WHERE status = 'waiting'")[0]?.n).toBe(count);
  await run(due + MINUTE);
  const [ended] = storage.rows<{ n: number; last: number; first: number }>(
    "SELECT count(*) AS n, max(ended) AS last, min(ended) AS first FROM run WHERE status = 'succeeded'",
  );
  expect(ended?.n).toBe(count);
  expect(ended?.first).toBeGreaterThanOrEqual(due);
  expect(ended?.last).toBeLessThan(due + 10_000);
}, 60_000);

test("10,000 schedules of the same minute are spread over it evenly", () => {
  const seconds = new Map<number, number>();
  for (let i = 0; i < 10_000; i++) {
    const due = nextSlot({ every: MINUTE, offset: stableOffset(`int_${i}/b`, MINUTE) }, 0) ?? 0;
    const second = Math.floor((due % MINUTE) / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  expect(seconds.size).toBe(60);
  expect(Math.max(...seconds.values())).toBeLessThan(250);
});

/** Two runs in a partition behind one that waits ten minutes, one that waits two hours, and a schedule, as they are when the clock is set. */
async function beforeTheJump() {
  const { object, storage, time, run } = stage();
  const blocks = [
    {
      key: "b",
      trigger: { event: "happened" },
      order: "fifo",
      steps: [
        { key: "w", wait: "10m" },
        { key: "send", http: SEND },
      ],
    },
    {
      key: "long",
      trigger: { event: "happened" },
      steps: [
        { key: "w", wait: "2h" },
        { key: "send", http: SEND },
      ],
    },
    { key: "tick", trigger: { schedule: { every: "5m" } }, missed: "all", steps: [{ key: "v", value: 1 }] },
  ];
  await object.configure(
    FlowFile.parse({ inlay: 1, key: "timed", name: "Timed", blocks: blocks.map((block) => ({ name: "B", ...block })) }),
  );
  for (const id of ["one", "two"]) await object.accept("b", id, {});
  await object.accept("long", "three", {});
  await run(time.now + MINUTE);
  return { object, storage, time, run, begun: time.now };
}
const SEND = { method: "POST", url: "https://sink.test/", body: {} };

test.each([1, -1])("X11 a clock set by %i h loses and repeats nothing, and keeps the order", async (hours) => {
  const { object, storage, time, run, begun } = await beforeTheJump();
  object.kill();
  time.skew += hours * HOUR;
  await object.accept("b", "four", {});
  await run(begun + 4 * HOUR);
  const rows = storage.rows<Ended & { block: string; input: string }>("SELECT * FROM run WHERE block <> 'tick' ORDER BY ended");
  expect(rows.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded", "succeeded"]);
  const order = rows.filter(({ block }) => block === "b").map(({ input }) => JSON.parse(input).id);
  expect(order).toEqual(["one", "two", "four"]);
  const dues = storage.rows<{ due: number }>("SELECT due FROM slot_log ORDER BY due").map(({ due }) => due);
  expect(new Set(dues.map((due, index) => due - (dues[index - 1] ?? due - 5 * MINUTE)))).toEqual(new Set([5 * MINUTE]));
  expect(storage.rows<{ n: number }>("SELECT count(*) AS n FROM run WHERE block = 'tick'")[0]?.n).toBe(dues.length);
});

test("X11 what comes after the clock was set back runs at once, whatever waits for the old time", async () => {
  const { object, storage, time, run } = await beforeTheJump();
  time.skew -= HOUR;
  await object.configure(flow({ trigger: { event: "happened" }, steps: [{ key: "v", value: 1 }] }));
  const id = await object.accept("b", "now", {});
  await run(time.now + MINUTE);
  expect(storage.rows<Ended>(`SELECT status, ended FROM run WHERE id = '${id}'`)).toMatchObject([{ status: "succeeded" }]);
});

test("X11 what was planned while the clock was a year ahead goes on by the right clock", async () => {
  const { object, storage, time, run } = stage();
  const blocks = [
    { key: "b", trigger: { event: "happened" }, steps: [{ key: "send", http: SEND }] },
    { key: "often", trigger: { schedule: { every: "5m" } }, steps: [{ key: "v", value: 1 }] },
    { key: "daily", trigger: { schedule: { cron: "0 9 * * *" } }, steps: [{ key: "v", value: 1 }] },
  ];
  time.skew = 365 * DAY;
  await object.configure(
    FlowFile.parse({ inlay: 1, key: "timed", name: "Timed", blocks: blocks.map((block) => ({ name: "B", ...block })) }),
  );
  await run(time.now + 2 * DAY);
  const before = storage.rows("SELECT id FROM run").length;
  expect(before).toBeGreaterThan(500);
  await object.accept("b", "queued", {});
  object.kill();
  const back = time.now;
  time.skew = 0;
  await object.accept("b", "now", {});
  await run(back + DAY);
  const since = storage.rows<{ block: string; n: number }>(
    `SELECT block, count(*) AS n FROM slot_log WHERE at >= ${back} AND at < ${back + DAY} GROUP BY block`,
  );
  expect(since).toEqual([
    { block: "daily", n: 1 },
    { block: "often", n: 288 },
  ]);
  expect(storage.rows("SELECT id FROM run WHERE status <> 'succeeded'")).toEqual([]);
  expect(storage.rows("SELECT id FROM run").length).toBe(before + 288 + 1 + 2);
});

test.each([
  ["for ten minutes", 10 * MINUTE, 0],
  ["for two days", 2 * DAY, 10],
])("X11 a clock ten hours ahead %s, set back, silences a schedule only for what it has run for", async (_, ahead, hours) => {
  const { object, storage, time, run } = stage();
  const blocks = [
    { key: "hourly", trigger: { schedule: { cron: "0 * * * *" } }, steps: [{ key: "v", value: 1 }] },
    { key: "daily", trigger: { schedule: { cron: "15 0,9 * * *" } }, steps: [{ key: "v", value: 1 }] },
  ];
  await object.configure(
    FlowFile.parse({ inlay: 1, key: "timed", name: "Timed", blocks: blocks.map((block) => ({ name: "B", ...block })) }),
  );
  await run(time.now + 2 * HOUR + 7 * MINUTE);
  object.kill();
  time.skew = 10 * HOUR;
  object.alarm();
  await run(time.now + ahead);
  object.kill();
  time.skew = 0;
  const back = time.now;
  const served = storage.rows<{ due: number }>("SELECT due FROM slot_log WHERE block = 'hourly' AND run IS NOT NULL");
  // The sweep comes once a minute.
  object.alarm();
  await run(back + DAY + MINUTE);
  const since = storage.rows<{ due: number; at: number }>(
    `SELECT due, at FROM slot_log WHERE block = 'hourly' AND due > ${back} AND due <= ${back + DAY} AND run IS NOT NULL ORDER BY due`,
  );
  expect(since).toHaveLength(24);
  const late = since.filter(({ due }) => !served.some((one) => one.due === due));
  expect(late.length).toBe(24 - Math.max(1, hours));
  expect(late.every(({ due, at }) => at >= due && at - due < 2 * MINUTE)).toBe(true);
  const runs = storage.rows<{ block: string; run: string }>("SELECT block, run FROM slot_log WHERE run IS NOT NULL");
  expect(new Set(runs.map(({ run: id }) => id)).size).toBe(runs.length);
  expect(storage.rows("SELECT id FROM run")).toHaveLength(runs.length);
});

/** Due times of a daily cron, as local clock times, over the days around a change of the clock. */
function around(timezone: string, cron: string, from: string, days: number): string[] {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "short" });
  const { slots } = settleSlots(
    { cron, timezone },
    nextSlot({ cron, timezone }, Date.parse(from)) ?? 0,
    Date.parse(from) + days * DAY,
    "all",
  );
  return slots.map(({ due }) => clock.format(due).slice(5));
}

test.each([
  ["Europe/Berlin", "30 2 * * *", "2026-03-28T12:00:00Z", ["03-29 03:00", "03-30 02:30"]],
  ["Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00Z", ["10-25 02:30", "10-26 02:30"]],
  ["America/New_York", "30 2 * * *", "2026-03-07T18:00:00Z", ["03-08 03:00", "03-09 02:30"]],
  ["America/New_York", "30 1 * * *", "2026-10-31T18:00:00Z", ["11-01 01:30", "11-02 01:30"]],
  ["Australia/Lord_Howe", "15 2 * * *", "2026-10-03T06:00:00Z", ["10-04 02:30", "10-05 02:15"]],
  ["Australia/Lord_Howe", "45 1 * * *", "2026-04-04T06:00:00Z", ["04-05 01:45", "04-06 01:45"]],
])("%s, %s: once a day over the change of the clock from %s", (timezone, cron, from, expected) => {
  expect(around(timezone, cron, from, 2)).toEqual(expected);
});
