import { createMiddleware } from "hono/factory";
import type { Env } from "../env.ts";
import { masterKeyFault } from "../security/seal.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";
import { requestLimits } from "./request-limits.ts";

/** By the settings' own object, which an isolate keeps: with what all was well. */
const sound = new WeakMap<Env, string>();

/** Which setting is missing or unusable, in words; undefined where all are well. Cheap where they were before. */
export function missingSetting(env: Env): string | undefined {
  const settings = `${env.INLAY_MASTER_KEY} ${env.PUBLIC_URL} ${env.INLAY_LIMITS}`;
  if (sound.get(env) === settings) return undefined;
  const fault = masterKeyFault(env);
  if (fault) return `${fault}.`;
  if (!URL.canParse(env.PUBLIC_URL ?? "")) return "PUBLIC_URL is not set: set it to the origin under which this Worker is reached.";
  if (!requestLimits(env)) return "INLAY_LIMITS cannot be understood: write requests a minute, such as “user=600, address=off”, or “off”.";
  sound.set(env, settings);
  return undefined;
}

/** Fails closed: without a master key nothing can be sealed, so nothing is answered. */
export const requireSettings = createMiddleware<AppEnv>((c, next) => {
  const missing = missingSetting(c.env);
  if (missing) throw new ProblemError("unavailable", missing);
  return next();
});
