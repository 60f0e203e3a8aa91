import { handle } from "./app.ts";
import type { Env } from "./env.ts";
import { sweep } from "./http/sweep.ts";

export { AccountObject } from "./objects/account/account-object.ts";
export { AuditObject } from "./objects/audit/audit-object.ts";
export { InboxObject } from "./objects/inbox/inbox-object.ts";
export { LedgerObject } from "./objects/insight/watching-ledger.ts";
export { IntegrationObject } from "./objects/integration/integration-object.ts";
export { NoticeObject } from "./objects/notice/notice-object.ts";

export default {
  fetch: handle,
  scheduled: (_controller, env, context) => context.waitUntil(sweep(env)),
} satisfies ExportedHandler<Env>;

/** The same where no router for assets stands before the Worker, as under `npm run serve`: what no route answers is looked for among them. */
export const direct = {
  async fetch(request, env, context) {
    const answer = await handle(request, env, context);
    if (answer.status !== 404 || (request.method !== "GET" && request.method !== "HEAD")) return answer;
    const asset = await env.ASSETS.fetch(request.url, { method: request.method, headers: request.headers });
    return asset.status === 404 ? answer : asset;
  },
} satisfies ExportedHandler<Env>;
