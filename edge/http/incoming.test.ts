import { describe, expect, it } from "vitest";
import { toOutgoing } from "./incoming.ts";

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
