import { createMiddleware } from "hono/factory";
import type { Env } from "../env.ts";
import type { AppEnv } from "./app-env.ts";

/** Headers of an answer to a request with that id, which keep it out of caches and out of guessing. */
export const plainHeaders = (env: Pick<Env, "PUBLIC_URL">, requestId: string): Record<string, string> => ({
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-request-id": requestId,
  ...(env.PUBLIC_URL?.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {}),
});
/** A route may say these otherwise. */
const OWN = new Set(["cache-control", "referrer-policy"]);

/** Gives the request an id, and every answer {@link plainHeaders}, unless the route set its own. */
export const safeHeaders = createMiddleware<AppEnv>(async (c, next) => {
  const requestId = crypto.randomUUID();
  c.set("requestId", requestId);
  await next();
  const { headers } = c.res;
  for (const [name, value] of Object.entries(plainHeaders(c.env, requestId)))
    if (!OWN.has(name) || !headers.has(name)) headers.set(name, value);
});
