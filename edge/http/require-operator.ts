import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

/** Lets in whoever operates this deployment: `Authorization: Bearer` and the value of INLAY_BOOTSTRAP_TOKEN. */
export const requireOperator = createMiddleware<AppEnv>(async (c, next) => {
  const [scheme, token = ""] = (c.req.header("authorization") ?? "").split(/\s+/, 2);
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const expected = c.env.INLAY_BOOTSTRAP_TOKEN;
  const isOperator =
    expected && scheme?.toLowerCase() === "bearer" && crypto.subtle.timingSafeEqual(await digest(token), await digest(expected));
  if (!isOperator)
    throw new ProblemError("unauthenticated", "This is for whoever deployed this edge alone: send its INLAY_BOOTSTRAP_TOKEN.");
  await next();
});
