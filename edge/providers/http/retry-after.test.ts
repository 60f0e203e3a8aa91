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
    [{ "retry-after": "999999999" }, 2_678_400_000],
    [{ "retry-after": "99999999999999999999" }, 2_678_400_000],
    [{ "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, 2_678_400_000],
    [{ ratelimit: '"day";r=0;t=99999999999' }, 2_678_400_000],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" }, 30_000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 12) }, 12_000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW + 12_000) }, 12_000],
    [{ "x-ratelimit-remaining": "4", "x-ratelimit-reset": "30" }, undefined],
    [{ ratelimit: '"default";r=0;t=7' }, 7_000],
    [{ ratelimit: '"default";r=50;t=7' }, undefined],
    [{ ratelimit: '"burst";r=0;t=2, "day";r=900;t=3000' }, 2_000],
    [{ ratelimit: '"burst";r=4;t=2, "day";r=0;t=3000' }, 3_000_000],
    [{ ratelimit: '"burst";r=0;t=2, "day";r=0;t=30' }, 30_000],
    [{ ratelimit: '"day";r=0', "ratelimit-policy": '"burst";q=5;w=1, "day";q=1000;w=86400' }, 86_400_000],
    [{ ratelimit: '"day";r=0' }, undefined],
    [{ "ratelimit-policy": '"day";q=1000;w=86400' }, undefined],
    [{ ratelimit: "limit=100, remaining=0, reset=50" }, 50_000],
    [{ ratelimit: "limit=100, remaining=3, reset=50" }, undefined],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1.5" }, 1_500],
    [{ "x-rate-limit-remaining": "0", "x-rate-limit-reset": "Thu, 01 Jan 2026 00:00:20 GMT" }, 20_000],
    [{ ratelimit: "nonsense;;=,,", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4" }, 4_000],
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
