import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { catalogue } from "../db/catalogue.ts";
import { findSession, type Role } from "../db/members.ts";
import { findApiToken, type Scope } from "../db/tokens.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

/** Who works on a workspace: a person with a session, or a script with an API token. */
export interface Member {
  workspace: string;
  /** `mem_…` or `tok_…`. */
  id: string;
  name: string;
  email: string | null;
  role: Role | null;
  scopes: Scope[];
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

/** Lets in an API token (`Authorization: Bearer inlay_…`) or a member's session that may do one of `scopes`, and sets `c.var.member`. */
export const requireMember = (...scopes: [Scope, ...Scope[]]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const [scheme, token] = (c.req.header("authorization") ?? "").split(/\s+/, 2);
    const member = token ? await memberOfToken(c.env, scheme ?? "", token) : await memberOfSession(c.env, c.req.raw, getCookie(c));
    if (!scopes.some((scope) => includes(member.scopes, scope)))
      throw new ProblemError(
        "forbidden",
        `This needs the scope ${scopes.map((scope) => `“${scope}”`).join(" or ")}, which you do not have.`,
      );
    c.set("member", member);
    await next();
  });

async function memberOfToken(env: AppEnv["Bindings"], scheme: string, token: string): Promise<Member> {
  const row = scheme.toLowerCase() === "bearer" && token.startsWith("inlay_") ? await findApiToken(catalogue(env), token) : undefined;
  if (!row)
    throw new ProblemError(
      "unauthenticated",
      "The API token is unknown, expired or revoked. Send Authorization: Bearer inlay_… with a live one.",
    );
  return { workspace: row.workspace, id: row.id, name: row.name, email: null, role: null, scopes: row.scopes as Scope[] };
}

async function memberOfSession(env: AppEnv["Bindings"], request: Request, cookies: Record<string, string>): Promise<Member> {
  const token = cookies[sessionCookie(env.PUBLIC_URL)];
  const found = token ? await findSession(catalogue(env), token) : undefined;
  if (!found) throw new ProblemError("unauthenticated", "Send an API token (Authorization: Bearer inlay_…), or sign in to the console.");
  const isSafe = request.method === "GET" || request.method === "HEAD";
  if (!isSafe && request.headers.get("origin") !== new URL(env.PUBLIC_URL).origin)
    throw new ProblemError("forbidden", "A session may change things from the console's own pages alone. Scripts use an API token.");
  const { id, workspace, name, email, role } = found.member;
  return { workspace, id, name, email, role: role as Role, scopes: ROLE_SCOPES[role as Role] ?? [] };
}
