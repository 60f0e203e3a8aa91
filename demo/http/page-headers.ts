import { createMiddleware } from "hono/factory";

/**
 * What every page of a third-party app is served with. No `Cross-Origin-Opener-Policy`: a sign-in opened as a popup stays bound to
 * its opener. No `form-action`: Chrome holds it against the redirect after a consent.
 */
export const pageHeaders = createMiddleware(async (c, next) => {
  await next();
  c.header("Content-Security-Policy", "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'");
  c.header("X-Content-Type-Options", "nosniff");
  c.header("Referrer-Policy", "same-origin");
});
