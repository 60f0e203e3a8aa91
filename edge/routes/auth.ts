import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { catalogue } from "../db/catalogue.ts";
import { closeSession, openSession, SESSION_LIFE } from "../db/members.ts";
import type { AppEnv } from "../http/app-env.ts";
import { page } from "../http/page.ts";
import { sessionCookie } from "../http/require-member.ts";

/** Signing in to the console by a link. The link's page asks for a click, so that whoever previews links does not use it up. */
export const auth = new Hono<AppEnv>()
  .get("/auth/sign-in", (c) =>
    page(c, {
      title: "Sign in to Inlay",
      text: "You are about to sign in to the console on this device.",
      form: { action: "/auth/sign-in", label: "Sign in", fields: { token: c.req.query("token") ?? "" } },
    }),
  )
  .post("/auth/sign-in", async (c) => {
    const { token } = await c.req.parseBody();
    const session = typeof token === "string" && token ? await openSession(catalogue(c.env), token) : undefined;
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
  .post("/auth/sign-out", async (c) => {
    const name = sessionCookie(c.env.PUBLIC_URL);
    const token = getCookie(c, name);
    if (token) await closeSession(catalogue(c.env), token);
    deleteCookie(c, name, { path: "/", secure: c.env.PUBLIC_URL.startsWith("https:") });
    return c.redirect("/console", 303);
  });
