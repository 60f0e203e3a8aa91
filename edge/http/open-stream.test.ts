import type { Context } from "hono";
import { expect, test, vi } from "vitest";
import type { AppEnv } from "./app-env.ts";
import { endAllStreams, endMemberStreams } from "./open-stream.ts";

test("a ledger that cannot be reached does not undo what was revoked, nor keep it out of the audit log", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const closeStreams = vi.fn(async () => {
    throw new Error("Durable Object is overloaded.");
  });
  const env = { LEDGERS: { getByName: () => ({ closeStreams }) } };
  const c = { env, var: { member: { workspace: "ws_1" } } } as unknown as Context<AppEnv>;
  await endMemberStreams(c);
  await endAllStreams(c);
  expect(closeStreams.mock.calls).toEqual([["members"], [undefined]]);
  expect(said).toHaveBeenCalledTimes(2);
  said.mockRestore();
});
