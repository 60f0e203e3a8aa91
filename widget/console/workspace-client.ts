import type { List } from "../../shared/api/list.ts";
import { ApiError } from "../api/api-error.ts";

/** What the console shows of a workspace; the rows of `GET /v1/workspace/…`. */
export interface Overview {
  workspace: { id: string; name: string };
  member: { name: string; role: string | null };
  flows: FlowRow[];
  apps: AppRow[];
  users: Counted;
  integrations: IntegrationRow[];
  /** Whether there are more integrations than `integrations` holds. */
  hasMoreIntegrations: boolean;
}

export interface Counted {
  count: number;
  /** Whether `count` is only what fits one page. */
  isPartial: boolean;
}

export interface FlowRow {
  key: string;
  name: string;
  description: string;
  category: string | null;
  tags: string[];
  audience: "everyone" | "beta" | "nobody";
  /** The published version, null where there is none. */
  version: number | null;
  integrations: number;
  updatedAt: string;
}

export interface AppRow {
  key: string;
  name: string;
  queries: string[];
  actions: string[];
  triggers: string[];
}

export interface IntegrationRow {
  id: string;
  flow: string;
  name: string;
  user: string;
  org: string | null;
  status: "enabled" | "disabled" | "needs_attention";
  updatedAt: string;
}

async function read<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { credentials: "same-origin", headers: { accept: "application/json" }, signal }).catch(
    (error: unknown) => {
      if (signal.aborted) throw error;
      throw new ApiError("network", "The server cannot be reached. Check that it runs, then try again.", 0);
    },
  );
  if (!response.ok) throw await ApiError.of(response);
  return response.json();
}

/** Reads the overview with the member's session. Rejects with `ApiError`: `unauthenticated` where nobody is signed in. */
export async function readOverview(signal: AbortSignal): Promise<Overview> {
  const list = <T>(path: string) => read<List<T>>(`/v1/workspace/${path}?limit=100`, signal);
  const [me, flows, apps, users, integrations] = await Promise.all([
    read<Pick<Overview, "workspace" | "member">>("/v1/workspace", signal),
    list<FlowRow>("flows"),
    list<AppRow>("apps"),
    list<unknown>("users"),
    list<IntegrationRow>("integrations"),
  ]);
  return {
    ...me,
    flows: flows.items,
    apps: apps.items,
    users: { count: users.items.length, isPartial: users.nextCursor !== null },
    integrations: integrations.items,
    hasMoreIntegrations: integrations.nextCursor !== null,
  };
}
