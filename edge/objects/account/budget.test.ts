import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admit, closedBreaker, settle, unsettle } from "./breaker.ts";
import { correct, emptyBudget, giveBack, learn, nextSlot, take, withoutAhead } from "./budget.ts";

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
          budget = take(budget, { requests, per }, slot, now);
          sent.push(slot);
        }
        for (const start of sent) expect(sent.filter((at) => at >= start && at < start + per).length).toBeLessThanOrEqual(requests);
      }),
    );
  });

  it("lets no more leave where calls leave late, never leave, or are known to have come late, but for those that lateness brings together", () => {
    const step = fc.record({
      gap: fc.integer({ min: 0, max: 300 }),
      what: fc.constantFrom("ask" as const, "ask" as const, "ask" as const, "give back" as const, "arrive" as const),
      which: fc.nat(),
      late: fc.integer({ min: 0, max: 1_000 }),
    });
    const world = fc.record({
      requests: fc.integer({ min: 1, max: 12 }),
      per: fc.integer({ min: 20, max: 2_000 }),
      /** In thousandths of the window, the longest that a call leaves after its time. */
      lateness: fc.constantFrom(0, 50, 300, 1_000, 2_500),
      steps: fc.array(step, { minLength: 1, maxLength: 150 }),
    });
    fc.assert(
      fc.property(world, ({ requests, per, lateness, steps }) => {
        const longest = Math.floor((per * lateness) / 1_000);
        let budget = emptyBudget();
        let now = 0;
        const calls: { slot: number; left: number; isKnown: boolean }[] = [];
        for (const { gap, what, which, late } of steps) {
          now += gap;
          if (what === "ask") {
            const slot = nextSlot(budget, { requests, per }, now);
            budget = take(budget, { requests, per }, slot, now);
            calls.push({ slot, left: slot + Math.floor((longest * late) / 1_000), isKnown: false });
            continue;
          }
          const open = calls.filter(({ left, isKnown }) => !isKnown && (what === "arrive" ? left <= now : left > now));
          const call = open[which % Math.max(1, open.length)];
          if (!call) continue;
          call.isKnown = true;
          if (what === "arrive") budget = correct(budget, call.slot, call.left);
          else {
            budget = giveBack(budget, call.slot);
            calls.splice(calls.indexOf(call), 1);
          }
        }
        const most = requests * Math.ceil((per + longest) / (per * 1.05));
        for (const { left: start } of calls)
          expect(calls.filter(({ left }) => left >= start && left < start + per).length).toBeLessThanOrEqual(most);
      }),
      { numRuns: 2_000 },
    );
  });

  it("lets nobody leave at once for a call far ahead that is given back", () => {
    let budget = emptyBudget();
    for (let i = 0; i < 10; i++) budget = take(budget, limits, nextSlot(budget, limits, 1_000), 1_000);
    expect(nextSlot(giveBack(budget, 2_050), limits, 1_000)).toBe(2_050);
  });

  it("lets a first burst leave at once, and the next call a window later", () => {
    let budget = emptyBudget();
    const slots = Array.from({ length: 6 }, () => {
      const slot = nextSlot(budget, limits, 1_000);
      budget = take(budget, limits, slot, 1_000);
      return slot;
    });
    expect(slots).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 2_050]);
  });

  it("counts a call from when it left, not from when it should have", () => {
    let budget = emptyBudget();
    for (let i = 0; i < 5; i++) budget = take(budget, limits, 1_000, 1_000);
    for (let i = 0; i < 5; i++) budget = correct(budget, 1_000, 1_400);
    expect(nextSlot(budget, limits, 1_400)).toBe(2_450);
  });

  it("gives a call back that never left", () => {
    let budget = emptyBudget();
    for (let i = 0; i < 5; i++) budget = take(budget, limits, 1_000, 1_000);
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

describe("a clock that ran ahead and is set back", () => {
  const [now, year] = [1_000_000, 365 * 86_400_000];

  it("holds up no calls, while the limits that the right clock has noted stay", () => {
    const times = [now - 10, now + 4_000, now + year];
    const budget = withoutAhead({ times, blockedUntil: now + year, strikes: 1 }, now);
    expect(budget).toEqual({ times: [now - 10, now + 4_000], blockedUntil: 0, strikes: 1 });
    expect(withoutAhead(budget, now)).toBe(budget);
    const asked = { ...budget, blockedUntil: now + 30 * 86_400_000 };
    expect(withoutAhead(asked, now)).toBe(asked);
  });

  it("keeps no breaker open, which opens again as it would", () => {
    const open = { failures: [], openUntil: now + year, opened: 1, tryingSince: 0 };
    const admitted = admit(open, now);
    expect(admitted.ok && settle(admitted.breaker, true, now).openUntil).toBe(now + 30_000);
    expect(admit({ ...open, openUntil: now + 300_000 }, now)).toEqual({ ok: false, retryAt: now + 300_000 });
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
