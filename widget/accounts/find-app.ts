import type { AppDetail, AppSummary } from "../../shared/api/flow.ts";
import { ApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";

/** An app that some flow of the user's lets them connect, with the flow that tells how. */
export interface ConnectableApp extends AppSummary {
  flow: string;
}

/** The apps that the user's flows ask an account of, by name: what is known of them after each page of flows, the whole list last. */
export async function* findConnectableApps(client: ApiClient, signal?: AbortSignal): AsyncGenerator<ConnectableApp[], void> {
  const apps = new Map<string, ConnectableApp>();
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await client.listFlows({ cursor, limit: 100 }, signal);
    for (const flow of items) {
      const needed = new Set(flow.accounts.map(({ app }) => app));
      for (const app of flow.apps) if (needed.has(app.key) && !apps.has(app.key)) apps.set(app.key, { ...app, flow: flow.key });
    }
    cursor = nextCursor ?? undefined;
    yield [...apps.values()].sort((a, b) => a.name.localeCompare(b.name));
  } while (cursor);
}

/** How `app` is connected; `ApiError` `not_found` where no flow of the user's uses it. */
export async function findApp(client: ApiClient, app: string, signal?: AbortSignal): Promise<AppDetail> {
  for await (const apps of findConnectableApps(client, signal)) {
    const known = apps.find(({ key }) => key === app);
    const detail = known && (await client.readFlow(known.flow, signal)).appDetails.find(({ key }) => key === app);
    if (detail) return detail;
  }
  throw new ApiError("not_found", `No integration here uses the app “${app}”`, 404);
}
