import { Database } from "../data/database.ts";
import { listen, type RunningServer } from "../http/listen.ts";
import { BookStore } from "./book-store.ts";
import { ConfigFile } from "./config-file.ts";
import { EventOutbox } from "./event-outbox.ts";
import { ledgerlyRoutes } from "./routes.ts";
import { SCHEMA } from "./schema.ts";
import { seedBooks } from "./seed-books.ts";

export interface LedgerlyOptions {
  port: number;
  host?: string;
  dataDir: string;
  /** Path of the JSON file with `{edgeUrl, workspaceId, kid, privateJwk, apiToken}`; it may come later and may change. */
  configFile: string;
  /** Milliseconds until an event that did not reach Inlay is sent again. */
  retryMs?: number;
}

/** Starts the host app of the demo. Its data is in `dataDir/ledgerly.db`. */
export async function startLedgerly(options: LedgerlyOptions): Promise<RunningServer> {
  const db = new Database(options.dataDir, "ledgerly", SCHEMA);
  seedBooks(db);
  const config = new ConfigFile(options.configFile);
  const outbox = new EventOutbox(db, config, options.retryMs);
  const app = ledgerlyRoutes({ db, books: new BookStore(db), config, outbox });
  const server = await listen({
    name: "Ledgerly",
    port: options.port,
    host: options.host ?? "localhost",
    fetch: (request) => app.fetch(request),
  });
  outbox.resume();
  const close = async () => {
    outbox.stop();
    await server.close();
    db.close();
  };
  return { url: server.url, close };
}
