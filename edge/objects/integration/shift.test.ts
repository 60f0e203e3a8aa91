import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Shift } from "./shift.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A shift of an hour at most, with something under way until `over`; begins what is due by then. */
function stage() {
  const shift = new Shift();
  const begun: number[] = [];
  let due: number[] = [];
  let isUnderWay = true;
  let isDone = false;
  const start = Date.now();
  const deps = {
    now: () => Date.now(),
    begin: () => {
      begun.push(Date.now() - start);
      due = due.filter((at) => at > Date.now());
    },
    isUnderWay: () => isUnderWay,
    next: () => Math.min(...due, Number.MAX_SAFE_INTEGER),
  };
  void shift.work(deps, 3_600_000).then(() => {
    isDone = true;
  });
  const add = (inTime: number) => {
    due.push(Date.now() + inTime);
    shift.rouse(Date.now() + inTime);
  };
  const over = () => {
    isUnderWay = false;
    shift.rouse();
  };
  return { begun, add, over, isDone: () => isDone };
}

test("begins what comes due, when it comes due, and ends with what is under way", async () => {
  const { begun, add, over, isDone } = stage();
  expect(begun).toEqual([0]);
  add(5_000);
  add(9_000);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(begun).toContain(5_000);
  expect(begun).toContain(9_000);
  expect(begun.length).toBeLessThan(6);
  over();
  await vi.advanceTimersByTimeAsync(0);
  expect(isDone()).toBe(true);
  const before = begun.length;
  add(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun.length).toBe(before);
});

test("looks once a minute, since the clock may be set, and is over in time whatever is under way", async () => {
  const { begun, isDone } = stage();
  await vi.advanceTimersByTimeAsync(3_599_000);
  expect(begun.length).toBe(60);
  vi.setSystemTime(0);
  expect(isDone()).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(isDone()).toBe(true);
});

test("that finds nothing under way is over at once; what cannot be begun rejects", async () => {
  const idle = { now: () => 0, begin: () => undefined, isUnderWay: () => false, next: () => 0 };
  await new Shift().work(idle, 1_000);
  const fail = () => {
    throw new Error("full");
  };
  await expect(new Shift().work({ ...idle, begin: fail }, 1_000)).rejects.toThrow("full");
  expect(vi.getTimerCount()).toBe(0);
});
