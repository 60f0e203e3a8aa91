// What users do themselves, done for one of them by the host's backend or a member: `/v1/…` of users as `/v1/workspace/users/{user}/…`. The routes
// are the same ones; only who is let in is another, and the audit log has who it was.
import { type Handler, Hono, type MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { describeRoute, uniqueSymbol } from "hono-openapi";
import { catalogue } from "../../db/catalogue.ts";
import type { Scope } from "../../db/tokens.ts";
import { findUser, NO_PROFILE } from "../../db/users.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { capBody } from "../../http/cap-body.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMemberOfAll } from "../../http/require-member.ts";
import { asTokenUser, requireUser } from "../../http/require-user.ts";
import { isUserId } from "../../security/user-token.ts";

type Described = Handler & { [uniqueSymbol]?: { spec?: { summary?: string } } };

/** `routes` of users below `/v1`, mounted below `/users/:user` for members who may do such things for everybody. */
export function forUser(routes: Hono<AppEnv>[]): Hono<AppEnv> {
  const mounted = new Hono<AppEnv>();
  for (const { method, path, handler } of routes.flatMap((one) => one.routes)) {
    const below = `/users/:user${path.slice("/v1".length)}`;
    const spec = (handler as Described)[uniqueSymbol]?.spec;
    if ((handler as MiddlewareHandler) === requireUser)
      mounted.on(method, below, requireMemberOfAll(...scopesOf(method, path)), capBody, standInForUser);
    else if (spec) mounted.on(method, below, describeRoute({ ...spec, summary: `${spec.summary}: for a user`, ...FOR_MEMBERS }));
    else mounted.on(method, below, handler);
  }
  return mounted;
}

const FOR_MEMBERS = { tags: ["Users"], security: [{ apiToken: [] }, { session: [] }] };

/** As the workspace's own routes have it: runs are started and ended, and accounts tested, by operators as well. */
function scopesOf(method: string, path: string): [Scope, ...Scope[]] {
  if (method === "GET") return ["read"];
  return /\/(?:run|retry|cancel|test)$/.test(path) ? ["write", "events"] : ["write"];
}

/**
 * Sets `c.var.user` to the one that the address names; who is not known yet is made known by the first thing that is done for them, which is
 * none with what would be theirs already.
 */
const standInForUser = createMiddleware<AppEnv>(async (c, next) => {
  const { workspace } = c.var.member;
  const { user: named = "", id, run } = c.req.param() as Record<string, string | undefined>;
  const isNew = (c.req.method === "POST" || c.req.method === "PUT") && id === undefined && run === undefined && isUserId(named);
  const row = await findUser(catalogue(c.env), workspace, named, isNew ? NO_PROFILE : undefined);
  if (!row) throw new ProblemError("not_found", "There is no such user in the workspace. Give the host's own id, or `usr_…`.");
  c.set("user", asTokenUser(row));
  await next();
});
