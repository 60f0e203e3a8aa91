import type { AppDetail, AppSummary } from "../../shared/api/flow.ts";
import { ApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";

/** An app that some flow of the user's lets them connect, with the flow that tells how. */
export interface ConnectableApp extends AppSummary {
  flow: string;
}

/** The apps that the user's flows ask an account of, by name. */
export async function listConnectableApps(client: ApiClient, signal?: AbortSignal): Promise<ConnectableApp[]> {
  const apps = new Map<string, ConnectableApp>();
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await client.listFlows({ cursor, limit: 100 }, signal);
    for (const flow of items) {
      const needed = new Set(flow.accounts.map(({ app }) => app));
      for (const app of flow.apps) if (needed.has(app.key) && !apps.has(app.key)) apps.set(app.key, { ...app, flow: flow.key });
    }
    cursor = nextCursor ?? undefined;
  } while (cursor);
  return [...apps.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** How `app` is connected; `ApiError` `not_found` where no flow of the user's uses it. */
export async function findApp(client: ApiClient, app: string, signal?: AbortSignal): Promise<AppDetail> {
  const known = (await listConnectableApps(client, signal)).find(({ key }) => key === app);
  const detail = known && (await client.readFlow(known.flow, signal)).appDetails.find(({ key }) => key === app);
  if (!detail) throw new ApiError("not_found", `No integration here uses the app “${app}”`, 404);
  return detail;
}
