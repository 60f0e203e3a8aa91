import { expect, test } from "vitest";
import { nextTimes } from "./next-times.ts";

const SUNDAY = Date.parse("2026-11-22T12:00:00Z");
const iso = (...given: Parameters<typeof nextTimes>) => nextTimes(...given).map((time) => new Date(time).toISOString());

test("weekdays are Monday to Friday, at the zone's own hour", () => {
  expect(iso({ kind: "weekdays", time: "09:00" }, "Europe/Berlin", SUNDAY, 2)).toEqual([
    "2026-11-23T08:00:00.000Z",
    "2026-11-24T08:00:00.000Z",
  ]);
});

test("the hour stays when clocks change", () => {
  const before = Date.parse("2026-03-28T12:00:00Z");
  expect(iso({ kind: "daily", time: "09:00" }, "Europe/Berlin", before, 2)).toEqual([
    "2026-03-29T07:00:00.000Z",
    "2026-03-30T07:00:00.000Z",
  ]);
});

test("today counts while its time is still to come, also where it is already tomorrow elsewhere", () => {
  expect(iso({ kind: "daily", time: "13:00" }, "UTC", SUNDAY, 1)).toEqual(["2026-11-22T13:00:00.000Z"]);
  expect(iso({ kind: "daily", time: "01:00" }, "Pacific/Auckland", SUNDAY, 1)).toEqual(["2026-11-23T12:00:00.000Z"]);
});

test("certain days, days of the month, hours and minutes", () => {
  expect(iso({ kind: "weekly", days: [0, 3], time: "08:30" }, "UTC", SUNDAY, 2)).toEqual([
    "2026-11-25T08:30:00.000Z",
    "2026-11-29T08:30:00.000Z",
  ]);
  expect(iso({ kind: "monthly", day: 31, time: "00:00" }, "UTC", SUNDAY, 1)).toEqual(["2026-12-31T00:00:00.000Z"]);
  expect(iso({ kind: "hourly", minute: 15 }, "UTC", SUNDAY, 1)).toEqual(["2026-11-22T12:15:00.000Z"]);
  expect(iso({ kind: "hourly", minute: 15 }, "Asia/Kolkata", SUNDAY, 1)).toEqual(["2026-11-22T12:45:00.000Z"]);
  expect(iso({ kind: "minutes", every: 20 }, "UTC", SUNDAY, 2)).toEqual(["2026-11-22T12:20:00.000Z", "2026-11-22T12:40:00.000Z"]);
});

test("nothing is said of cron without words, or of a zone that there is not", () => {
  expect(nextTimes({ kind: "custom", cron: "1 2 3 4 5" }, "UTC", SUNDAY, 1)).toEqual([]);
  expect(nextTimes({ kind: "daily", time: "09:00" }, "Mars/Base", SUNDAY, 1)).toEqual([]);
});
