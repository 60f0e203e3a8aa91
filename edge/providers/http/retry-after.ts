// When a provider wants to be called again, from the headers that are in use: Retry-After (RFC 9110 §10.2.3, seconds or a date), RateLimit
// with RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers, its form with a list and the earlier ones) and the older X-RateLimit family.

const EPOCH_SECONDS = 1_000_000_000;
/** No window that is in use is longer (ms): beyond a month, the headers are wrong, and would hold an account or a run for years. */
export const LONGEST = 31 * 86_400_000;

/** Milliseconds from `now` that the answer asks to wait, never negative, 31 days at most; undefined where it says nothing. `headers` are lower case. */
export function readRetryAfter(headers: Record<string, string>, now: number): number | undefined {
  return capped(readDelay(headers["retry-after"], now)) ?? readExhausted(headers, now);
}

/** The wait that rate-limit headers announce once no call is left in the window; undefined while some are. */
export function readExhausted(headers: Record<string, string>, now: number): number | undefined {
  return capped(readWindow(headers, now));
}

const capped = (wait: number | undefined) => (wait === undefined ? undefined : Math.min(wait, LONGEST));

function readWindow(headers: Record<string, string>, now: number): number | undefined {
  const windows = readWindows(headers.ratelimit ?? "", headers["ratelimit-policy"] ?? "");
  if (windows.length)
    return windows.reduce<number | undefined>((wait, one) => (one === undefined ? wait : Math.max(wait ?? 0, one)), undefined);
  for (const prefix of ["ratelimit", "x-ratelimit", "x-rate-limit"])
    if (headers[`${prefix}-remaining`]?.trim() === "0")
      return readDelay(headers[`${prefix}-reset`] ?? headers[`${prefix}-reset-after`], now);
  return undefined;
}

/**
 * The wait (ms) of each window that `RateLimit` names, undefined for one with calls left. A window that does not say when it opens is as
 * long as its policy (`w`) says.
 */
function readWindows(limit: string, policy: string): (number | undefined)[] {
  const combined = /^\s*(?:limit=\d+\s*,\s*)?remaining=(\d+)\s*,\s*reset=(\d+)\s*$/.exec(limit);
  if (combined) return [combined[1] === "0" ? Number(combined[2]) * 1000 : undefined];
  return limit.split(",").flatMap((item) => {
    const [name = ""] = item.trim().split(";");
    const left = /;\s*r=(\d+)/.exec(item)?.[1];
    if (left === undefined) return [];
    if (left !== "0") return [undefined];
    const own = policy.split(",").find((one) => one.trim().split(";")[0] === name) ?? "";
    const seconds = /;\s*t=(\d+)/.exec(item)?.[1] ?? /;\s*w=(\d+)/.exec(own)?.[1];
    return seconds === undefined ? [] : [Number(seconds) * 1000];
  });
}

function readDelay(text: string | undefined, now: number): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) {
    if (seconds > EPOCH_SECONDS) return Math.max(0, (seconds > EPOCH_SECONDS * 1000 ? seconds : seconds * 1000) - now);
    return Math.max(0, Math.ceil(seconds * 1000));
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The headers that tell of limits, to learn from. */
export function limitHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name === "retry-after" || /^(?:x-)?rate-?limit/.test(name)));
}
