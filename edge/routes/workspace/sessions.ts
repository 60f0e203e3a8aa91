import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { MemberSession, SignedInWorkspace } from "../../../shared/api/member.ts";
import { catalogue } from "../../db/catalogue.ts";
import { endSessions, listBrowserWorkspaces, listSessions, switchSession } from "../../db/sessions.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { endMemberStreams } from "../../http/open-stream.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember, sessionCookie } from "../../http/require-member.ts";
import { toSession } from "../../http/session-shape.ts";
import { validate } from "../../http/validate.ts";
import { setSession } from "../auth.ts";

const tag = "Sessions";
const security = "member" as const;

/** A member's own sessions, and the workspaces that their browser is signed in to. Scripts have neither. */
export const workspaceSessions = new Hono<AppEnv>()
  .get(
    "/sessions",
    describe({ tag, summary: "List one's own sessions, newest first", security, answers: { 200: listOf(MemberSession) } }),
    requireMember("read"),
    async (c) => {
      const { workspace, id, session } = c.var.member;
      const rows = session === null ? [] : await listSessions(catalogue(c.env), workspace, id);
      return c.json({ items: rows.map((row) => toSession(row, session)), nextCursor: null });
    },
  )
  .delete(
    "/sessions",
    describe({ tag, summary: "End all of one's own sessions but this one", security, answers: { 204: null }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const but = sessionOf(c);
      const { workspace, id } = c.var.member;
      const ended = await endSessions(catalogue(c.env), workspace, id, { but });
      await endMemberStreams(c);
      noteChange(c, { action: "member.sessions_ended", target: id, after: { ended } });
      return c.body(null, 204);
    },
  )
  .delete(
    "/sessions/:id",
    describe({ tag, summary: "End one of one's own sessions at once", security, answers: { 204: null }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const { workspace, id } = c.var.member;
      const which = c.req.param("id");
      if (!(await endSessions(catalogue(c.env), workspace, id, { id: which })))
        throw new ProblemError("not_found", "You have no such session. It may have ended.");
      await endMemberStreams(c);
      noteChange(c, { action: "member.sessions_ended", target: id, after: { session: which } });
      return c.body(null, 204);
    },
  )
  .get(
    "/workspaces",
    describe({
      tag,
      summary: "Workspaces that this browser is signed in to",
      description: "Signing in to another workspace in the same browser adds it.",
      security,
      answers: { 200: listOf(SignedInWorkspace) },
    }),
    requireMember("read"),
    async (c) => {
      const token = getCookie(c, sessionCookie(c.env.PUBLIC_URL));
      const items = c.var.member.session !== null && token ? await listBrowserWorkspaces(catalogue(c.env), token) : [];
      return c.json({ items, nextCursor: null });
    },
  )
  .post(
    "/switch",
    describe({
      tag,
      summary: "Go on in another workspace that this browser is signed in to",
      description: "Answers with a new session cookie; the old one's secret no longer counts once it is switched back.",
      security,
      answers: { 204: null },
      problems: ["not_found", "invalid"],
    }),
    requireMember("read"),
    capBody,
    validate("json", z.object({ workspace: z.string() })),
    async (c) => {
      sessionOf(c);
      const { workspace } = c.req.valid("json");
      const token = await switchSession(catalogue(c.env), getCookie(c, sessionCookie(c.env.PUBLIC_URL)) ?? "", workspace);
      if (token === undefined) throw new ProblemError("not_found", "This browser is not signed in to that workspace. Sign in there first.");
      setSession(c, token);
      return c.body(null, 204);
    },
  );

/** The session that asks. Refuses with `not_found` where a script does. */
function sessionOf(c: Context<AppEnv>): string {
  const { session } = c.var.member;
  if (session === null) throw new ProblemError("not_found", "API tokens have no sessions. Sign in to the console for this.");
  return session;
}
