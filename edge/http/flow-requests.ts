// What the workspace's routes of flows share.
import type { Context } from "hono";
import type { FileFault, FlowInfo, FlowRow } from "../../shared/api/workspace-flow.ts";
import { findSecrets } from "../../shared/flow/find-secrets.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { placeFaults, readFile } from "../../shared/flow/read-file.ts";
import { loadApps } from "../db/app-files.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { findFlow, findVersion, isBinned } from "../db/flow-files.ts";
import { findListedFlow, type ListedFlowRow } from "../db/flow-list.ts";
import { countVersions } from "../db/flow-versions.ts";
import type { FlowRow as StoredFlow } from "../db/published-flows.ts";
import { checkFlow } from "../engine/check-flow.ts";
import type { AppEnv } from "./app-env.ts";
import { iconUrl } from "./icon-url.ts";
import { ProblemError } from "./problem.ts";

/** The flow with this key in the member's workspace, or a refusal. */
export async function theFlow(db: Catalogue, workspace: string, key: string): Promise<StoredFlow> {
  const flow = await findFlow(db, workspace, key);
  if (flow) return flow;
  if (await isBinned(db, workspace, key))
    throw new ProblemError("not_found", "This flow is in the recycle bin. Restore it first: POST /v1/workspace/bin/{flow}/restore.");
  throw new ProblemError("not_found", "There is no flow with this key in the workspace.");
}

/** Refuses a key that a flow in the recycle bin still has. */
export async function refuseBinned(db: Catalogue, workspace: string, key: string): Promise<void> {
  if (await isBinned(db, workspace, key))
    throw new ProblemError("conflict", `A flow “${key}” is in the recycle bin. Restore it, remove it for good, or use another key.`);
}

/** Reads a flow file and checks it against the workspace's apps. Every fault that keeps it from being published, at its place. */
export async function checkSource(
  db: Catalogue,
  workspace: string,
  source: string,
): Promise<{ file: FlowFile | undefined; faults: FileFault[] }> {
  const result = readFile(source, FlowFile);
  if (!result.ok) return { file: undefined, faults: result.faults };
  const slots = Object.values(result.value.accounts).map(({ app }) => app);
  const faults = checkFlow(result.value, await loadApps(db, workspace, slots));
  return { file: result.value, faults: [...placeFaults(source, faults), ...secretFaults(source)] };
}

/** Versions never change and are read by many: no credential goes into one. */
const secretFaults = (source: string): FileFault[] =>
  findSecrets(source).map(({ kind, line, column }) => ({
    ...{ code: "secret", path: "", line, column },
    message: `This looks like ${kind}. Make it a secret of the workspace, or a field of an account`,
  }));

export interface VersionText {
  /** `draft`, or the version's number. */
  name: string;
  source: string;
}

/** The text of a version, by its number, `published` or `draft`. Refuses with `not_found`. */
export async function readVersion(db: Catalogue, workspace: string, flow: StoredFlow, name: string): Promise<VersionText> {
  if (name === "draft" && flow.draft !== null) return { name, source: flow.draft };
  const number = name === "published" ? flow.published : /^\d{1,9}$/.test(name) ? Number(name) : null;
  const version = number === null ? undefined : await findVersion(db, workspace, flow.id, number);
  if (!version) throw new ProblemError("not_found", `The flow has no version “${name}”. Use a number, “published” or “draft”.`);
  return { name: String(version.number), source: version.source };
}

/** The revision of a draft as a strong ETag. */
export const draftTag = (revision: number) => `"${revision.toString(36)}.draft"`;

/** Refuses with 412, and with the draft as it is now, where `If-Match` names another revision. So what both have done can be merged. */
export function checkDraftMatch(c: Context<AppEnv>, flow: StoredFlow): void {
  const wanted = c.req.header("if-match")?.trim();
  if (wanted === undefined || wanted === "*") return;
  const tags = wanted.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (!tags.includes(draftTag(flow.revision))) throw draftChanged(flow);
}

/** The refusal of a change to a draft that somebody else has changed meanwhile: it carries the draft as it is now, and its ETag. */
export const draftChanged = (flow: StoredFlow) =>
  new ProblemError("precondition_failed", "Somebody else has changed the draft since you read it. Merge the two, then save again.", {
    headers: { etag: draftTag(flow.revision) },
    more: { current: flow.draft ?? "", etag: draftTag(flow.revision), revision: flow.revision },
  });

/** What lists show beyond the catalogue's row. */
export interface ListContext {
  publicUrl: string;
  workspace: string;
  appNames: Map<string, { name: string; icon: string | null }>;
  /** Open errors by flow key. */
  openErrors: ReadonlyMap<string, number>;
}

/** A flow of the list, as it is answered. */
export function toFlowRow(row: ListedFlowRow, { publicUrl, workspace, appNames, openErrors }: ListContext): FlowRow {
  return {
    ...row,
    icon: iconUrl(publicUrl, workspace, row.icon),
    apps: row.apps.map((key) => ({
      key,
      name: appNames.get(key)?.name ?? key,
      icon: iconUrl(publicUrl, workspace, appNames.get(key)?.icon),
    })),
    openErrors: openErrors.get(row.key) ?? 0,
  };
}

/** One flow with its draft and versions. */
export async function toFlowInfo(db: Catalogue, flow: StoredFlow, context: ListContext): Promise<FlowInfo> {
  const { workspace } = context;
  const [listed, versions, published] = await Promise.all([
    findListedFlow(db, workspace, flow.key),
    countVersions(db, workspace, flow.id),
    flow.published === null ? undefined : findVersion(db, workspace, flow.id, flow.published),
  ]);
  if (!listed) throw new ProblemError("not_found", "There is no flow with this key in the workspace.");
  return {
    ...toFlowRow(listed, context),
    draft: { revision: flow.revision, changed: flow.draft !== null && flow.draft !== published?.source },
    versions,
    forkedFrom: flow.forkedFrom,
    deletedAt: flow.deletedAt === null ? null : new Date(flow.deletedAt).toISOString(),
  };
}

/** Tells open marketplaces that a flow has changed. */
export async function announceFlow(env: AppEnv["Bindings"], workspace: string, key: string): Promise<void> {
  await env.LEDGERS.getByName(workspace).publish([{ user: null, message: { type: "flow", flow: { key } } }]);
}
