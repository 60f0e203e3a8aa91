import type { Hono } from "hono";
import type { AppEnv } from "./app-env.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** The methods that some route takes at `path`; middleware, which takes all of them, does not count. */
export function allowedMethods(app: Hono<AppEnv>, path: string): string[] {
  const handlers = (method: string) => app.router.match(method, path)[0].length;
  const others = handlers("NONE");
  return METHODS.filter((method) => handlers(method) > others);
}
