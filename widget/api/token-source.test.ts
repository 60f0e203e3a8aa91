import { afterEach, expect, test, vi } from "vitest";
import { tokenFor } from "../testing/fixtures.ts";
import { TokenSource } from "./token-source.ts";

afterEach(() => void vi.useRealTimers());

/** With a token of Ada's that has ended. */
const source = (getToken: () => Promise<string>) => new TokenSource(tokenFor("ada", 1), getToken, () => undefined);

test("T20 a getToken that throws at once, or later, is a refusal that can be asked again", async () => {
  let asked = 0;
  const one = source(() => {
    asked++;
    if (asked === 1) throw new Error("at once");
    return asked === 2 ? Promise.reject(new Error("later")) : Promise.resolve(tokenFor("ada"));
  });
  await expect(one.current()).rejects.toThrow("at once");
  await expect(one.current()).rejects.toThrow("later");
  expect(await one.current()).toBe(tokenFor("ada"));
});

test("T20 a getToken that never answers is given up after 20 s, by all who wait for it, and can be asked again", async () => {
  vi.useFakeTimers();
  let asked = 0;
  const one = source(() => (++asked === 1 ? new Promise<string>(() => undefined) : Promise.resolve(tokenFor("ada"))));
  const waiting = Promise.allSettled([one.current(), one.current()]);
  await vi.advanceTimersByTimeAsync(20_001);
  for (const result of await waiting)
    expect(result).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("20 s") } });
  expect(asked).toBe(1);
  expect(await one.current()).toBe(tokenFor("ada"));
});

test.each([
  ["nothing", undefined],
  ["an empty text", ""],
  ["a number", 7],
  ["an object", { token: "x" }],
])("T20 a getToken that answers %s gives no token", async (_, answer) => {
  const one = source(async () => answer as unknown as string);
  await expect(one.current()).rejects.toThrow("no token");
});
