// When a provider wants to be called again, from the headers that are in use: Retry-After (RFC 9110 §10.2.3, seconds or a date), RateLimit
// (draft-ietf-httpapi-ratelimit-headers) and the older X-RateLimit family.

const EPOCH_SECONDS = 1_000_000_000;

/** Milliseconds from `now` that the answer asks to wait, never negative; undefined where it says nothing. `headers` are lower case. */
export function readRetryAfter(headers: Record<string, string>, now: number): number | undefined {
  return readDelay(headers["retry-after"], now) ?? readExhausted(headers, now);
}

/** The wait that rate-limit headers announce once no call is left in the window; undefined while some are. */
export function readExhausted(headers: Record<string, string>, now: number): number | undefined {
  const structured = /(?:^|[;,\s])r=(\d+)[^,]*?[;\s]t=(\d+)/.exec(headers.ratelimit ?? "");
  if (structured) return structured[1] === "0" ? Number(structured[2]) * 1000 : undefined;
  for (const prefix of ["ratelimit", "x-ratelimit", "x-rate-limit"])
    if (headers[`${prefix}-remaining`]?.trim() === "0") return readDelay(headers[`${prefix}-reset`], now);
  return undefined;
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
