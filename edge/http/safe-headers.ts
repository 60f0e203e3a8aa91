import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";

/** Gives the request an id, and every answer the headers that keep it out of caches and out of guessing, unless the route set its own. */
export const safeHeaders = createMiddleware<AppEnv>(async (c, next) => {
  const requestId = crypto.randomUUID();
  c.set("requestId", requestId);
  await next();
  const { headers } = c.res;
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-request-id", requestId);
  if (c.env.PUBLIC_URL?.startsWith("https:")) headers.set("strict-transport-security", "max-age=31536000");
  if (!headers.has("referrer-policy")) headers.set("referrer-policy", "no-referrer");
});
