import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";

/** `?status=&search=x` means `?search=x`: forms and clients send filters that nobody has filled in. */
export const ignoreEmptyQuery = createMiddleware<AppEnv>(async (c, next) => {
  if (/[?&][^=&]+=(?:&|$)/.test(c.req.url)) {
    const url = new URL(c.req.url);
    for (const [name, value] of [...url.searchParams]) if (value === "") url.searchParams.delete(name, value);
    c.req.raw = new Request(url, c.req.raw);
  }
  return next();
});
