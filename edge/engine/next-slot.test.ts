import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCron, checkZone, moveSlot, nextSlot, type Rhythm, settleSlots, stableOffset } from "./next-slot.ts";

const at = (text: string) => Date.parse(text);
const list = (rhythm: Rhythm, from: string, count: number): string[] => {
  const times: string[] = [];
  let time: number | undefined = at(from);
  for (let i = 0; i < count && time !== undefined; i++) {
    time = nextSlot(rhythm, time);
    if (time !== undefined) times.push(new Date(time).toISOString());
  }
  return times;
};

describe("a cron pattern in a zone", () => {
  const berlin = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
  test("a cron pattern that no day ever fulfils is refused", () => {
    expect(checkCron("0 0 31 2 *")).toContain("never due");
    expect(checkCron("0 0 29 2 *")).toBeUndefined();
  });

  test("is due once a day over the change to summer time, right after the hour that is left out", () => {
    expect(list(berlin, "2026-03-28T00:00:00Z", 3)).toEqual([
      "2026-03-28T01:30:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });
  test("is due once a day over the change to winter time, though the hour comes twice", () => {
    expect(list(berlin, "2026-10-24T00:00:00Z", 3)).toEqual([
      "2026-10-24T00:30:00.000Z",
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });
  test.each([
    ["America/New_York", "30 1,2 * * *", "2027-03-14T00:00:00-05:00", "01:30 03:00 01:30 02:30"],
    ["America/New_York", "15,45 2 * * *", "2027-03-14T00:00:00-05:00", "03:00 02:15 02:45"],
    ["America/New_York", "30 2,5 * * *", "2027-03-14T00:00:00-05:00", "03:00 05:30 02:30 05:30"],
    ["America/New_York", "30 1-2 * * *", "2026-11-01T00:00:00-04:00", "01:30 02:30 01:30 02:30"],
    ["Europe/Berlin", "0,30 15,45 2 * * *", "2026-10-25T00:00:00+02:00", "02:15 02:15 02:45 02:45 02:15"],
    ["Australia/Lord_Howe", "15,40 1,2 * * *", "2027-04-04T00:00:00+11:00", "01:15 01:40 02:15 02:40 01:15"],
    ["Australia/Lord_Howe", "15,40 2 * * *", "2026-10-04T00:00:00+10:30", "02:30 02:40 02:15"],
  ])("in %s, %s names its times: none is lost by a change of the clock, and none comes twice (from %s)", (timezone, cron, from, times) => {
    const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, timeStyle: "short" });
    const found = list({ cron, timezone }, from, times.split(" ").length);
    expect(found.map((time) => clock.format(new Date(time))).join(" ")).toBe(times);
    expect(new Set(found).size).toBe(found.length);
  });
  test.each(["*/30 * * * *", "0,30 0-23 * * *"])("%s goes on every half hour over both changes", (cron) => {
    for (const from of ["2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z"])
      expect(list({ cron, timezone: "Europe/Berlin" }, from, 8).map(at)).toEqual(
        Array.from({ length: 8 }, (_, index) => at(from) + (index + 1) * 1_800_000),
      );
  });
  test("is due when it is whenever one asks", () => {
    const rhythm = { cron: "20 7 1,15 * *", timezone: "Pacific/Chatham" };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (from) => {
        const next = nextSlot(rhythm, from) ?? 0;
        expect(next).toBeGreaterThan(from);
        expect(nextSlot(rhythm, next - 1)).toBe(next);
      }),
    );
  });
  test("that never comes has no next time", () => {
    expect(nextSlot({ cron: "0 0 30 2 *", timezone: "UTC" }, at("2026-01-01T00:00:00Z"))).toBeUndefined();
  });
  test("is refused in words where it is none", () => {
    expect(checkCron("0 3 * * *")).toBeUndefined();
    expect(checkCron("soon")).toContain("no cron pattern");
    expect(checkZone("Europe/Berlin")).toBe(true);
    expect(checkZone("Mars/Olympus")).toBe(false);
  });
});

test("an interval is due at its own offset, evenly, whatever the time asked from", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 86_400_000 }),
      fc.string(),
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      (every, owner, from) => {
        const offset = stableOffset(owner, every);
        const next = nextSlot({ every, offset }, from) ?? 0;
        expect(next).toBeGreaterThan(from);
        expect(next - from).toBeLessThanOrEqual(every);
        expect((next - offset) % every).toBe(0);
      },
    ),
  );
});

describe("a pattern whose zone moves", () => {
  const moved = (cron: string, from: string, to: string, due: string) => {
    const time = moveSlot({ cron, timezone: from }, { cron, timezone: to }, at(due));
    return time === undefined ? undefined : new Date(time).toISOString();
  };
  test("keeps the day and the time of day of what is due, which may have passed", () => {
    const nine = "0 9 * * *";
    expect(moved(nine, "Europe/Berlin", "Europe/London", "2026-11-30T08:00:00Z")).toBe("2026-11-30T09:00:00.000Z");
    expect(moved(nine, "Europe/Berlin", "Asia/Tokyo", "2026-11-30T08:00:00Z")).toBe("2026-11-30T00:00:00.000Z");
    expect(moved(nine, "Pacific/Auckland", "Pacific/Honolulu", "2026-11-29T20:00:00Z")).toBe("2026-11-30T19:00:00.000Z");
    expect(moved("30 0 * * 1", "Asia/Kolkata", "America/New_York", "2026-11-29T19:00:00Z")).toBe("2026-11-30T05:30:00.000Z");
  });
  test("has none skipped where a clock change of the new zone leaves out or repeats that time", () => {
    expect(moved("30 2 * * *", "UTC", "Europe/Berlin", "2026-03-29T02:30:00Z")).toMatch(/^2026-03-29T01:/);
    expect(moved("30 2 * * *", "UTC", "Europe/Berlin", "2026-10-25T02:30:00Z")).toMatch(/^2026-10-25T0[01]:30/);
  });
  test("goes by the new clock at once where it is due more often than the clocks are apart", () => {
    expect(moved("*/5 * * * *", "Europe/Berlin", "Asia/Tokyo", "2026-11-30T08:00:00Z")).toBeUndefined();
    expect(moved("0 * * * *", "Europe/Berlin", "Europe/London", "2026-11-30T08:00:00Z")).toBeUndefined();
    expect(moved("0 * * * *", "Europe/Berlin", "Europe/Rome", "2026-11-30T08:00:00Z")).toBe("2026-11-30T08:00:00.000Z");
  });
});

describe("due times that were missed", () => {
  const hourly = { cron: "0 * * * *", timezone: "UTC" };
  const [due, now] = [at("2026-01-01T01:00:00Z"), at("2026-01-01T04:00:10Z")];
  const outcomes = (policy: "skip" | "one" | "all") => settleSlots(hourly, due, now, policy).slots.map((slot) => slot.outcome);
  test("are skipped but for the one that is on time, served once, or served each, as the block says", () => {
    expect(outcomes("skip")).toEqual(["skipped", "skipped", "skipped", "ran"]);
    expect(outcomes("one")).toEqual(["coalesced", "coalesced", "coalesced", "ran"]);
    expect(outcomes("all")).toEqual(["late", "late", "late", "ran"]);
    expect(settleSlots(hourly, due, now, "one").slots.at(-1)?.missed).toBe(3);
    expect(settleSlots(hourly, due, now, "one").next).toBe(at("2026-01-01T05:00:00Z"));
  });
  test("are bounded after a long stop", () => {
    const { slots, next } = settleSlots({ every: 1_000, offset: 0 }, 0, 400_000_000, "all");
    expect(slots.length).toBeLessThan(1_100);
    expect(next).toBe(400_001_000);
  });
});
