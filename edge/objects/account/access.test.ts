import { expect, test } from "vitest";
import { Access } from "./access.ts";
import type { Credentials } from "./rpc.ts";

const spent: Credentials = { auth: "oauth", fields: {}, accessToken: "old", refreshToken: "r1", expiresAt: 1_000 };
const fresh: Credentials = { ...spent, accessToken: "new", refreshToken: "r2", expiresAt: 9_000_000 };

test("X04 nobody is given new tokens before they are stored: a death would leave the old ones, which are good for nothing any more", async () => {
  let store = () => {};
  const isStored = new Promise<void>((resolve) => {
    store = resolve;
  });
  const access = new Access(spent, {
    now: () => 20_000,
    isRenewable: () => true,
    renew: async () => ({ ok: true, credentials: fresh }),
    store: () => isStored,
  });
  const given: string[] = [];
  const callers = [access.ensureFresh(), access.refused(1), access.ensureFresh()].map((one) => one.then(({ state }) => given.push(state)));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(given).toEqual([]);
  store();
  await Promise.all(callers);
  expect(given).toEqual(["fresh", "fresh", "fresh"]);
});
