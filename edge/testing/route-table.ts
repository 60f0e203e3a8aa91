// For tests: one line a route of the Worker, saying who may use it and on whose things. A route without a line fails route-matrix.test.ts.
import type { Scope } from "../db/tokens.ts";
import { workspaceRoutes } from "./route-table-workspace.ts";
import type { RouteWorld } from "./route-world.ts";

interface Request {
  path: (x: RouteWorld) => string;
  body?: (x: RouteWorld) => unknown;
  headers?: Record<string, string>;
  /** What whoever may use it is answered. */
  ok: number;
}

/**
 * `user`: needs a user token. `member`: needs an API token or session with one of `scopes`. `caller`: either. `operator`: the bootstrap token.
 * `anyone`: nobody proves who they are; `why` says what guards it instead. `of` tells whose things it names: those of one user, those of
 * the workspace, or none (then its answer may hold nobody else's).
 */
export type RouteLine =
  | { who: "middleware" }
  | { who: "anyone"; why: string }
  | ({ who: "operator" } & Request)
  | ({ who: "user"; of: "user" | "workspace" | "none" } & Request)
  | ({ who: "caller"; of: "user" } & Request)
  | ({ who: "member"; scopes: Scope[]; of: "workspace" | "none" } & Request);

const user = (of: "user" | "workspace" | "none", ok: number, path: Request["path"], body?: Request["body"]): RouteLine => ({
  ...{ who: "user", of, ok, path },
  ...(body ? { body } : {}),
});
export type MemberLine = typeof member;
const member = (
  scopes: Scope | Scope[],
  of: "workspace" | "none",
  ok: number,
  path: Request["path"],
  body?: Request["body"],
  headers?: Request["headers"],
): RouteLine => ({
  ...{ who: "member", scopes: [scopes].flat(), of, ok, path },
  ...(body ? { body } : {}),
  ...(headers ? { headers } : {}),
});
const anyone = (why: string): RouteLine => ({ who: "anyone", why });
const at = (path: string) => () => path;
const SIGN_IN_PROVIDER = { label: "Corp", issuer: "https://id.example", clientId: "inlay", domains: ["example.com"], role: "viewer" };
const middleware: RouteLine = { who: "middleware" };

/** In the order in which the matrix uses them: what removes things comes last. */
const OWN_ROUTES: Record<string, RouteLine> = {
  "ALL /*": middleware,
  "ALL /v1/*": middleware,
  "ALL /api/*": middleware,
  "ALL /auth/*": middleware,
  "ALL /oauth/*": middleware,

  "GET /reconnect": anyone("a page without data; what it shows, its script reads with the link's token"),
  "GET /setup": anyone("a page without data; what it shows, its script reads with the link's token"),
  // A user's own token is no link's.
  "GET /v1/reconnect-link": user("none", 404, at("/v1/reconnect-link")),
  "GET /v1/setup-link": user("none", 404, at("/v1/setup-link")),
  "GET /v1/flows": user("none", 200, at("/v1/flows")),
  "GET /v1/flows/:flow": user("workspace", 200, at("/v1/flows/hello")),
  "GET /v1/flows/:flow/draft": user("workspace", 200, at("/v1/flows/hello/draft")),
  "PUT /v1/flows/:flow/draft": user(
    "user",
    200,
    (x) => `/v1/flows/hello/draft?integration=${x.integration}`,
    () => ({ accounts: {}, values: {} }),
  ),
  // Allowed, and then told what is missing: no account is connected.
  "POST /v1/flows/:flow/options": user("user", 409, at("/v1/flows/hello/options"), (x) => ({
    field: "pick",
    integration: x.integration,
    accounts: {},
    values: {},
  })),
  "POST /v1/flows/:flow/preview": user("user", 200, at("/v1/flows/hello/preview"), (x) => ({
    integration: x.integration,
    accounts: {},
    values: {},
  })),
  "GET /v1/accounts": user("none", 200, at("/v1/accounts")),
  // Allowed, and then told that the app does not answer.
  "POST /v1/accounts": user("user", 502, at("/v1/accounts"), (x) => ({
    app: "post",
    auth: "key",
    fields: { key: "k" },
    account: x.account,
  })),
  "POST /v1/accounts/authorize": user("user", 201, at("/v1/accounts/authorize"), (x) => ({ app: "crm", account: x.account })),
  "GET /v1/accounts/attempts/:attempt": user("user", 200, (x) => `/v1/accounts/attempts/${x.attempt}`),
  "POST /v1/accounts/:id/test": user("user", 200, (x) => `/v1/accounts/${x.account}/test`),
  // Allowed, and then told to choose another.
  "POST /v1/accounts/:id/move": user(
    "user",
    422,
    (x) => `/v1/accounts/${x.account}/move`,
    (x) => ({ to: x.account }),
  ),
  "PATCH /v1/accounts/:id": user(
    "user",
    200,
    (x) => `/v1/accounts/${x.account}`,
    () => ({ label: "Ours" }),
  ),
  "GET /v1/integrations": user("none", 200, at("/v1/integrations")),
  "POST /v1/integrations": user("workspace", 201, at("/v1/integrations"), () => ({ flow: "hello", accounts: {}, values: {} })),
  "GET /v1/integrations/:id": user("user", 200, (x) => `/v1/integrations/${x.integration}`),
  "PATCH /v1/integrations/:id": user(
    "user",
    200,
    (x) => `/v1/integrations/${x.integration}`,
    () => ({ name: "Renamed" }),
  ),
  "POST /v1/integrations/:id/preview": user(
    "user",
    200,
    (x) => `/v1/integrations/${x.integration}/preview`,
    () => ({}),
  ),
  "POST /v1/integrations/:id/upgrade": user(
    "user",
    409,
    (x) => `/v1/integrations/${x.integration}/upgrade`,
    () => ({}),
  ),
  "GET /v1/integrations/:id/runs": user("user", 200, (x) => `/v1/integrations/${x.integration}/runs`),
  "GET /v1/integrations/:id/slots": user("user", 200, (x) => `/v1/integrations/${x.integration}/slots`),
  "POST /v1/integrations/:id/blocks/:block/run": user(
    "user",
    202,
    (x) => `/v1/integrations/${x.integration}/blocks/go/run`,
    () => ({}),
  ),
  "GET /v1/runs/:run": user("user", 200, (x) => `/v1/runs/${x.run}`),
  "GET /v1/runs/:run/steps": user("user", 200, (x) => `/v1/runs/${x.run}/steps?path=say`),
  "GET /v1/runs/:run/repeat": user("user", 200, (x) => `/v1/runs/${x.run}/repeat`),
  "POST /v1/runs/:run/retry": user(
    "user",
    202,
    (x) => `/v1/runs/${x.run}/retry`,
    () => ({}),
  ),
  "POST /v1/runs/:run/cancel": user("user", 200, (x) => `/v1/runs/${x.run}/cancel`),
  "GET /v1/stream": user("none", 200, at("/v1/stream")),
  ...Object.fromEntries(
    ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method): [string, RouteLine] => [
      `${method} /api/:integration/:block`,
      { who: "caller", of: "user", ok: 200, path: (x) => `/api/${x.integration}/answer` },
    ]),
  ),

  "GET /oauth/start/:attempt": anyone(
    "the attempt's id, 131 random bits, which its user alone was told; it binds the browser that opens it",
  ),
  "GET /oauth/callback": anyone("the state, single use, together with the cookie of the browser that began"),
  "POST /hooks/apps/:app/:key": anyone("there is none such yet: 404"),
  "POST /hooks/:integration/:block/:key": anyone("the key in the address, 190 random bits, and the sender's signature"),
  "ALL /hooks/*": anyone("answers 404 or 405 to everything"),
  "GET /v1/schema/flow.json": anyone("public: the schema of a file format"),
  "GET /v1/schema/app.json": anyone("public: the schema of a file format"),
  "GET /v1/schema/test.json": anyone("public: the schema of a file format"),
  "GET /auth/sign-in": anyone("a page with a button"),
  "POST /auth/sign-in": anyone("the link's token, 256 random bits, single use, 15 minutes"),
  "GET /auth/invitation": anyone("a page with a button"),
  "POST /auth/invitation": anyone("the invitation's token, 256 random bits, single use, a week"),
  "GET /auth/providers": anyone("names of ways to sign in, by an address's domain"),
  "GET /auth/start/:provider": anyone("sends the browser to a provider, bound to it by a cookie"),
  "GET /auth/callback": anyone("the state, single use, with the cookie of the browser that began, and what the provider has signed"),
  "POST /auth/sign-out": anyone("ends the session whose cookie comes with it"),
  "GET /console": anyone("a page without data"),
  "GET /console/*": anyone("a page without data"),
  "GET /icons/:workspace/:path{.+}": anyone("public: icons are shown in pages without a token"),
  "GET /health": anyone("says ok or not"),
  "GET /openapi.json": anyone("public: the document"),
  "GET /docs": anyone("public: the document as a page"),

  "GET /v1/workspaces/keys": { who: "operator", ok: 200, path: at("/v1/workspaces/keys") },
  "POST /v1/workspaces/keys/rotate": { who: "operator", ok: 200, path: at("/v1/workspaces/keys/rotate") },
  "POST /v1/workspaces": { who: "operator", ok: 201, path: at("/v1/workspaces"), body: () => ({ name: "New", email: "new@example.com" }) },

  "GET /v1/workspace": member("read", "none", 200, at("/v1/workspace")),
  "GET /v1/workspace/flows": member("read", "none", 200, at("/v1/workspace/flows")),
  "POST /v1/workspace/flows": member("write", "none", 200, at("/v1/workspace/flows"), (x) => x.flowFile),
  "GET /v1/workspace/flows/:flow/file": member("read", "workspace", 200, at("/v1/workspace/flows/hello/file")),
  "GET /v1/workspace/flows/:flow/versions": member("read", "workspace", 200, at("/v1/workspace/flows/hello/versions")),
  "POST /v1/workspace/flows/:flow/versions": member("write", "workspace", 201, at("/v1/workspace/flows/hello/versions"), () => ({})),
  "PATCH /v1/workspace/flows/:flow": member("write", "workspace", 200, at("/v1/workspace/flows/hello"), () => ({ published: 1 })),
  ...workspaceRoutes(member),
  "GET /v1/workspace/apps": member("read", "none", 200, at("/v1/workspace/apps")),
  "POST /v1/workspace/apps": member("write", "none", 200, at("/v1/workspace/apps"), (x) => `${x.appFile}description: Changed\n`),
  "GET /v1/workspace/apps/:app/file": member("read", "workspace", 200, at("/v1/workspace/apps/post/file")),
  // Allowed, and then told that the app declares none.
  "POST /v1/workspace/apps/:app/webhook": member("write", "workspace", 409, at("/v1/workspace/apps/post/webhook")),
  "GET /v1/workspace/accounts": member("read", "none", 200, at("/v1/workspace/accounts")),
  // Allowed, and then told that the app does not answer.
  "POST /v1/workspace/accounts": member("write", "workspace", 502, at("/v1/workspace/accounts"), () => ({
    app: "post",
    auth: "key",
    fields: { key: "k" },
  })),
  "POST /v1/workspace/accounts/authorize": member("write", "workspace", 201, at("/v1/workspace/accounts/authorize"), () => ({
    app: "crm",
  })),
  "GET /v1/workspace/accounts/attempts/:attempt": member(
    "write",
    "workspace",
    200,
    (x) => `/v1/workspace/accounts/attempts/${x.workspaceAttempt}`,
  ),
  "POST /v1/workspace/accounts/:id/test": member(["write", "events"], "workspace", 200, (x) => `/v1/workspace/accounts/${x.account}/test`),
  // Allowed, and then told to choose another.
  "POST /v1/workspace/accounts/:id/move": member(
    "write",
    "workspace",
    422,
    (x) => `/v1/workspace/accounts/${x.account}/move`,
    (x) => ({ to: x.account }),
  ),
  "GET /v1/workspace/variables": member("read", "none", 200, at("/v1/workspace/variables")),
  "GET /v1/workspace/icons": member("read", "none", 200, at("/v1/workspace/icons")),
  "PUT /v1/workspace/variables/:name": member("write", "none", 204, at("/v1/workspace/variables/REGION"), () => ({ value: "eu" })),
  "GET /v1/workspace/secrets": member("read", "none", 200, at("/v1/workspace/secrets")),
  "PUT /v1/workspace/secrets/:name": member("admin", "none", 204, at("/v1/workspace/secrets/CRM_ID"), () => ({ value: "changed" })),
  "PUT /v1/workspace/icons/:path{.+}": member(
    "write",
    "none",
    204,
    at("/v1/workspace/icons/x.svg"),
    () => "<svg xmlns='http://www.w3.org/2000/svg'/>",
    { "content-type": "image/svg+xml" },
  ),
  "GET /v1/workspace/keys": member("read", "none", 200, at("/v1/workspace/keys")),
  "PUT /v1/workspace/keys/:kid": member("admin", "none", 204, at("/v1/workspace/keys/k9"), (x) => ({
    alg: "ES256",
    publicJwk: x.publicJwk,
  })),
  "GET /v1/workspace/tokens": member("admin", "none", 200, at("/v1/workspace/tokens")),
  "POST /v1/workspace/tokens": member("admin", "none", 201, at("/v1/workspace/tokens"), () => ({ name: "t", scopes: ["read"] })),
  "POST /v1/workspace/sign-in-links": member("admin", "none", 201, at("/v1/workspace/sign-in-links"), () => ({
    email: "new@example.com",
    role: "viewer",
  })),
  "GET /v1/workspace/audit": member("admin", "none", 200, at("/v1/workspace/audit")),
  "GET /v1/workspace/audit/verify": member("admin", "none", 200, at("/v1/workspace/audit/verify")),
  "GET /v1/workspace/notifications": member("read", "none", 200, at("/v1/workspace/notifications")),
  "POST /v1/workspace/notifications/read": member("read", "none", 204, at("/v1/workspace/notifications/read"), () => ({})),
  "GET /v1/workspace/notifications/webhooks": member("admin", "none", 200, at("/v1/workspace/notifications/webhooks")),
  "POST /v1/workspace/notifications/webhooks": member("admin", "none", 201, at("/v1/workspace/notifications/webhooks"), () => ({
    url: "https://hooks.example/inlay",
  })),
  "PATCH /v1/workspace/notifications/webhooks/:id": member(
    "admin",
    "workspace",
    200,
    (x) => `/v1/workspace/notifications/webhooks/${x.webhook}`,
    () => ({ enabled: true }),
  ),
  "POST /v1/workspace/notifications/webhooks/:id/test": member(
    "admin",
    "workspace",
    200,
    (x) => `/v1/workspace/notifications/webhooks/${x.webhook}/test`,
  ),
  "GET /v1/workspace/members": member("read", "none", 200, at("/v1/workspace/members")),
  "PATCH /v1/workspace/members/:member": member(
    "admin",
    "workspace",
    200,
    (x) => `/v1/workspace/members/${x.member}`,
    () => ({ name: "Renamed" }),
  ),
  "PUT /v1/workspace/members/:member/flows/:flow": member(
    "admin",
    "workspace",
    204,
    (x) => `/v1/workspace/members/${x.member}/flows/hello`,
    () => ({ role: "viewer" }),
  ),
  "GET /v1/workspace/members/:member/sessions": member("admin", "workspace", 200, (x) => `/v1/workspace/members/${x.member}/sessions`),
  "GET /v1/workspace/invitations": member("admin", "none", 200, at("/v1/workspace/invitations")),
  "POST /v1/workspace/invitations": member("admin", "none", 201, at("/v1/workspace/invitations"), () => ({ email: "guest@example.com" })),
  "GET /v1/workspace/sign-in-providers": member("admin", "none", 200, at("/v1/workspace/sign-in-providers")),
  "POST /v1/workspace/sign-in-providers": member("admin", "none", 201, at("/v1/workspace/sign-in-providers"), () => SIGN_IN_PROVIDER),
  "PUT /v1/workspace/sign-in-providers/:id": member(
    "admin",
    "workspace",
    200,
    (x) => `/v1/workspace/sign-in-providers/${x.provider}`,
    () => ({ ...SIGN_IN_PROVIDER, label: "Changed" }),
  ),
  "GET /v1/workspace/sessions": member("read", "none", 200, at("/v1/workspace/sessions")),
  "GET /v1/workspace/workspaces": member("read", "none", 200, at("/v1/workspace/workspaces")),
  // Allowed, and then told that this browser is signed in to no other.
  "POST /v1/workspace/switch": member("read", "none", 404, at("/v1/workspace/switch"), () => ({ workspace: "ws_other" })),
  "GET /v1/workspace/users": member("read", "none", 200, at("/v1/workspace/users")),
  "GET /v1/workspace/integrations": member("read", "none", 200, at("/v1/workspace/integrations")),
  "GET /v1/workspace/integrations/:id": member("read", "workspace", 200, (x) => `/v1/workspace/integrations/${x.integration}`),
  "PATCH /v1/workspace/integrations/:id": member(
    "write",
    "workspace",
    200,
    (x) => `/v1/workspace/integrations/${x.integration}`,
    () => ({ name: "Renamed by a member" }),
  ),
  // Allowed, and then told that it is on the newest version.
  "POST /v1/workspace/integrations/:id/upgrade": member(
    "write",
    "workspace",
    409,
    (x) => `/v1/workspace/integrations/${x.integration}/upgrade`,
    () => ({}),
  ),
  "POST /v1/workspace/integrations/:id/blocks/:block/run": member(
    ["write", "events"],
    "workspace",
    202,
    (x) => `/v1/workspace/integrations/${x.integration}/blocks/go/run`,
    () => ({}),
  ),
  "GET /v1/workspace/users/:id": member("read", "workspace", 200, (x) => `/v1/workspace/users/${x.ids.ada}`),
  "GET /v1/workspace/integrations/:id/runs": member("read", "workspace", 200, (x) => `/v1/workspace/integrations/${x.integration}/runs`),
  "GET /v1/workspace/integrations/:id/slots": member("read", "workspace", 200, (x) => `/v1/workspace/integrations/${x.integration}/slots`),
  "POST /v1/workspace/events": member("events", "none", 202, at("/v1/workspace/events"), () => ({ type: "some.event", data: {} })),
  "GET /v1/workspace/runs": member("read", "none", 200, at("/v1/workspace/runs")),
  "POST /v1/workspace/runs/retry": member(["write", "events"], "none", 200, at("/v1/workspace/runs/retry"), (x) => ({ runs: [x.run] })),
  "GET /v1/workspace/runs/:run": member("read", "workspace", 200, (x) => `/v1/workspace/runs/${x.run}`),
  "GET /v1/workspace/runs/:run/steps": member("read", "workspace", 200, (x) => `/v1/workspace/runs/${x.run}/steps?path=say`),
  "GET /v1/workspace/runs/:run/repeat": member("read", "workspace", 200, (x) => `/v1/workspace/runs/${x.run}/repeat`),
  "POST /v1/workspace/runs/:run/retry": member(
    ["write", "events"],
    "workspace",
    202,
    (x) => `/v1/workspace/runs/${x.run}/retry`,
    () => ({}),
  ),
  "POST /v1/workspace/runs/:run/cancel": member(["write", "events"], "workspace", 200, (x) => `/v1/workspace/runs/${x.run}/cancel`),

  "POST /v1/workspace/accounts/:id/link": member("write", "workspace", 201, (x) => `/v1/workspace/accounts/${x.account}/link`),
  "DELETE /v1/workspace/accounts/:id/link": member("write", "workspace", 204, (x) => `/v1/workspace/accounts/${x.crm}/link`),
  "PATCH /v1/workspace/accounts/:id": member(
    "write",
    "workspace",
    200,
    (x) => `/v1/workspace/accounts/${x.account}`,
    () => ({ label: "Ours" }),
  ),
  "DELETE /v1/flows/:flow/draft": user("none", 204, at("/v1/flows/hello/draft")),
  "DELETE /v1/accounts/:id": user("user", 200, (x) => `/v1/accounts/${x.account}`),
  "DELETE /v1/integrations/:id": user("user", 204, (x) => `/v1/integrations/${x.integration}`),
  "DELETE /v1/workspace/integrations/:id": member("write", "workspace", 204, (x) => `/v1/workspace/integrations/${x.spareIntegration}`),
  "DELETE /v1/workspace/sessions/:id": member("read", "workspace", 204, (x) => `/v1/workspace/sessions/${x.spareSession}`),
  "DELETE /v1/workspace/sessions": member("read", "none", 204, at("/v1/workspace/sessions")),
  "DELETE /v1/workspace/members/:member/flows/:flow": member(
    "admin",
    "workspace",
    204,
    (x) => `/v1/workspace/members/${x.member}/flows/hello`,
  ),
  "DELETE /v1/workspace/members/:member/sessions": member("admin", "workspace", 204, (x) => `/v1/workspace/members/${x.member}/sessions`),
  "DELETE /v1/workspace/members/:member": member("admin", "workspace", 204, (x) => `/v1/workspace/members/${x.member}`),
  "DELETE /v1/workspace/notifications/webhooks/:id": member(
    "admin",
    "workspace",
    204,
    (x) => `/v1/workspace/notifications/webhooks/${x.webhook}`,
  ),
  "DELETE /v1/workspace/invitations/:id": member("admin", "workspace", 204, (x) => `/v1/workspace/invitations/${x.invitation}`),
  "DELETE /v1/workspace/sign-in-providers/:id": member("admin", "workspace", 204, (x) => `/v1/workspace/sign-in-providers/${x.provider}`),
  "DELETE /v1/workspace/accounts/:id": member("write", "workspace", 200, (x) => `/v1/workspace/accounts/${x.spareAccount}`),
  "DELETE /v1/workspace/secrets/:name": member("admin", "workspace", 204, at("/v1/workspace/secrets/CRM_ID")),
  "DELETE /v1/workspace/variables/:name": member("write", "workspace", 204, at("/v1/workspace/variables/REGION")),
  "DELETE /v1/workspace/icons/:path{.+}": member("write", "workspace", 204, at("/v1/workspace/icons/x.svg")),
  "DELETE /v1/workspace/tokens/:id": member("admin", "workspace", 204, (x) => `/v1/workspace/tokens/${x.spareToken}`),
  "DELETE /v1/workspace/keys/:kid": member("admin", "workspace", 204, at("/v1/workspace/keys/spare")),
};

const DONE_BY_OPERATORS = /\/(?:run|retry|cancel|test)$/;

/** A user's own route as members have it for that user, on things of hers that no other line removes. */
function forUser([name, line]: [string, RouteLine]): [string, RouteLine][] {
  const [method = "", path = ""] = name.split(" ");
  if (line.who !== "user" || /\/v1\/(?:(?:setup|reconnect)-link|stream)$/.test(path)) return [];
  const spare = (x: RouteWorld) => (method === "DELETE" ? { ...x, ...x.sparesForMembers } : x);
  const scopes: Scope[] = method === "GET" ? ["read"] : DONE_BY_OPERATORS.test(path) ? ["write", "events"] : ["write"];
  const at = (x: RouteWorld) => line.path(spare(x)).replace("/v1", `/v1/workspace/users/${x.ids.ada}`);
  return [[`${method} ${path.replace("/v1", "/v1/workspace/users/:user")}`, member(scopes, "workspace", line.ok, at, line.body)]];
}

/** Every route of the Worker. */
export const ROUTE_TABLE: Record<string, RouteLine> = { ...Object.fromEntries(Object.entries(OWN_ROUTES).flatMap(forUser)), ...OWN_ROUTES };
