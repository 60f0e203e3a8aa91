// Every route × everybody who may not use it (W5, A01, T17). The rows come from the app itself: a new route needs a line in route-table.ts.
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../app.ts";
import { ROLES, type Role } from "../db/members.ts";
import { SCOPES, type Scope } from "../db/tokens.ts";
import { sessionCookie } from "../http/require-member.ts";
import { type Answer, edgeClient } from "./call-edge.ts";
import { ROUTE_TABLE, type RouteLine } from "./route-table.ts";
import { makeRouteWorld, type RouteWorld } from "./route-world.ts";

const ORIGIN = "http://edge.test";
const ROUTES = [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))];
type Asking = Exclude<RouteLine, { who: "middleware" } | { who: "anyone" }>;
type Row = [string, Asking];
const rows = Object.entries(ROUTE_TABLE).filter((row): row is Row => ROUTES.includes(row[0]) && "path" in row[1]);
type RowOf<W extends Asking["who"]> = [string, Extract<Asking, { who: W }>];
const rowsOf = <W extends Asking["who"]>(...who: W[]) => rows.filter((row): row is RowOf<W> => who.some((one) => one === row[1].who));
const removes = ([name]: Row) => name.startsWith("DELETE /v1");

let x: RouteWorld;
beforeAll(async () => {
  vi.stubGlobal("fetch", async () => new Response(null, { status: 503 }));
  x = await makeRouteWorld();
}, 60_000);
afterAll(() => void vi.unstubAllGlobals());

function ask(name: string, line: Asking, token?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [method = ""] = name.split(" ");
  const path = line.path(x);
  if (path.endsWith("/stream")) return askStream(path, { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers });
  return edgeClient(token)(method, path, line.body?.(x), { ...line.headers, ...headers });
}

/** A stream does not end by itself: what it begins with is enough. */
async function askStream(path: string, headers: Record<string, string>): Promise<Answer> {
  const { exports } = await import("cloudflare:workers");
  const response = await exports.default.fetch(`${ORIGIN}${path}`, { headers });
  if (response.status !== 200) return { status: response.status, headers: response.headers, body: await response.json() };
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return { status: 200, headers: response.headers, body: new TextDecoder().decode(first?.value) };
}

/** Nothing of ada's, and nothing of her workspace where `isAway`, is in what somebody else is answered. */
function expectNothingOfHers({ body }: Answer, isAway: boolean) {
  const text = JSON.stringify(body);
  const { workspace, ...hers } = x.ids;
  for (const id of isAway ? [workspace, ...Object.values(hers)] : Object.values(hers)) expect(text).not.toContain(id);
}
const lastEntry = async () => (await env.AUDITS.getByName(x.ids.workspace).list({ limit: 1 }))[0];
const refusal = (status: number, code: string) => ({ status, body: { status, code } });
const sessionOf = (token: string) => ({ cookie: `${sessionCookie(ORIGIN)}=${token}`, origin: ORIGIN });

const ROLE_SCOPE: Record<Role, Scope[]> = {
  owner: ["read", "write", "events", "admin"],
  admin: ["read", "write", "events", "admin"],
  builder: ["read", "write"],
  operator: ["read", "events"],
  viewer: ["read"],
};
const TOKEN_SCOPE: Record<Scope, Scope[]> = {
  read: ["read"],
  write: ["read", "write"],
  events: ["events"],
  admin: ["read", "write", "events", "admin"],
};

describe("the table of routes", () => {
  it("A01 has a line for every route of the app, and for no other", () => {
    expect(ROUTES.filter((route) => !(route in ROUTE_TABLE))).toEqual([]);
    expect(Object.keys(ROUTE_TABLE).filter((route) => !ROUTES.includes(route))).toEqual([]);
  });

  it("asks for the sign-in that the OpenAPI document names", async () => {
    const { paths } = (await edgeClient()("GET", "/openapi.json")).body as {
      paths: Record<string, Record<string, { security?: object[] }>>;
    };
    const expected = {
      user: ["userToken"],
      caller: ["userToken", "apiToken"],
      member: ["apiToken", "session"],
      operator: ["bootstrapToken"],
    };
    for (const [name, { who }] of rows) {
      const [method = "", path = ""] = name.split(" ");
      const documented = paths[path.replaceAll(/:(\w+)(?:\{\.\+\})?/g, "{$1}")];
      const operation = documented?.[method.toLowerCase()];
      expect(
        operation?.security?.flatMap((one) => Object.keys(one)),
        name,
      ).toEqual(expected[who]);
    }
  });
});

function forUsers(name: string, line: RowOf<"user" | "caller">[1]) {
  it("asks for a user token", async () => {
    expect(await ask(name, line)).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, "not.a.token")).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, x.tokens.expired)).toMatchObject(refusal(401, "token_expired"));
  });

  it("takes no session, and no API token that is not for it", async () => {
    expect(await ask(name, line, undefined, sessionOf(x.home.sessions.owner ?? ""))).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, x.home.expired)).toMatchObject({ status: 401 });
    if (line.who === "user") return expect(await ask(name, line, x.home.apiTokens.admin)).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, x.home.apiTokens.read)).toMatchObject(refusal(403, "forbidden"));
    expect(await ask(name, line, x.away.apiTokens.admin)).toMatchObject(refusal(404, "not_found"));
    expect(await ask(name, line, x.home.apiTokens.write)).toMatchObject({ status: line.ok });
  });

  it("gives nothing away to a colleague, or to the same name at another tenant", async () => {
    const [colleague, stranger] = [await ask(name, line, x.tokens.colleague), await ask(name, line, x.tokens.stranger)];
    expectNothingOfHers(colleague, false);
    expectNothingOfHers(stranger, true);
    if (line.of === "user") expect(colleague).toMatchObject(refusal(404, "not_found"));
    if (line.of !== "none") expect(stranger).toMatchObject(refusal(404, "not_found"));
  });

  it("keeps a token to the flows whose tags it names", async () => {
    if (line.of === "none" || !/flows|integration|runs/.test(name)) return;
    expect(await ask(name, line, x.tokens.narrow)).toMatchObject(refusal(404, "not_found"));
  });

  it("does its work for whom it is for", async () => {
    const answer = await ask(name, line, x.tokens.ada);
    expect(answer.status, JSON.stringify(answer.body)).toBe(line.ok);
  });
}

/** What changes nothing of the workspace: events are runs' business, a check stores nothing, and Home is each member's own. */
const UNLOGGED = new Set([
  "POST /v1/workspace/events",
  "POST /v1/workspace/validate",
  "POST /v1/workspace/openapi/operations",
  "POST /v1/workspace/openapi/app",
  "POST /v1/workspace/notifications/read",
  "PUT /v1/workspace/home",
]);

function forMembers(name: string, line: RowOf<"member">[1]) {
  const has = (scopes: Scope[]) => line.scopes.some((scope) => scopes.includes(scope));

  it("T17 asks for an API token or a session, and takes no user token", async () => {
    for (const token of [undefined, "inlay_unknown", x.home.revoked, x.home.expired, x.tokens.ada, env.INLAY_BOOTSTRAP_TOKEN])
      expect(await ask(name, line, token)).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, undefined, sessionOf("unknown"))).toMatchObject(refusal(401, "unauthenticated"));
  });

  it("refuses tokens and roles that may less", async () => {
    for (const scope of SCOPES.filter((one) => !has(TOKEN_SCOPE[one])))
      expect(await ask(name, line, x.home.apiTokens[scope]), scope).toMatchObject(refusal(403, "forbidden"));
    for (const role of ROLES.filter((one) => !has(ROLE_SCOPE[one])))
      expect(await ask(name, line, undefined, sessionOf(x.home.sessions[role] ?? "")), role).toMatchObject(refusal(403, "forbidden"));
  });

  it("changes nothing with a session that another site has sent along", async () => {
    if (name.startsWith("GET")) return;
    const { cookie } = sessionOf(x.home.sessions.owner ?? "");
    for (const headers of [{ cookie }, { cookie, origin: "https://evil.example" }, { cookie, origin: "null" }])
      expect(await ask(name, line, undefined, headers)).toMatchObject(refusal(403, "forbidden"));
  });

  it("shows and changes nothing of another tenant", async () => {
    const answer = await ask(name, line, (line.of === "workspace" ? x.empty : x.away).apiTokens.admin);
    if (line.of === "workspace") expect(answer).toMatchObject(refusal(404, "not_found"));
    if (name !== "POST /v1/workspace/runs/retry") expectNothingOfHers(answer, true);
    else expect(answer.body.items).toMatchObject([{ code: "not_found" }]);
  });

  it("does its work for who may, and a change is in the audit log", async () => {
    const able = ROLES.filter((role) => has(ROLE_SCOPE[role])).at(-1) ?? "owner";
    const before = await lastEntry();
    const answer = await ask(name, line, undefined, sessionOf(x.home.sessions[able] ?? ""));
    expect(answer.status, JSON.stringify(answer.body)).toBe(line.ok);
    if (name.startsWith("GET") || UNLOGGED.has(name) || line.ok >= 400) return;
    const after = await lastEntry();
    expect(after?.seq ?? 0).toBeGreaterThan(before?.seq ?? 0);
    expect(JSON.parse(after?.body ?? "{}").actor.type).toBe("member");
  });
}

const [users, members] = [rowsOf("user", "caller"), rowsOf("member")];
// What removes things comes when nothing needs them any more.
describe.each(users.filter((row) => !removes(row)))("%s", forUsers);
describe.each(members.filter((row) => !removes(row)))("%s", forMembers);
describe.each(members.filter(removes))("%s", forMembers);
describe.each(users.filter(removes))("%s", forUsers);

describe.each(rowsOf("operator"))("%s", (name, line) => {
  it("is for the bootstrap token alone", async () => {
    for (const token of [undefined, "wrong", x.tokens.ada, x.home.apiTokens.admin])
      expect(await ask(name, line, token)).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, undefined, sessionOf(x.home.sessions.owner ?? ""))).toMatchObject(refusal(401, "unauthenticated"));
    expect(await ask(name, line, env.INLAY_BOOTSTRAP_TOKEN)).toMatchObject({ status: line.ok });
  });
});
