import { type ErrorHandler, Hono } from "hono";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import type { Env } from "./env.ts";
import { allowedMethods } from "./http/allowed-methods.ts";
import type { AppEnv } from "./http/app-env.ts";
import { audited } from "./http/audited.ts";
import { capBody } from "./http/cap-body.ts";
import { answerHook } from "./http/hook-door.ts";
import { ignoreEmptyQuery } from "./http/ignore-empty-query.ts";
import { isTransient } from "./http/is-transient.ts";
import { limitRequests } from "./http/limit-requests.ts";
import { codeOfStatus, ProblemError, problem } from "./http/problem.ts";
import { requestOf } from "./http/request-of.ts";
import { requireSettings } from "./http/require-settings.ts";
import { safeHeaders } from "./http/safe-headers.ts";
import { accounts } from "./routes/accounts.ts";
import { api } from "./routes/api.ts";
import { auth } from "./routes/auth.ts";
import { authProvider } from "./routes/auth-provider.ts";
import { consolePage } from "./routes/console.ts";
import { docs } from "./routes/docs.ts";
import { draft } from "./routes/draft.ts";
import { flows } from "./routes/flows.ts";
import { health } from "./routes/health.ts";
import { hooks } from "./routes/hooks.ts";
import { icons } from "./routes/icons.ts";
import { integrations } from "./routes/integrations.ts";
import { links } from "./routes/links.ts";
import { masterKeysRoute } from "./routes/master-keys.ts";
import { oauth } from "./routes/oauth.ts";
import { options } from "./routes/options.ts";
import { runs } from "./routes/runs.ts";
import { schemas } from "./routes/schemas.ts";

import { stream } from "./routes/stream.ts";
import { forUser } from "./routes/workspace/for-user.ts";
import { workspace } from "./routes/workspace/workspace.ts";
import { workspacesRoute } from "./routes/workspaces.ts";
import { logFault } from "./security/log-line.ts";

/** Hosts embed the widget anywhere and send the user's token by hand, so any origin may ask; nothing goes by cookie here. */
const openToAllOrigins = cors({
  origin: "*",
  allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "last-event-id"],
  exposeHeaders: ["etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"],
  maxAge: 7_200,
});
const isForMembers = (path: string) => /^\/v1\/workspaces?(?:\/|$)/.test(path);

// The order: id and headers, origins, settings, limits, the audit log, body, then the route's own sign-in and checks. Members' routes cap their bodies
// themselves, since some take files.
const routes = new Hono<AppEnv>()
  .use(safeHeaders)
  .use("/v1/*", (c, next) => (isForMembers(c.req.path) ? next() : openToAllOrigins(c, next)))
  .use("/api/*", openToAllOrigins)
  .use(requireSettings)
  .on("ALL", ["/v1/*", "/api/*", "/hooks/*", "/oauth/*", "/auth/*"], limitRequests)
  .use("/v1/*", ignoreEmptyQuery)
  .use("/v1/*", audited)
  .use("/oauth/*", audited)
  .use("/auth/*", audited)
  .use("/v1/*", (c, next) => (isForMembers(c.req.path) ? next() : capBody(c, next)))
  .route("/", flows)
  .route("/", draft)
  .route("/", options)
  .route("/", accounts)
  .route("/", oauth)
  .route("/", integrations)
  .route("/", runs)
  .route("/", stream)
  .route("/", links)
  .route("/", hooks)
  .route("/", api)
  .route("/", schemas)
  .route("/", workspacesRoute)
  .route("/", masterKeysRoute)
  .route("/v1/workspace", workspace)
  .route("/v1/workspace", forUser([flows, draft, options, accounts, integrations, runs]))
  .route("/", auth)
  .route("/", authProvider)
  .route("/", consolePage)
  .route("/", icons)
  .route("/", health);

/** What went wrong, in words; what is our own fault, in the log. */
const onFault: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof ProblemError) return problem(c, error.code, error.message, error.options);
  if (error instanceof HTTPException) return problem(c, codeOfStatus(error.status), error.message);
  logFault("fault", { ...requestOf(c), error });
  if (isTransient(error)) return problem(c, "unavailable", "This cannot be done at the moment. Try again shortly.", { retryAfter: 2 });
  return problem(c, "internal", "Something went wrong on our side. Try again; if it stays, give us the request id.");
};

/** The Worker's routes, with their own document. */
export const app = routes
  .route(
    "/",
    docs(() => routes),
  )
  .notFound((c) => {
    const allowed = allowedMethods(routes, c.req.path);
    if (!allowed.length) return problem(c, "not_found", `There is nothing at ${c.req.path}. GET /docs lists every route.`);
    const allow = allowed.join(", ");
    return problem(c, "method_not_allowed", `Use ${allow} here, not ${c.req.method}.`, { headers: { allow } });
  })
  .onError(onFault);

/** Answers every request of the Worker. */
export const handle = (request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> =>
  answerHook(request, env, onFault) ?? app.fetch(request, env, context);

export type App = typeof app;
