import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";

/** `?status=&search=x` means `?search=x`: forms and clients send filters that nobody has filled in. */
export const ignoreEmptyQuery = createMiddleware<AppEnv>(async (c, next) => {
  const start = c.req.url.indexOf("?");
  if (start < 0) return next();
  // In one pass: nobody has said yet who they are, and addresses may be long.
  const all = c.req.url.slice(start + 1).split("&");
  const given = all.filter((one) => one.indexOf("=") !== one.length - 1);
  if (given.length < all.length) c.req.raw = new Request(`${c.req.url.slice(0, start)}?${given.join("&")}`, c.req.raw);
  return next();
});
