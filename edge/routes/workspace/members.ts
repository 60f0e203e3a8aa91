import { type Context, Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { Invitation, InvitationWrite, Member, MemberFlowRole, MemberPatch, MemberSession } from "../../../shared/api/member.ts";
import { catalogue } from "../../db/catalogue.ts";
import { listFlowRoles, setFlowRole } from "../../db/flow-roles.ts";
import { createInvitation, deleteInvitation, type InvitationRow, listInvitations } from "../../db/invitations.ts";
import { changeMember, deleteMember, isWithinRole, listMembers, type MemberRow, type Role, readMember } from "../../db/members.ts";
import { endSessions, listSessions } from "../../db/sessions.ts";
import { listApiTokens } from "../../db/tokens.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { limitRate, SIGN_IN_LINKS } from "../../http/limit-rate.ts";
import { endMemberStreams } from "../../http/open-stream.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { toSession } from "../../http/session-shape.ts";
import { validate } from "../../http/validate.ts";

const tag = "Members";
const security = "member" as const;

/** Members with their roles and sessions, and who is invited to become one. */
export const workspaceMembers = new Hono<AppEnv>()
  .get(
    "/members",
    describe({ tag, summary: "List members", security, answers: { 200: listOf(Member) } }),
    requireMember("read"),
    async (c) => {
      const { workspace } = c.var.member;
      const db = catalogue(c.env);
      const [rows, roles] = await Promise.all([listMembers(db, workspace), listFlowRoles(db, workspace)]);
      return c.json({ items: rows.map((row) => toMember(row, roles)), nextCursor: null });
    },
  )
  .patch(
    "/members/:member",
    describe({
      tag,
      summary: "Change a member's role or name; it holds from their next request on",
      security,
      answers: { 200: Member },
      problems: ["invalid", "not_found", "conflict"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", MemberPatch),
    async (c) => {
      const row = await load(c);
      const patch = c.req.valid("json");
      if (patch.role) refuseStronger(c, patch.role);
      const db = catalogue(c.env);
      if (!(await changeMember(db, row.workspace, row.id, patch))) throw lastOwner();
      if (patch.role) await endMemberStreams(c);
      const changed = { ...row, ...(patch.role ? { role: patch.role } : {}), ...(patch.name ? { name: patch.name } : {}) };
      noteChange(c, {
        ...{ action: "member.changed", target: row.id },
        before: { role: row.role, name: row.name },
        after: { role: changed.role, name: changed.name },
      });
      return c.json(toMember(changed, await listFlowRoles(db, row.workspace, row.id)));
    },
  )
  .delete(
    "/members/:member",
    describe({
      tag,
      summary: "Remove a member; their sessions and API tokens end at once, and invitations that they have sent",
      security,
      answers: { 204: null },
      problems: ["not_found", "conflict"],
    }),
    requireMember("admin"),
    async (c) => {
      const row = await load(c);
      const db = catalogue(c.env);
      const ended = (await listApiTokens(db, row.workspace, row.id)).map(({ id, name }) => ({ id, name }));
      if (!(await deleteMember(db, row.workspace, row.id))) throw lastOwner();
      await endMemberStreams(c);
      noteChange(c, { action: "member.removed", target: row.id, before: { email: row.email, role: row.role }, after: { ended } });
      return c.body(null, 204);
    },
  )
  .put(
    "/members/:member/flows/:flow",
    describe({
      tag,
      summary: "Give a member a role on one flow, in addition to their role in the workspace",
      security,
      answers: { 204: null },
      problems: ["invalid", "not_found"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", MemberFlowRole),
    async (c) => setRole(c, c.req.param("flow"), c.req.valid("json").role),
  )
  .delete(
    "/members/:member/flows/:flow",
    describe({ tag, summary: "Take a member's role on one flow", security, answers: { 204: null }, problems: ["not_found"] }),
    requireMember("admin"),
    async (c) => setRole(c, c.req.param("flow"), null),
  )
  .get(
    "/members/:member/sessions",
    describe({ tag, summary: "List a member's sessions", security, answers: { 200: listOf(MemberSession) }, problems: ["not_found"] }),
    requireMember("admin"),
    async (c) => {
      const row = await load(c);
      const sessions = await listSessions(catalogue(c.env), row.workspace, row.id);
      return c.json({ items: sessions.map((one) => toSession(one, c.var.member.session)), nextCursor: null });
    },
  )
  .delete(
    "/members/:member/sessions",
    describe({ tag, summary: "End all sessions of a member at once", security, answers: { 204: null }, problems: ["not_found"] }),
    requireMember("admin"),
    async (c) => {
      const row = await load(c);
      const ended = await endSessions(catalogue(c.env), row.workspace, row.id);
      await endMemberStreams(c);
      noteChange(c, { action: "member.sessions_ended", target: row.id, after: { ended } });
      return c.body(null, 204);
    },
  )
  .get(
    "/invitations",
    describe({ tag, summary: "List invitations that can still be taken up", security, answers: { 200: listOf(Invitation) } }),
    requireMember("admin"),
    async (c) => {
      const rows = await listInvitations(catalogue(c.env), c.var.member.workspace);
      return c.json({ items: rows.map(toInvitation), nextCursor: null });
    },
  )
  .post(
    "/invitations",
    describe({
      tag,
      summary: "Invite somebody to become a member",
      description:
        "The link works once, for a week; an earlier one to the same address no longer does. It is shown this once: send it yourself.",
      security,
      answers: { 201: Invitation.extend({ url: z.string() }) },
      problems: ["invalid", "already_exists", "rate_limited"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", InvitationWrite),
    async (c) => {
      const { email, role } = c.req.valid("json");
      const { workspace, id, person } = c.var.member;
      refuseStronger(c, role);
      await limitRate(c.env, workspace, "sign-in-links", SIGN_IN_LINKS);
      const db = catalogue(c.env);
      if ((await listMembers(db, workspace)).some((one) => one.email === email.toLowerCase()))
        throw new ProblemError("already_exists", `${email} is a member already. Make a sign-in link for them instead.`);
      const { row, token } = await createInvitation(db, workspace, { email, role, invitedBy: person ?? id });
      noteChange(c, { action: "member.invited", target: row.id, after: { email: row.email, role } });
      return c.json({ ...toInvitation(row), url: `${c.env.PUBLIC_URL}/auth/invitation?token=${token}` }, 201);
    },
  )
  .delete(
    "/invitations/:id",
    describe({ tag, summary: "Withdraw an invitation", security, answers: { 204: null }, problems: ["not_found"] }),
    requireMember("admin"),
    async (c) => {
      const row = await deleteInvitation(catalogue(c.env), c.var.member.workspace, c.req.param("id"));
      if (!row) throw new ProblemError("not_found", "There is no such invitation. It may have been taken up.");
      noteChange(c, { action: "member.invitation_withdrawn", target: row.id, before: { email: row.email, role: row.role } });
      return c.body(null, 204);
    },
  );

/** The member that the address names. Refuses with `not_found`, or `forbidden` where that one has a stronger role than who asks. */
async function load(c: Context<AppEnv>): Promise<MemberRow> {
  const row = await readMember(catalogue(c.env), c.var.member.workspace, c.req.param("member") ?? "");
  if (!row) throw new ProblemError("not_found", "There is no such member.");
  refuseStronger(c, row.role);
  return row;
}

function refuseStronger(c: Context<AppEnv>, role: string): void {
  if (!isWithinRole(c.var.member.rank, role))
    throw new ProblemError("forbidden", `This is about the role “${role}”, which is stronger than yours. Ask an owner.`);
}

const lastOwner = () => new ProblemError("conflict", "This is the last owner. Make somebody else an owner first.");

async function setRole(c: Context<AppEnv>, flow: string, role: z.infer<typeof MemberFlowRole>["role"] | null): Promise<Response> {
  const row = await load(c);
  const changed = await setFlowRole(catalogue(c.env), row.workspace, row.id, flow, role);
  if (!changed || (role === null && changed.before === null))
    throw new ProblemError("not_found", role === null ? "The member has no role on this flow." : "There is no such flow.");
  noteChange(c, { action: "member.flow_role", target: row.id, before: { flow, role: changed.before }, after: { flow, role } });
  return c.body(null, 204);
}

const time = (ms: number) => new Date(ms).toISOString();

function toMember({ id, email, name, role, createdAt }: MemberRow, roles: Awaited<ReturnType<typeof listFlowRoles>>): Member {
  const flows = roles.filter((one) => one.member === id).map(({ flow, role: given }) => ({ flow, role: given }));
  return { id, email, name, role: role as Role, flows, createdAt: time(createdAt) };
}

function toInvitation({ id, email, role, invitedBy, createdAt, expiresAt }: InvitationRow): Invitation {
  return { id, email, role: role as Role, invitedBy, createdAt: time(createdAt), expiresAt: time(expiresAt) };
}
