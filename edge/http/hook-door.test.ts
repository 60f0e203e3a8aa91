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

test("X34 where all share one thread, who floods is let in slowly and then refused late, and who is called a little is not", async () => {
  const { call, waits } = door("true");
  const said = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const before = await call("few");
  const flood = await Promise.all(Array.from({ length: 400 }, () => call("many")));
  const refused = flood.filter((answer) => answer?.status === 429);
  expect(refused.length).toBeGreaterThan(200);
  expect(refused[0]?.headers.get("retry-after")).toBe("5");
  expect(await refused[0]?.json()).toMatchObject({ status: 429, code: "rate_limited", requestId: refused[0]?.headers.get("x-request-id") });
  // Each waits, refused or not, and the refused not all for as long; the log is told of them together.
  expect(waits.length).toBeGreaterThanOrEqual(396);
  expect(Math.max(...waits)).toBeLessThanOrEqual(7_500);
  expect(new Set(waits.filter((ms) => ms > 5_000)).size).toBeGreaterThan(20);
  expect(said.mock.calls.filter(([line]) => String(line).includes("rate_limited"))).toHaveLength(1);
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

// The last: those that it holds back are never let go.
test("X34 no more than a thousand refusals are held back; the rest are answered at once", async () => {
  const { call } = door("true");
  vi.stubGlobal("scheduler", { wait: () => new Promise(() => undefined) });
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await Promise.race([call("few"), Promise.resolve()]);
  const answers: (number | undefined)[] = [];
  for (let i = 0; i < 1_400; i++) void call("many")?.then((answer) => answers.push(answer.status));
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(200));
  expect(new Set(answers)).toEqual(new Set([429]));
});
