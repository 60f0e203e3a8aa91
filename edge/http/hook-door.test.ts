import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { answerHook } from "./hook-door.ts";
import { ProblemError, problem } from "./problem.ts";

afterEach(() => void vi.unstubAllGlobals());

/** Webhooks to two integrations that nobody knows: the door comes first. Waits are counted, not waited for. */
function door(setting: string) {
  const waits: number[] = [];
  vi.stubGlobal("scheduler", { wait: async (ms: number) => waits.push(ms) });
  const call = (name: string) =>
    answerHook(
      new Request(`http://edge.test/hooks/int_${name.padEnd(22, "0")}/got/key`, { method: "POST", body: "{}" }),
      { ...env, INLAY_ONE_THREAD: setting },
      (error, c) => (error instanceof ProblemError ? problem(c, error.code, error.message, error.options) : c.text(String(error), 500)),
    );
  return { call, waits };
}

test("X34 where all share one thread, who floods is let in slowly and then refused, and who is called a little is not", async () => {
  const { call, waits } = door("true");
  const before = await call("few");
  const flood = await Promise.all(Array.from({ length: 400 }, () => call("many")));
  const refused = flood.filter((answer) => answer?.status === 429);
  expect(refused.length).toBeGreaterThan(200);
  expect(refused[0]?.headers.get("retry-after")).toBe("5");
  expect(waits.length).toBeGreaterThan(100);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  const held = waits.length;
  expect([before?.status, (await call("few"))?.status]).toEqual([404, 404]);
  expect(waits).toHaveLength(held);
});

test("where each has a thread of its own, none waits for the others", async () => {
  const { call, waits } = door("");
  await call("one");
  const flood = await Promise.all(Array.from({ length: 400 }, () => call("other")));
  expect(new Set(flood.map((answer) => answer?.status))).toEqual(new Set([404]));
  expect(waits).toEqual([]);
});
