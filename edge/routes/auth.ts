import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { catalogue } from "../db/catalogue.ts";
import { closeSession, openSession, SESSION_LIFE } from "../db/members.ts";
import type { AppEnv } from "../http/app-env.ts";
import { page } from "../http/page.ts";
import { ProblemError } from "../http/problem.ts";
import { sessionCookie } from "../http/require-member.ts";

/** A form on another site signs nobody in or out. Browsers name the page that a form was sent from. */
const requireOwnPage = createMiddleware<AppEnv>((c, next) => {
  const origin = c.req.header("origin");
  const own = [c.env.PUBLIC_URL, c.req.url].map((url) => new URL(url).origin);
  if (origin === undefined || own.includes(origin)) return next();
  throw new ProblemError("forbidden", "Signing in and out is done on the pages of this service alone. Open the link again.");
});

/** Signing in to the console by a link. The link's page asks for a click, so that whoever previews links does not use it up. */
export const auth = new Hono<AppEnv>()
  .get("/auth/sign-in", (c) =>
    page(c, {
      title: "Sign in to Inlay",
      text: "You are about to sign in to the console on this device.",
      form: { action: "/auth/sign-in", label: "Sign in", fields: { token: c.req.query("token") ?? "" } },
    }),
  )
  .post("/auth/sign-in", requireOwnPage, async (c) => {
    const token = new URLSearchParams(await c.req.text()).get("token");
    const session = token ? await openSession(catalogue(c.env), token) : undefined;
    if (!session)
      return page(c, {
        title: "This link no longer works",
        text: "It was used already, or is older than 15 minutes. Ask for a new one.",
        status: 410,
      });
    const isSecure = c.env.PUBLIC_URL.startsWith("https:");
    setCookie(c, sessionCookie(c.env.PUBLIC_URL), session, {
      httpOnly: true,
      sameSite: "Lax",
      secure: isSecure,
      path: "/",
      maxAge: SESSION_LIFE / 1000,
    });
    return c.redirect("/console", 303);
  })
  .post("/auth/sign-out", requireOwnPage, async (c) => {
    const name = sessionCookie(c.env.PUBLIC_URL);
    const token = getCookie(c, name);
    if (token) await closeSession(catalogue(c.env), token);
    deleteCookie(c, name, { path: "/", secure: c.env.PUBLIC_URL.startsWith("https:") });
    return c.redirect("/console", 303);
  });
