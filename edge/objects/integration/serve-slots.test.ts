import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { configured, makeConfig } from "../../testing/integration-config.ts";
import { SlotStore } from "./slot-store.ts";

afterEach(() => void vi.restoreAllMocks());

test("a due time that cannot be served keeps no other from being served, and comes again", async () => {
  const { object } = await configured(
    makeConfig(`
blocks:
  - { key: bad, name: Bad, trigger: { schedule: { every: 1h } }, steps: [{ key: v, value: 1 }] }
  - { key: good, name: Good, trigger: { schedule: { every: 1h } }, steps: [{ key: v, value: 1 }] }
`),
  );
  const note = SlotStore.prototype.note;
  const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = vi.spyOn(SlotStore.prototype, "note").mockImplementation(function (this: SlotStore, block, how) {
    if (block === "bad") throw new Error("too large for a row");
    note.call(this, block, how);
  });
  const pass = async () => {
    await runInDurableObject(object, async (_, { storage }) => {
      storage.sql.exec("UPDATE slot SET wake = 0, due = CASE block WHEN 'bad' THEN ?1 - 2000 ELSE ?1 - 1000 END", Date.now());
      await storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(object);
  };
  await pass();
  const runsOf = async (block: string) => (await object.listRuns({ block })).items.length;
  expect([await runsOf("bad"), await runsOf("good")]).toEqual([0, 1]);
  expect(told.mock.calls.join(" ")).toContain("slots");
  broken.mockRestore();
  await pass();
  expect(await runsOf("bad")).toBe(1);
});
