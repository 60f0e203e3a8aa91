import { describe, expect, it, vi } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { AccountRate } from "./account-rate.ts";
import { closedBreaker } from "./breaker.ts";
import { emptyBudget } from "./budget.ts";
import { Permits } from "./permits.ts";

const configOf = (limits: object) => ({
  ...{ id: "acc_1", workspace: "ws_1", env: {} },
  app: AppFile.parse({ inlay: 1, key: "app", name: "App", limits }),
});

/** Calls that leave in `seconds`, by asker, where each tries `tries` times every tenth of a second and waits as it is told. */
async function share(limits: object, askers: Record<string, { tries: number; from?: number }>, seconds = 60) {
  const config = configOf(limits);
  let now = 1_000_000;
  const deps = { now: () => now, random: () => 0.5, remember: () => undefined, rememberBreaker: () => undefined };
  const rate = new AccountRate(emptyBudget(), closedBreaker(), deps);
  const left: Record<string, number[]> = Object.fromEntries(Object.keys(askers).map((by) => [by, []]));
  const again: Record<string, number[]> = Object.fromEntries(Object.keys(askers).map((by) => [by, []]));
  for (const end = now + seconds * 1_000; now < end; now += 100)
    for (const [by, { tries, from = 0 }] of Object.entries(askers)) {
      if (now < 1_000_000 + from * 1_000) continue;
      const due = (again[by] ?? []).filter((at) => at <= now).length;
      again[by] = (again[by] ?? []).filter((at) => at > now);
      for (let i = 0; i < tries + Math.min(due, 50); i++) {
        const permit = await rate.permit(config, 1, 5_000, by);
        if (permit.ok) {
          left[by]?.push(now + permit.delay);
          rate.settle(config, { lease: permit.lease, status: 200 });
        } else if ("retryAt" in permit && (again[by]?.length ?? 0) < 500) again[by]?.push(permit.retryAt);
      }
    }
  return left;
}

describe("an account that several integrations share", () => {
  it("gives one that is alone all of its rate", async () => {
    const { flood = [] } = await share({ requests: 10, per: "1s" }, { flood: { tries: 5 } });
    expect(flood.length).toBeGreaterThan(530);
  });

  it("keeps nobody waiting behind one that floods: whoever comes later gets what it needs, up to half", async () => {
    const { flood = [], little = [] } = await share({ requests: 10, per: "1s" }, { flood: { tries: 20 }, little: { tries: 1, from: 10 } });
    const late = (times: number[]) => times.filter((at) => at >= 1_030_000).length;
    expect(late(little)).toBeGreaterThan(100);
    expect(late(flood)).toBeGreaterThan(100);
    expect(Math.abs(late(little) - late(flood)) / (late(little) + late(flood))).toBeLessThan(0.25);
  });

  it("leaves to the others what one does not use", async () => {
    const { flood = [], rare = [] } = await share({ requests: 10, per: "1s" }, { flood: { tries: 20 }, rare: { tries: 0 } });
    expect(rare).toHaveLength(0);
    expect(flood.length).toBeGreaterThan(530);
  });

  it("hands a free permit to whoever has the fewest", async () => {
    const permits = new Permits();
    const now = Date.now;
    const [a, b] = [await permits.take(2, 0, now, "flood"), await permits.take(2, 0, now, "flood")];
    const order: string[] = [];
    const wait = (by: string) => void permits.take(2, 5_000, now, by).then((id) => id !== undefined && order.push(by));
    for (let i = 0; i < 5; i++) wait("flood");
    wait("little");
    permits.giveBack(a ?? 0);
    await vi.waitFor(() => expect(order).toHaveLength(1));
    permits.giveBack(b ?? 0);
    await vi.waitFor(() => expect(order).toHaveLength(2));
    expect(order).toEqual(["little", "flood"]);
  });

  it("lets nobody pass those who wait", async () => {
    const permits = new Permits();
    const first = await permits.take(1, 0, Date.now, "a");
    const order: string[] = [];
    const waits = permits.take(1, 5_000, Date.now, "b").then(() => order.push("waited"));
    permits.giveBack(first ?? 0);
    const passes = permits.take(1, 10, Date.now, "c").then((id) => order.push(id === undefined ? "refused" : "passed"));
    await Promise.all([waits, passes]);
    expect(order).toEqual(["waited", "refused"]);
  });
});
