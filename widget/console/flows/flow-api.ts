import type {
  FileFault,
  FlowComparison,
  FlowInfo,
  FlowRow,
  FlowVersion,
  Template,
  UpgradeGroup,
} from "../../../shared/api/workspace-flow.ts";
import { ApiError } from "../../api/api-error.ts";
import { ask, at, listAll, send, workspace } from "../app/api.ts";

export type { FileFault, FlowComparison, FlowInfo, FlowRow, FlowVersion, Template };

/** What an upgrade of all integrations asks of their users, by the version that they are on. */
export interface UpgradePlan {
  to: number;
  groups: UpgradeGroup[];
}

/** All flows of the workspace. */
export const readFlows = (signal?: AbortSignal): Promise<FlowRow[]> => listAll<FlowRow>("flows", { limit: 500 }, signal);
export const readFlow = (flow: string, signal?: AbortSignal): Promise<FlowInfo> => workspace(`flows/${at(flow)}`, { signal });
export const listVersions = (flow: string, signal?: AbortSignal): Promise<FlowVersion[]> =>
  listAll<FlowVersion>(`flows/${at(flow)}/versions`, {}, signal);

/** A text with the ETag of its revision. */
export interface Revision {
  text: string;
  etag: string;
}

export async function readDraft(flow: string, signal?: AbortSignal): Promise<Revision> {
  const response = await send(`workspace/flows/${at(flow)}/file`, { signal });
  return { text: await response.text(), etag: response.headers.get("etag") ?? "" };
}

export type Saved = { kind: "saved"; etag: string; faults: FileFault[] } | { kind: "conflict"; theirs: Revision };

/** Stores the draft as it is written, where it is still the one of `etag`; else answers what somebody else made of it. */
export async function saveDraft(flow: string, text: string, etag: string): Promise<Saved> {
  const url = `/v1/workspace/flows/${at(flow)}/file`;
  const headers = { "content-type": "application/yaml", ...(etag ? { "if-match": etag } : {}) };
  const response = await fetch(url, { method: "PUT", body: text, headers, credentials: "same-origin" }).catch(() => {
    throw new ApiError("network", "The server cannot be reached.", 0);
  });
  if (response.status === 412) {
    const { current = "", etag: newest = "" }: { current?: string; etag?: string } = await response.json();
    return { kind: "conflict", theirs: { text: current, etag: newest } };
  }
  if (!response.ok) throw await ApiError.of(response);
  const { faults }: { faults: FileFault[] } = await response.json();
  return { kind: "saved", etag: response.headers.get("etag") ?? "", faults };
}

/** What is wrong with a file, without storing it. */
export const checkFile = (kind: "flow" | "app", text: string): Promise<{ key: string | null; faults: FileFault[] }> =>
  workspace("validate", { method: "POST", query: { kind }, text });

export const publishDraft = (flow: string, etag: string, note: string, labels: string[]): Promise<{ version: number }> =>
  workspace(`flows/${at(flow)}/versions`, {
    method: "POST",
    body: { ...(note ? { note } : {}), ...(labels.length ? { labels } : {}) },
    headers: etag ? { "if-match": etag } : {},
  });

export const setPublished = (flow: string, published: number | null): Promise<unknown> =>
  workspace(`flows/${at(flow)}`, { method: "PATCH", body: { published } });
export const moveToFolder = (flow: string, folder: string | null): Promise<unknown> =>
  workspace(`flows/${at(flow)}`, { method: "PATCH", body: { folder } });
export const patchVersion = (
  flow: string,
  version: number,
  body: { available?: boolean; labels?: string[]; note?: string | null },
): Promise<FlowVersion> => workspace(`flows/${at(flow)}/versions/${version}`, { method: "PATCH", body });
/** Makes a version's file the draft, where that is still the one of `etag`. */
export const restoreVersion = (flow: string, version: number, etag: string): Promise<unknown> =>
  workspace(`flows/${at(flow)}/versions/${version}/restore`, { method: "POST", headers: { "if-match": etag } });

/** A version's text; the draft's and the published one's by those names. */
export const readVersionText = async (flow: string, version: string, signal?: AbortSignal): Promise<string> =>
  version === "draft"
    ? (await readDraft(flow, signal)).text
    : (await send(`workspace/flows/${at(flow)}/versions/${at(version)}/file`, { signal })).text();

export const readUpgradePlan = (flow: string, signal?: AbortSignal): Promise<UpgradePlan> =>
  workspace(`flows/${at(flow)}/upgrade`, { signal });

/** How an upgrade of many ended. */
export interface UpgradeEnd {
  integration: string;
  upgraded: boolean;
  message?: string;
}

/** Upgrades those named, or all; page by page. */
export async function upgradeIntegrations(flow: string, integrations?: string[]): Promise<UpgradeEnd[]> {
  const ends: UpgradeEnd[] = [];
  let cursor: string | undefined;
  do {
    const body = integrations ? { integrations } : { limit: 50, ...(cursor ? { cursor } : {}) };
    const page = await workspace<{ items: UpgradeEnd[]; nextCursor: string | null }>(`flows/${at(flow)}/upgrade`, { method: "POST", body });
    ends.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ends;
}

/** Stores a flow file; refuses a key that is taken. */
export const createFlow = (text: string): Promise<{ key: string }> =>
  workspace("flows", { method: "POST", text, headers: { "if-none-match": "*" } });

/** The JSON Schema of flow or app files. */
export const readSchema = (kind: "flow" | "app", signal?: AbortSignal): Promise<Record<string, unknown>> =>
  ask(`schema/${kind}.json`, { signal });

/** Why an integration was not upgraded, by the names of what is missing. */
export const whyKept = (message = ""): string => message.replaceAll(/(^| · )(?:values|accounts)\./g, "$1");
