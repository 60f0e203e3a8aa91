import { Hono } from "hono";
import { csrf } from "hono/csrf";
import { Database } from "../data/database.ts";
import { COMPANIES, type CompanyKey } from "../data/people.ts";
import { listen, type RunningServer } from "../http/listen.ts";
import { pageHeaders } from "../http/page-headers.ts";
import { publicFiles } from "../http/public-files.ts";
import { Sessions } from "../http/sessions.ts";
import { apiRoutes } from "./api-routes.ts";
import { AudienceStore } from "./audience-store.ts";
import { KeyStore } from "./key-store.ts";
import { pageRoutes } from "./page-routes.ts";
import { messagePage } from "./pages/message-page.ts";
import { RequestLog } from "./request-log.ts";
import { SCHEMA } from "./schema.ts";
import { seedAudiences } from "./seed-audiences.ts";
import { SlidingWindow } from "./sliding-window.ts";

export interface PostboxOptions {
  port: number;
  host?: string;
  dataDir: string;
  /** API keys of the demo's companies: `key` of the first (Ada's), `southKey` of the second (Grace's). */
  key?: string;
  southKey?: string;
  requestsPerSecond?: number;
  now?: () => number;
}

/** Starts the newsletter service of the demo. Its data is in `dataDir/postbox.db`. Throws on a key of the wrong format. */
export async function startPostbox(options: PostboxOptions): Promise<RunningServer> {
  const db = new Database(options.dataDir, "postbox", SCHEMA);
  seedAudiences(db);
  const keys = new KeyStore(db);
  const given: Record<CompanyKey, string | undefined> = { north: options.key, south: options.southKey };
  for (const { key } of Object.values(COMPANIES)) if (given[key] || !keys.keyOf(key)) keys.replace(key, given[key]);
  const audiences = new AudienceStore(db);
  const sessions = new Sessions(db, "postbox_session");
  const log = new RequestLog(db);
  const requestsPerSecond = options.requestsPerSecond ?? 5;
  const window = new SlidingWindow(requestsPerSecond, 1000, options.now);

  let url = "";
  const app = new Hono()
    .route("/3.0", apiRoutes({ audiences, keys, log, window }))
    .route("/", publicFiles(new URL("./public/", import.meta.url), new URL("../http/public/", import.meta.url)))
    .use(pageHeaders, csrf())
    .route("/", pageRoutes({ audiences, keys, log, sessions, requestsPerSecond, origin: () => url }))
    .notFound((c) => c.html(messagePage("Not found", "There is no such page."), 404));

  const server = await listen({
    name: "Postbox",
    port: options.port,
    host: options.host ?? "localhost",
    fetch: (request) => app.fetch(request),
  });
  url = server.url;
  const close = async () => {
    await server.close();
    db.close();
  };
  return { url, close };
}
