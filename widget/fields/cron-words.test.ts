import fc from "fast-check";
import { expect, test } from "vitest";
import { isCron, MINUTE_STEPS, type Rhythm, readCron } from "./cron-words.ts";
import { writeCron } from "./write-cron.ts";

const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
const days = fc.uniqueArray(fc.nat(6), { minLength: 1 }).map((list) => list.sort((a, b) => a - b));
const rhythm: fc.Arbitrary<Rhythm> = fc.oneof(
  fc.record({ kind: fc.constant("minutes" as const), every: fc.constantFrom(...MINUTE_STEPS) }),
  fc.record({ kind: fc.constant("hourly" as const), minute: fc.nat(59) }),
  fc.record({ kind: fc.constant("daily" as const), time }),
  fc.record({ kind: fc.constant("weekdays" as const), time }),
  fc.record({ kind: fc.constant("weekly" as const), days, time }),
  fc.record({ kind: fc.constant("monthly" as const), day: fc.integer({ min: 1, max: 31 }), time }),
);

test("what the picker writes, it reads again", () => {
  fc.assert(
    fc.property(rhythm, (one) => {
      expect(readCron(writeCron(one))).toEqual(one);
    }),
  );
});

test("a builder's usual spellings have words", () => {
  expect(readCron("0 9 * * MON-FRI")).toEqual({ kind: "weekdays", time: "09:00" });
  expect(readCron("30 18 * * 0,7,3")).toEqual({ kind: "weekly", days: [0, 3], time: "18:30" });
});

test.each(["0 3 1 1 *", "*/7 * * * *", "0 9-17 * * *", "", "every day", "0 25 * * *", "61 1 * * *", "0 3 * *"])(
  "%j stays the text that it is",
  (cron) => {
    expect(readCron(cron)).toEqual({ kind: "custom", cron });
    expect(writeCron(readCron(cron))).toBe(cron);
  },
);

test("only five fields are cron", () => {
  expect(isCron("*/7 * * JAN-MAR MON")).toBe(true);
  expect(isCron("@daily")).toBe(false);
  expect(isCron("* * * * * *")).toBe(false);
});
