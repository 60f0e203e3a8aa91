import { describe, expect, it } from "vitest";
import { limitHeaders, readExhausted, readRetryAfter } from "./retry-after.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("when to call again", () => {
  it.each([
    [{ "retry-after": "3" }, 3_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, 60_000],
    [{ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
    [{ "retry-after": "-5" }, 0],
    [{ "retry-after": "864000" }, 864_000_000],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" }, 30_000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 12) }, 12_000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW + 12_000) }, 12_000],
    [{ "x-ratelimit-remaining": "4", "x-ratelimit-reset": "30" }, undefined],
    [{ ratelimit: '"default";r=0;t=7' }, 7_000],
    [{ ratelimit: '"default";r=50;t=7' }, undefined],
    [{ "retry-after": "2", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" }, 2_000],
  ])("%j means %s", (headers, wait) => expect(readRetryAfter(headers as Record<string, string>, NOW)).toBe(wait));

  it("is known from an answer that still went well", () => {
    expect(readExhausted({ "ratelimit-remaining": "0", "ratelimit-reset": "9" }, NOW)).toBe(9_000);
    expect(readExhausted({ "retry-after": "9" }, NOW)).toBeUndefined();
  });

  it("stands in these headers alone", () => {
    const headers = { "retry-after": "1", "x-ratelimit-remaining": "0", "x-rate-limit-reset": "1", ratelimit: "x", authorization: "s" };
    expect(Object.keys(limitHeaders(headers))).toEqual(["retry-after", "x-ratelimit-remaining", "x-rate-limit-reset", "ratelimit"]);
  });
});
