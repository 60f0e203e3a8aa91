import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { catalogue } from "../db/catalogue.ts";
import { type FlowRole, flowOfIntegration, flowOfKey, listFlowRoles } from "../db/flow-roles.ts";
import { isWithinRole, type Role } from "../db/members.ts";
import { findSession } from "../db/sessions.ts";
import { findApiToken, SCOPES, type Scope } from "../db/tokens.ts";
import { integrationOfRun } from "../objects/integration/rpc.ts";
import type { AppEnv } from "./app-env.ts";
import { countRequest } from "./limit-requests.ts";
import { ProblemError } from "./problem.ts";

/** Who works on a workspace: a person with a session, or a script with an API token. */
export interface Member {
  workspace: string;
  /** `mem_…` or `tok_…`. */
  id: string;
  name: string;
  email: string | null;
  role: Role | null;
  /** Whom they may give, take or stand in for at the most: their role; of a script, that of the member who made its token. */
  rank: Role;
  scopes: Scope[];
  /** `mem_…` of whoever answers for what is done: the member; of a script, the member whose token it has. Null: the workspace itself. */
  person: string | null;
  /** Roles on single flows, by `flw_…`, which add to `role`. */
  flows: Record<string, FlowRole>;
  /** The session's `ses_…`; null for scripts. */
  session: string | null;
}

/** The session's cookie; the `__Host-` form wherever the edge is reached by https. */
export const sessionCookie = (publicUrl: string) => (publicUrl.startsWith("https:") ? "__Host-inlay-session" : "inlay-session");

const ROLE_SCOPES: Record<Role, Scope[]> = {
  owner: ["admin"],
  admin: ["admin"],
  builder: ["write"],
  operator: ["read", "events"],
  viewer: ["read"],
};

const includes = (scopes: Scope[], wanted: Scope) =>
  scopes.includes("admin") || scopes.includes(wanted) || (wanted === "read" && scopes.includes("write"));

/**
 * Lets in an API token (`Authorization: Bearer inlay_…`) or a member's session that may do one of `scopes`, and sets `c.var.member`. Where
 * the route names a flow, or an integration or run of one, the member's role on that flow counts as well.
 */
export const requireMember = (...scopes: [Scope, ...Scope[]]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const member = await memberOf(c);
    if (!isAllowed(member.scopes, scopes) && !isAllowed(await scopesHere(c, member), scopes)) throw forbidden(scopes);
    await next();
  });

/** As {@link requireMember}, for routes that name a flow but do more than work on it, such as making another: roles on flows do not count. */
export const requireMemberOfAll = (...scopes: [Scope, ...Scope[]]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const member = await memberOf(c);
    if (!isAllowed(member.scopes, scopes)) throw forbidden(scopes);
    await next();
  });

/**
 * As {@link requireMember}, for routes that name their flow in the body: lets in who may do one of `scopes` on any flow at all. The route
 * must then ask {@link requireOnFlow}.
 */
export const requireMemberSomewhere = (...scopes: [Scope, ...Scope[]]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const member = await memberOf(c);
    const all = [...member.scopes, ...Object.values(member.flows).flatMap((role) => ROLE_SCOPES[role])];
    if (!isAllowed(all, scopes)) throw forbidden(scopes);
    await next();
  });

/** Refuses a member who may not do one of `scopes` on the flow with this key; one that there is not yet is the workspace's business. */
export async function requireOnFlow(c: Context<AppEnv>, key: string, ...scopes: [Scope, ...Scope[]]): Promise<void> {
  const { member } = c.var;
  if (isAllowed(member.scopes, scopes)) return;
  const flow = await flowOfKey(catalogue(c.env), member.workspace, key);
  if (!isAllowed(scopesOn(member, flow), scopes)) throw forbidden(scopes);
}

const isAllowed = (held: Scope[], scopes: Scope[]) => scopes.some((scope) => includes(held, scope));

const forbidden = (scopes: Scope[]) =>
  new ProblemError("forbidden", `This needs the scope ${scopes.map((scope) => `“${scope}”`).join(" or ")}, which you do not have.`);

function scopesOn({ flows }: Member, flow: string | undefined): Scope[] {
  const role = flow !== undefined && Object.hasOwn(flows, flow) ? flows[flow] : undefined;
  return role ? ROLE_SCOPES[role] : [];
}

/** What the member's roles on flows allow in this request. */
async function scopesHere(c: Context<AppEnv>, member: Member): Promise<Scope[]> {
  return Object.keys(member.flows).length ? scopesOn(member, await flowOfRequest(c, member.workspace)) : [];
}

/** `flw_…` of the flow that the request's address names. */
async function flowOfRequest(c: Context<AppEnv>, workspace: string): Promise<string | undefined> {
  const db = catalogue(c.env);
  const { flow, run, id } = c.req.param() as Record<string, string | undefined>;
  if (flow !== undefined) return flowOfKey(db, workspace, flow);
  const isIntegration = c.req.path.startsWith("/v1/workspace/integrations/");
  const integration = run === undefined ? (isIntegration ? id : undefined) : integrationOfRun(run);
  return integration === undefined ? undefined : flowOfIntegration(db, workspace, integration);
}

async function memberOf(c: Context<AppEnv>): Promise<Member> {
  const [scheme, token] = (c.req.header("authorization") ?? "").split(/\s+/, 2);
  const member = await (token ? memberOfToken(c.env, scheme ?? "", token) : memberOfSession(c.env, c.req.raw, getCookie(c)));
  c.set("member", member);
  countRequest(c, member.session === null ? "token" : "session", member.session ?? member.id);
  countRequest(c, "workspace", member.workspace);
  return member;
}

async function memberOfToken(env: AppEnv["Bindings"], scheme: string, token: string): Promise<Member> {
  const row = scheme.toLowerCase() === "bearer" && token.startsWith("inlay_") ? await findApiToken(catalogue(env), token) : undefined;
  if (!row)
    throw new ProblemError(
      "unauthenticated",
      "The API token is unknown, expired or revoked. Send Authorization: Bearer inlay_… with a live one.",
    );
  return {
    workspace: row.workspace,
    id: row.id,
    name: row.name,
    email: null,
    role: null,
    ...powersOf(row),
    person: row.member,
    flows: {},
    session: null,
  };
}

/** What a token may do: no more than it was given, than its maker could do when making it, and than its maker can do now. */
function powersOf({ role, memberRole, scopes: given }: { role: string | null; memberRole: string | null; scopes: string[] }) {
  const made = (role as Role | null) ?? "owner";
  const now = (memberRole as Role | null) ?? made;
  const scopes = given as Scope[];
  return {
    rank: isWithinRole(now, made) ? made : now,
    scopes: memberRole === null ? scopes : SCOPES.filter((scope) => includes(scopes, scope) && includes(ROLE_SCOPES[now] ?? [], scope)),
  };
}

async function memberOfSession(env: AppEnv["Bindings"], request: Request, cookies: Record<string, string>): Promise<Member> {
  const token = cookies[sessionCookie(env.PUBLIC_URL)];
  const db = catalogue(env);
  const found = token ? await findSession(db, token) : undefined;
  if (!found) throw new ProblemError("unauthenticated", "Send an API token (Authorization: Bearer inlay_…), or sign in to the console.");
  const isSafe = request.method === "GET" || request.method === "HEAD";
  if (!isSafe && request.headers.get("origin") !== new URL(env.PUBLIC_URL).origin)
    throw new ProblemError("forbidden", "A session may change things from the console's own pages alone. Scripts use an API token.");
  const { id, workspace, name, email } = found.member;
  const role = found.member.role as Role;
  const scopes = ROLE_SCOPES[role] ?? [];
  const own = scopes.includes("admin") ? [] : await listFlowRoles(db, workspace, id);
  const flows = Object.fromEntries(own.map((one) => [one.id, one.role]));
  return { workspace, id, name, email, role, rank: role, scopes, person: id, flows, session: found.id };
}
