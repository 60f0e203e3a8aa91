import { expect, test } from "vitest";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { Driver } from "./driver.ts";

/** Runs of several blocks that are all due at once; each drive takes until it is let go. */
function stage(blocks: Record<string, { due: number; concurrency: number }>) {
  const due = new Map(Object.entries(blocks).map(([key, { due }]) => [key, Array.from({ length: due }, (_, i) => `${key}${i}`)]));
  const driven = new Map<string, () => void>();
  let [most, done] = [0, 0];
  const driver = new Driver({
    blocks: () => [...due.keys()],
    due: (block, limit) => due.get(block)?.slice(0, limit) ?? [],
    concurrency: (block) => blocks[block]?.concurrency ?? 0,
    rest: () => undefined,
    drive: (id) => {
      const block = id.replace(/\d+$/, "");
      due.set(block, due.get(block)?.filter((one) => one !== id) ?? []);
      return new Promise((resolve) => {
        driven.set(id, resolve);
        most = Math.max(most, driven.size);
      });
    },
  });
  const letGo = async () => {
    for (const [id, resolve] of [...driven]) {
      driven.delete(id);
      done++;
      resolve();
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { driver, driven, letGo, counts: () => ({ most, done }) };
}

test("X16 of ten thousand runs that are due in the same moment no more go out at once than an integration may, and all are done", async () => {
  const blocks = Object.fromEntries(["a", "b", "c", "d"].map((key) => [key, { due: 2_500, concurrency: 64 }]));
  const { driver, driven, letGo, counts } = stage(blocks);
  driver.pump();
  while (driven.size) await letGo();
  expect(counts()).toEqual({ most: QUEUE_LIMITS.live, done: 10_000 });
});

test("a block that is flooded leaves room for the others of its integration", async () => {
  const { driver, driven, letGo, counts } = stage({ flooded: { due: 5_000, concurrency: 64 }, other: { due: 3, concurrency: 8 } });
  driver.pump("flooded");
  expect(driven.size).toBe(QUEUE_LIMITS.live);
  await letGo();
  expect([...driven.keys()].filter((id) => id.startsWith("other"))).toHaveLength(3);
  expect(counts()).toEqual({ most: QUEUE_LIMITS.live, done: QUEUE_LIMITS.live });
});

test("a block drives no more runs at a time than it says", async () => {
  const { driver, driven, letGo, counts } = stage({ few: { due: 10, concurrency: 3 } });
  driver.pump();
  while (driven.size) await letGo();
  expect(counts()).toEqual({ most: 3, done: 10 });
});
