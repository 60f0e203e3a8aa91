// Limits of requests: by whoever proved who they are, by their workspace, and by address for those who did not. Counted in the memory of
// the isolate that answers, so that a count costs nothing and no answer waits for one; where several isolates serve, each counts for itself.
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type RateLimit, TokenBuckets } from "../security/token-bucket.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";
import { type Caller, requestLimits } from "./request-limits.ts";

/** How a policy stands, as the answer tells it (draft-ietf-httpapi-ratelimit-headers-11): `q` requests in `w` seconds, `r` left, all again in `t`. */
export interface RateStanding {
  policy: Caller;
  perMinute: number;
  left: number;
  /** Seconds. */
  full: number;
}

const buckets = new TokenBuckets();
const limitOf = (perMinute: number): RateLimit => ({ burst: perMinute, perMinute });
const seconds = (ms: number) => Math.ceil(ms / 1_000);

/** Counts a request of `key`, and refuses it with 429 where that has sent too many. `isTold`: the answer says how the policy stands. */
export function countRequest(c: Context<AppEnv>, policy: Caller, key: string, isTold = true): void {
  const perMinute = requestLimits(c.env)?.[policy];
  if (perMinute === undefined) return;
  const [name, limit, now] = [`${policy} ${key}`, limitOf(perMinute), Date.now()];
  const wait = buckets.take(name, limit, now);
  if (isTold || wait > 0) tell(c, policy, perMinute, name, now);
  if (wait > 0) refuse(c, seconds(wait));
}

function tell(c: Context<AppEnv>, policy: Caller, perMinute: number, name: string, now: number): void {
  const { left, full } = buckets.look(name, limitOf(perMinute), now);
  c.set("rates", [...(c.get("rates") ?? []), { policy, perMinute, left, full: seconds(full) }]);
}

function refuse(c: Context<AppEnv>, retryAfter: number): never {
  throw new ProblemError("rate_limited", `Too many requests. Try again in ${retryAfter} s.`, { retryAfter, headers: headersOf(c) });
}

/** How the policies stand that this request was counted by, in the words of the draft. */
function headersOf(c: Context<AppEnv>): Record<string, string> {
  const rates = c.get("rates");
  if (!rates) return {};
  return {
    "ratelimit-policy": rates.map(({ policy, perMinute }) => `"${policy}";q=${perMinute};w=60`).join(", "),
    ratelimit: rates.map(({ policy, left, full }) => `"${policy}";r=${left};t=${full}`).join(", "),
  };
}

/**
 * The door: refuses an address that has failed to prove who it is too often, before that costs anything, and tells every answer's caller how
 * many requests are left. `/auth` and `/oauth` are for people on their way to prove it, and count always.
 */
export const limitRequests = createMiddleware<AppEnv>(async (c, next) => {
  // Senders of webhooks share addresses: what one customer's sender does is not to shut out another's.
  const address = c.req.path.startsWith("/hooks/") ? undefined : networkOf(c.req.header("cf-connecting-ip"));
  const isOnTheWay = /^\/(?:o?auth)\//.test(c.req.path);
  if (address !== undefined && isOnTheWay) countRequest(c, "address", address);
  else if (address !== undefined) refuseFailing(c, address);
  await next();
  if (address !== undefined && c.res.status === 401 && !isOnTheWay) countFailure(c, address);
  for (const [name, value] of Object.entries(headersOf(c))) c.res.headers.set(name, value);
});

function refuseFailing(c: Context<AppEnv>, address: string): void {
  const perMinute = requestLimits(c.env)?.address;
  if (perMinute === undefined) return;
  const name = `address ${address}`;
  const { wait } = buckets.look(name, limitOf(perMinute), Date.now());
  if (wait === 0) return;
  tell(c, "address", perMinute, name, Date.now());
  refuse(c, seconds(wait));
}

function countFailure(c: Context<AppEnv>, address: string): void {
  const perMinute = requestLimits(c.env)?.address;
  if (perMinute !== undefined) buckets.take(`address ${address}`, limitOf(perMinute), Date.now());
}

/** The caller's address as the platform saw it; of IPv6 the first 64 bits, which one caller has whole. Undefined where the platform tells none. */
export function networkOf(address: string | undefined): string | undefined {
  if (!address?.includes(":")) return address || undefined;
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const [front, back] = [head.split(":").filter(Boolean), (tail ?? "").split(":").filter(Boolean)];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const parts = [...front, ...Array<string>(gap).fill("0"), ...back];
  const first = parts.slice(0, 4).map((part) => part.replace(/^0+(?=.)/, ""));
  return first.join(":");
}
