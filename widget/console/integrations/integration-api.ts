import type { Integration } from "../../../shared/api/integration.ts";
import type { List } from "../../../shared/api/list.ts";
import type { RunStatus } from "../../../shared/api/run.ts";
import { at, workspace } from "../app/api.ts";

/** An integration as `GET /v1/workspace/integrations` lists it. */
export interface IntegrationRow {
  id: string;
  flow: string;
  name: string;
  version: number;
  user: string;
  org: string | null;
  status: "enabled" | "disabled" | "needs_attention";
  updatedAt: string;
  lastRun: { id: string; status: RunStatus; acceptedAt: string } | null;
  /** Of all its runs that have ended. */
  tasks: number;
}

/** One integration with whose it is. */
export type MemberIntegration = Integration & { user: { id: string; externalId: string; name: string | null; org: string | null } };

export interface IntegrationFilter {
  flow?: string | undefined;
  user?: string | undefined;
  status?: string | undefined;
}

export const listIntegrations = (
  filter: IntegrationFilter,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<List<IntegrationRow>> => workspace("integrations", { query: { ...filter, limit: 100, cursor }, signal });
export const readIntegration = (id: string, signal?: AbortSignal): Promise<MemberIntegration> =>
  workspace(`integrations/${at(id)}`, { signal });
export const patchIntegration = (id: string, body: { enabled?: boolean; name?: string }): Promise<MemberIntegration> =>
  workspace(`integrations/${at(id)}`, { method: "PATCH", body });
export const upgradeIntegration = (id: string): Promise<MemberIntegration> =>
  workspace(`integrations/${at(id)}/upgrade`, { method: "POST", body: {} });
export const removeIntegration = (id: string): Promise<void> => workspace(`integrations/${at(id)}`, { method: "DELETE" });
export const runBlock = (id: string, block: string): Promise<{ run: string }> =>
  workspace(`integrations/${at(id)}/blocks/${at(block)}/run`, { method: "POST", body: {} });
