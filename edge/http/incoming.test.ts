import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { refuse } from "../objects/integration/accept.ts";
import { toOutgoing, unlessOwed } from "./incoming.ts";

afterEach(() => void vi.restoreAllMocks());

it("a flood of calls to an integration that is off reads its row 20 times a second; who is not looked up is told to come again", async () => {
  const prepare = vi.spyOn(env.DB, "prepare");
  const off = refuse(409, "disabled", "off");
  const begun = Date.now();
  const clock = vi.spyOn(Date, "now");
  const answers = { off: 0, again: 0 };
  for (let call = 0; call < 3_000; call++) {
    clock.mockReturnValue(begun + call);
    const told = await unlessOwed(env, "int_flooded", off);
    answers[told === off ? "off" : "again"]++;
    if (told !== off) expect(told).toMatchObject({ status: 503, code: "unavailable", retryAfter: 1 });
  }
  expect(answers.off).toBeLessThanOrEqual(120);
  expect(answers.off).toBeGreaterThan(110);
  expect(prepare).toHaveBeenCalledTimes(answers.off);
  expect(await unlessOwed(env, "int_other", off)).toBe(off);
});

describe("a block's answer", () => {
  const c = { json: () => new Response(null, { status: 202 }) } as never;
  it("can set neither cookies, nor origins, nor a page of this origin", () => {
    const headers = {
      "content-type": "text/html",
      "set-cookie": "a=b",
      "access-control-allow-origin": "*",
      "x-own": "1",
      "bad name": "1",
      "x-bad": "a\r\nb",
    };
    const response = toOutgoing(c, { ok: true, run: "run_1_2", duplicate: false, response: { status: 200, headers, body: "<script>" } });
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "text/html",
      "content-security-policy": "default-src 'none'; sandbox",
      "inlay-run": "run_1_2",
      "x-own": "1",
    });
  });

  it("of an impossible status is a bad gateway", () => {
    const of = (status: number) =>
      toOutgoing(c, { ok: true, run: "r", duplicate: false, response: { status, headers: {}, body: "x" } }).status;
    expect([of(204), of(42), of(777), of(418)]).toEqual([204, 502, 502, 418]);
  });
});
