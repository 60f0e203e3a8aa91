import { app } from "./app.ts";
import type { Env } from "./env.ts";
import { sweep } from "./http/sweep.ts";

export { AccountObject } from "./objects/account/account-object.ts";
export { InboxObject } from "./objects/inbox/inbox-object.ts";
export { IntegrationObject } from "./objects/integration/integration-object.ts";
export { LedgerObject } from "./objects/ledger/ledger-object.ts";

export default {
  fetch: app.fetch,
  scheduled: (_controller, env, context) => context.waitUntil(sweep(env)),
} satisfies ExportedHandler<Env>;
