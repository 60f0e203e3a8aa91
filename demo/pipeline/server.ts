import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { Database } from "../data/database.ts";
import { COMPANIES, type CompanyKey } from "../data/people.ts";
import { listen, type RunningServer } from "../http/listen.ts";
import { pageHeaders } from "../http/page-headers.ts";
import { publicFiles } from "../http/public-files.ts";
import { Sessions } from "../http/sessions.ts";
import { apiRoutes } from "./api-routes.ts";
import { ContactStore } from "./contact-store.ts";
import { IdempotencyStore } from "./idempotency-store.ts";
import type { OAuthClient } from "./oauth-client.ts";
import { oauthRoutes } from "./oauth-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { messagePage } from "./pages/message-page.ts";
import { TokenBuckets } from "./rate-limit.ts";
import { SCHEMA } from "./schema.ts";
import { seedContacts } from "./seed-contacts.ts";
import { DEFAULT_LIFETIMES, type TokenLifetimes, TokenStore } from "./token-store.ts";
import { DEFAULT_RETRY_DELAYS, WebhookSender } from "./webhook-sender.ts";
import { WebhookStore } from "./webhook-store.ts";

export interface PipelineOptions {
  port: number;
  host?: string;
  dataDir: string;
  /** The one application that is registered, with the addresses that it may return to. */
  client: OAuthClient;
  /** Personal access tokens of the demo's companies: `token` of the first (Ada's), `southToken` of the second (Grace's). */
  token?: string;
  southToken?: string;
  lifetimes?: Partial<TokenLifetimes>;
  requestsPerSecond?: number;
  /** Milliseconds between attempts to deliver a webhook. */
  retryDelays?: readonly number[];
  now?: () => number;
}

/** Starts the CRM of the demo. Its data is in `dataDir/pipeline.db`. */
export async function startPipeline(options: PipelineOptions): Promise<RunningServer> {
  const { client, now = Date.now } = options;
  const db = new Database(options.dataDir, "pipeline", SCHEMA);
  seedContacts(db);
  const sessions = new Sessions(db, "pipeline_session");
  const tokens = new TokenStore(db, { ...DEFAULT_LIFETIMES, ...options.lifetimes }, now);
  const given: Record<CompanyKey, string | undefined> = { north: options.token, south: options.southToken };
  for (const { key } of Object.values(COMPANIES)) if (given[key] || !tokens.personalToken(key)) tokens.setPersonalToken(key, given[key]);
  const webhooks = new WebhookStore(db);
  const sender = new WebhookSender(webhooks, options.retryDelays ?? DEFAULT_RETRY_DELAYS);
  const contacts = new ContactStore(db, (owner, contact) => {
    webhooks.enqueueContact(owner, contact);
    sender.wake();
  });

  let url = "";
  const origin = () => url;
  const buckets = new TokenBuckets(options.requestsPerSecond ?? 20, now);
  const app = new Hono()
    .route("/v1", apiRoutes({ contacts, tokens, webhooks, idempotency: new IdempotencyStore(db), buckets }))
    .route("/", publicFiles(new URL("./public/", import.meta.url), new URL("../http/public/", import.meta.url)))
    .use(pageHeaders)
    .use("/oauth/authorize", csrf())
    .route("/", oauthRoutes({ client, tokens, sessions, issuer: origin }))
    .use(csrf())
    .route("/", pageRoutes({ client, contacts, sessions, tokens, webhooks, origin }))
    .notFound((c) => c.html(messagePage("Not found", "There is no such page."), 404));

  const server = await listen({
    name: "Pipeline",
    port: options.port,
    host: options.host ?? "localhost",
    fetch: (request) => app.fetch(request),
  });
  url = server.url;
  sender.wake();
  const close = async () => {
    sender.stop();
    await server.close();
    db.close();
  };
  return { url, close };
}
