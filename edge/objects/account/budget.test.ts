import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit, closedBreaker, settle, unsettle } from "./breaker.ts";
import { correct, emptyBudget, giveBack, learn, nextSlot, take } from "./budget.ts";

const limits = { requests: 5, per: 1_000 };

describe("the budget of an account", () => {
  it("never lets more than its requests leave in any window, however they arrive", () => {
    const arbitrary = fc.record({
      requests: fc.integer({ min: 1, max: 20 }),
      per: fc.integer({ min: 10, max: 5_000 }),
      gaps: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 120 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ requests, per, gaps }) => {
        let budget = emptyBudget();
        let now = 0;
        const sent: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const slot = nextSlot(budget, { requests, per }, now);
          budget = take(budget, { requests, per }, slot);
          sent.push(slot);
        }
        for (const start of sent) expect(sent.filter((at) => at >= start && at < start + per).length).toBeLessThanOrEqual(requests);
      }),
    );
  });

  it("lets a first burst leave at once, and the next call a window later", () => {
    let budget = emptyBudget();
    const slots = Array.from({ length: 6 }, () => {
      const slot = nextSlot(budget, limits, 1_000);
      budget = take(budget, limits, slot);
      return slot;
    });
    expect(slots).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 2_050]);
  });

  it("counts a call from when it left, not from when it should have", () => {
    let budget = emptyBudget();
    for (let i = 0; i < 5; i++) budget = take(budget, limits, 1_000);
    for (let i = 0; i < 5; i++) budget = correct(budget, 1_000, 1_400);
    expect(nextSlot(budget, limits, 1_400)).toBe(2_450);
  });

  it("gives a call back that never left", () => {
    let budget = emptyBudget();
    for (let i = 0; i < 5; i++) budget = take(budget, limits, 1_000);
    expect(nextSlot(giveBack(budget, 1_000), limits, 1_000)).toBe(1_000);
  });

  it("closes for what a 429 asks, for a growing while where it asks nothing, and opens after a success", () => {
    expect(nextSlot(learn(emptyBudget(), true, 7_000, 1_000), limits, 1_000)).toBe(8_000);
    const once = learn(emptyBudget(), true, undefined, 0);
    const twice = learn(once, true, undefined, 10_000);
    expect([once.blockedUntil, twice.blockedUntil]).toEqual([1_000, 12_000]);
    expect(learn(twice, false, undefined, 20_000).strikes).toBe(0);
    expect(nextSlot(once, undefined, 0)).toBe(1_000);
  });

  it("never shortens a wait that it knows", () => {
    const long = learn(emptyBudget(), true, 60_000, 0);
    expect(learn(long, true, 1_000, 0).blockedUntil).toBe(60_000);
  });
});

describe("the breaker of an account", () => {
  const fail = (times: number, now = 0) =>
    Array.from({ length: times }).reduce((breaker: ReturnType<typeof closedBreaker>) => settle(breaker, true, now), closedBreaker());

  it("opens after five failures in ten seconds, not after four, nor when they are spread", () => {
    expect(admit(fail(4), 1).ok).toBe(true);
    expect(admit(fail(5), 1)).toEqual({ ok: false, retryAt: 15_000 });
    let spread = closedBreaker();
    for (let i = 0; i < 20; i++) spread = settle(spread, true, i * 3_000);
    expect(admit(spread, 60_000).ok).toBe(true);
  });

  it("lets one try after the cool-down: it closes by a success, and opens for longer by a failure", () => {
    const open = fail(5);
    const trying = admit(open, 15_000);
    if (!trying.ok) throw new Error("must let one try");
    expect(admit(trying.breaker, 15_000).ok).toBe(false);
    expect(admit(unsettle(trying.breaker), 15_000).ok).toBe(true);
    expect(admit(trying.breaker, 105_001).ok).toBe(true);
    expect(settle(trying.breaker, false, 15_100)).toEqual(closedBreaker());
    expect(admit(settle(trying.breaker, true, 15_100), 15_200)).toEqual({ ok: false, retryAt: 45_100 });
  });

  it("forgets failures with a success", () =>
    expect(admit(settle(fail(4), false, 1), 2)).toMatchObject({ ok: true, breaker: closedBreaker() }));
});
