// How many requests a minute one caller may send: what the setting says, else what stands here. A full minute may come at once.
import type { Env } from "../env.ts";

/** Who is counted. `address`: whoever has not proved who they are. */
export const CALLERS = ["user", "session", "token", "workspace", "address", "hook"] as const;
export type Caller = (typeof CALLERS)[number];

/** Requests a minute. `workspace`: of all its users, members and tokens together. `hook`: calls of an app's one webhook for all customers. */
const USUAL: Record<Caller, number> = { user: 1_200, session: 1_200, token: 6_000, workspace: 24_000, address: 300, hook: 60_000 };

const kept = new WeakMap<Env, { text: string | undefined; limits: Partial<Record<Caller, number>> | null }>();

/** Requests a minute by caller; who is missing is not limited. Null where `INLAY_LIMITS` cannot be understood. */
export function requestLimits(env: Env): Partial<Record<Caller, number>> | null {
  const known = kept.get(env);
  if (known && known.text === env.INLAY_LIMITS) return known.limits;
  const limits = parseLimits(env.INLAY_LIMITS);
  kept.set(env, { text: env.INLAY_LIMITS, limits });
  return limits;
}

/** Reads `user=600, address=off`; `off`: nobody is limited. */
export function parseLimits(text = ""): Partial<Record<Caller, number>> | null {
  if (text.trim() === "off") return {};
  const limits: Partial<Record<Caller, number>> = { ...USUAL };
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const [, name, value = ""] = /^(\w+)\s*=\s*(off|[1-9]\d{0,8})$/.exec(part) ?? [];
    const caller = CALLERS.find((one) => one === name);
    if (!caller) return null;
    if (value === "off") delete limits[caller];
    else limits[caller] = Number(value);
  }
  return limits;
}
