import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { catalogue } from "../db/catalogue.ts";
import { acceptInvitation } from "../db/invitations.ts";
import { readMember, redeemSignInLink } from "../db/members.ts";
import { closeSession, SESSION_LIFE, startSession } from "../db/sessions.ts";
import type { AppEnv } from "../http/app-env.ts";
import { noteChange } from "../http/audited.ts";
import { readBytes } from "../http/cap-body.ts";
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

const isSecure = (c: Context<AppEnv>) => c.env.PUBLIC_URL.startsWith("https:");

/** The session's token that the browser has now, and what is kept of the browser with a new one. */
export const openingOf = (c: Context<AppEnv>) => ({
  agent: c.req.header("user-agent"),
  former: getCookie(c, sessionCookie(c.env.PUBLIC_URL)),
});

/** Hands a session's token to the browser, in a cookie that scripts do not see. */
export function setSession(c: Context<AppEnv>, token: string): void {
  const options = { httpOnly: true, sameSite: "Lax", secure: isSecure(c), path: "/", maxAge: SESSION_LIFE / 1000 } as const;
  setCookie(c, sessionCookie(c.env.PUBLIC_URL), token, options);
}

/** Enters a sign-in into the workspace's log. */
export async function noteSignIn(c: Context<AppEnv>, workspace: string, member: string, by: string): Promise<void> {
  const row = await readMember(catalogue(c.env), workspace, member);
  const actor = { type: "member" as const, id: member, name: row?.email ?? null };
  noteChange(c, { action: "member.signed_in", target: member, workspace, actor, after: { by } });
}

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
    const token = await readToken(c);
    const opened = token ? await redeemSignInLink(catalogue(c.env), token, openingOf(c)) : undefined;
    if (!opened)
      return page(c, {
        title: "This link no longer works",
        text: "It was used already, or is older than 15 minutes. Ask for a new one.",
        status: 410,
      });
    setSession(c, opened.token);
    await noteSignIn(c, opened.workspace, opened.member, "link");
    return c.redirect("/console", 303);
  })
  .get("/auth/invitation", (c) =>
    page(c, {
      title: "Join a workspace of Inlay",
      text: "You were invited. Go on to become a member, and to sign in on this device.",
      form: { action: "/auth/invitation", label: "Join", fields: { token: c.req.query("token") ?? "" } },
    }),
  )
  .post("/auth/invitation", requireOwnPage, async (c) => {
    const token = await readToken(c);
    const db = catalogue(c.env);
    const accepted = token ? await acceptInvitation(db, { token }) : undefined;
    if (!accepted)
      return page(c, {
        title: "This invitation no longer works",
        text: "It was taken up already, withdrawn, or is older than a week. Ask for a new one.",
        status: 410,
      });
    const { workspace, member, row } = accepted;
    setSession(c, await startSession(db, { workspace, member }, { ...openingOf(c), by: "invitation" }));
    noteChange(c, {
      ...{ action: "member.joined", target: member, workspace, actor: { type: "member", id: member, name: row.email } },
      after: { email: row.email, role: row.role, by: "invitation", invitedBy: row.invitedBy },
    });
    return c.redirect("/console", 303);
  })
  .post("/auth/sign-out", requireOwnPage, async (c) => {
    const name = sessionCookie(c.env.PUBLIC_URL);
    const token = getCookie(c, name);
    if (token) await closeSession(catalogue(c.env), token);
    deleteCookie(c, name, { path: "/", secure: isSecure(c) });
    return c.redirect("/console", 303);
  });

/** Bytes of a sign-in form. */
const MAX_FORM = 16_000;

async function readToken(c: Context<AppEnv>): Promise<string | null> {
  const bytes = await readBytes(c.req.raw, MAX_FORM);
  if (!bytes) throw new ProblemError("too_large", "The form is larger than 16 kB.");
  return new URLSearchParams(new TextDecoder().decode(bytes)).get("token");
}
