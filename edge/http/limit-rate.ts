import type { Env } from "../env.ts";
import type { RateLimit } from "../security/token-bucket.ts";
import { ProblemError } from "./problem.ts";

/** Tries of credentials by one user: whoever mistypes has enough, whoever guesses has not. */
export const KEY_TRIES: RateLimit = { burst: 40, perMinute: 20 };
/** Sign-ins by a provider that are begun in one workspace: a company's whole staff in the morning. */
export const SIGN_INS: RateLimit = { burst: 300, perMinute: 120 };
/** Sign-in links of one workspace. */
export const SIGN_IN_LINKS: RateLimit = { burst: 30, perMinute: 10 };

/** Refuses with 429 and `Retry-After` where `what` was done too often in the workspace; counted by its ledger, in memory. */
export async function limitRate(env: Env, workspace: string, what: string, limit: RateLimit): Promise<void> {
  const wait = await env.LEDGERS.getByName(workspace).admit(what, limit);
  if (wait === 0) return;
  const retryAfter = Math.ceil(wait / 1_000);
  throw new ProblemError("rate_limited", `This was tried too often. Try again in ${retryAfter} s.`, { retryAfter });
}
