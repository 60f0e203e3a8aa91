// Every change has its entry in the workspace's audit log before its answer is sent. Routes say what they have changed; of a member's
// request that says nothing, method and address are kept, so that a route that forgets is logged as well.
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { AuditActor } from "../../shared/api/audit.ts";
import type { AuditChange } from "../objects/audit/rpc.ts";
import { logFault } from "../security/log-line.ts";
import { maskNamed } from "../security/mask-named.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

/** What a route has changed. `workspace` and `actor` are those of the request's member or user, unless given. */
export interface Change {
  /** What and how, such as `integration.updated`. */
  action: string;
  /** An id or a key. */
  target: string;
  before?: unknown;
  after?: unknown;
  workspace?: string;
  actor?: AuditActor;
}

/** No change of the workspace by a member: host events come by thousands a minute and are runs' business. */
const UNLOGGED = new Set(["POST /v1/workspace/events"]);
const TRIES = 3;

/** Says what this request has changed; `audited` writes it down. Secrets in `before` and `after` are masked by their names alone. */
export function noteChange(c: Context<AppEnv>, change: Change): void {
  c.set("changes", [...(c.get("changes") ?? []), change]);
}

/** Says that this request has changed nothing: what was sent is stored already. */
export function noteNothing(c: Context<AppEnv>): void {
  c.set("changes", c.get("changes") ?? []);
}

/** The members in which two records differ, as `before` and `after` of a change. */
export function differing(before: Record<string, unknown>, after: Record<string, unknown>): Pick<Change, "before" | "after"> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const pick = (from: Record<string, unknown>) => Object.fromEntries(changed.flatMap((name) => (name in from ? [[name, from[name]]] : [])));
  return { before: pick(before), after: pick(after) };
}

/** Writes the request's changes into the audit log; where that cannot be done, the answer is 503 and says so. */
export const audited = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const changes = c.get("changes") ?? defaultChange(c);
  const byWorkspace = Map.groupBy(changes, (change) => change.workspace ?? workspaceOf(c) ?? "");
  for (const [workspace, some] of byWorkspace)
    if (workspace)
      await append(
        c,
        workspace,
        some.map((change) => entryOf(c, change)),
      );
  for (const [workspace, some] of byWorkspace) if (workspace) tellMembers(c, workspace, some);
});

/** What is kept of a member's change that its route says nothing about. */
function defaultChange(c: Context<AppEnv>): Change[] {
  const isSafe = c.req.method === "GET" || c.req.method === "HEAD";
  const member = c.get("member") as AppEnv["Variables"]["member"] | undefined;
  const route = `${c.req.method} ${routePath(c, -1)}`;
  if (isSafe || !member || c.res.status >= 400 || UNLOGGED.has(route)) return [];
  return [{ action: route, target: c.req.path.replace(/^\/v1\/workspace\/?/, "") || member.workspace }];
}

const workspaceOf = (c: Context<AppEnv>) => (c.get("member") ?? c.get("user"))?.workspace;

function actorOf(c: Context<AppEnv>): AuditActor {
  const member = c.get("member") as AppEnv["Variables"]["member"] | undefined;
  if (member) return { type: member.role === null ? "token" : "member", id: member.id, name: member.email ?? member.name };
  const user = c.get("user") as AppEnv["Variables"]["user"] | undefined;
  if (user) return { type: "user", id: user.ref, name: user.id };
  return { type: "operator", id: "operator", name: null };
}

/** The address comes from the platform's own header alone: whatever a caller says of it in others counts for nothing. */
function entryOf(c: Context<AppEnv>, { action, target, before, after, actor }: Change): AuditChange {
  return {
    actor: actor ?? actorOf(c),
    ...{ action: action.slice(0, 200), target: target.slice(0, 300) },
    ...(before === undefined ? {} : { before: maskNamed(before) }),
    ...(after === undefined ? {} : { after: maskNamed(after) }),
    from: {
      address: c.req.header("cf-connecting-ip") ?? null,
      agent: c.req.header("user-agent")?.slice(0, 200) ?? null,
      request: c.get("requestId") ?? null,
    },
  };
}

/** Tells consoles that are open what kind of thing was changed, and no more: not everybody who watches may read the log. */
function tellMembers(c: Context<AppEnv>, workspace: string, changes: Change[]): void {
  const kinds = new Set(changes.map(({ action }) => /^([a-z_-]+)\./.exec(action)?.[1] ?? "other"));
  const ledger = c.env.LEDGERS.getByName(workspace);
  const told = [...kinds].map((kind) => ledger.tellMembers({ type: "change", change: { kind } }));
  c.executionCtx.waitUntil(Promise.allSettled(told));
}

async function append(c: Context<AppEnv>, workspace: string, changes: AuditChange[]): Promise<void> {
  let last: unknown;
  for (let i = 0; i < TRIES; i++) {
    try {
      await c.env.AUDITS.getByName(workspace).append(workspace, changes);
      return;
    } catch (error) {
      last = error;
    }
  }
  // What the log could not take is at least in the platform's.
  logFault("audit", { workspace, changes, error: last });
  throw new ProblemError("unavailable", "This was done, but could not be entered in the audit log. Look at it before you repeat it.", {
    retryAfter: 5,
  });
}
