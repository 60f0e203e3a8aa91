import type { AccountObject } from "./objects/account/account-object.ts";
import type { AuditObject } from "./objects/audit/audit-object.ts";
import type { InboxObject } from "./objects/inbox/inbox-object.ts";
import type { LedgerObject } from "./objects/insight/watching-ledger.ts";
import type { IntegrationObject } from "./objects/integration/integration-object.ts";
import type { NoticeObject } from "./objects/notice/notice-object.ts";

/** What the platform hands to the Worker and its objects. */
export interface Env {
  DB: D1Database;
  ASSETS: Fetcher;
  /** Attachments of flows. */
  FILES: R2Bucket;
  INTEGRATIONS: DurableObjectNamespace<IntegrationObject>;
  ACCOUNTS: DurableObjectNamespace<AccountObject>;
  LEDGERS: DurableObjectNamespace<LedgerObject>;
  INBOXES: DurableObjectNamespace<InboxObject>;
  AUDITS: DurableObjectNamespace<AuditObject>;
  NOTICES: DurableObjectNamespace<NoticeObject>;
  /** The origin under which the outside reaches this Worker, without a trailing slash. */
  PUBLIC_URL: string;
  /** Master keys that wrap the workspaces' keys: `id:base64 of 32 bytes`, comma separated, newest first. */
  INLAY_MASTER_KEY: string;
  /** May create workspaces. Absent: no workspace can be created over HTTP. */
  INLAY_BOOTSTRAP_TOKEN?: string;
  /** Days that a run is kept after its end, 1 to 3650; 30 where it is not set. */
  INLAY_RUN_DAYS?: string;
  /** DNS over HTTPS in its JSON form, such as `https://cloudflare-dns.com/dns-query`: names are looked up there before they are called. */
  INLAY_RESOLVER?: string;
  /** The only hosts that flows and apps may call, comma separated: `api.stripe.com, *.hubapi.com`. All public ones where it is not set. */
  INLAY_ALLOWED_HOSTS?: string;
  /** Requests a minute by caller, where they are not the usual ones: `user=600, address=off`; `off`: nobody is limited. */
  INLAY_LIMITS?: string;
  /** `true` where all objects share one thread, as on a machine of one's own: an integration that is flooded is let in slowly, for the others' sake. */
  INLAY_ONE_THREAD?: string;
  /** Development only: hosts (`localhost` or `localhost:8789`, comma separated) that the guarded fetch may reach by plain http. */
  INLAY_LOCAL_HOSTS?: string;
}
