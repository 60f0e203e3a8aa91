import { expect, test } from "vitest";
import type { Env } from "../../env.ts";
import { gateOf } from "./connected.ts";

test("X23 a stub that broke when its object was reset is not used again", async () => {
  let isDown = true;
  const makeStub = () => {
    let isBroken = false;
    const call = async () => {
      isBroken ||= isDown;
      if (isBroken) throw new Error("Durable Object reset because its code was updated.");
      return { ok: true };
    };
    return { lease: call, report: call };
  };
  const gate = gateOf({ ACCOUNTS: { getByName: makeStub } } as unknown as Env, "acc_1");
  await expect(gate.lease({ maxDelay: 0 })).rejects.toThrow("reset");
  isDown = false;
  expect(await gate.lease({ maxDelay: 0 })).toEqual({ ok: true });
  await expect(gate.report({ lease: 1, status: 200 })).resolves.toEqual({ ok: true });
});
