import type { List } from "../../../shared/api/list.ts";
import type { RunRetried } from "../../../shared/api/run.ts";
import type { ErrorGroup, FailedRun } from "../../../shared/api/workspace-error.ts";
import { at, workspace } from "../app/api.ts";

export type { ErrorGroup, FailedRun };

export interface ErrorQuery {
  status?: string | undefined;
  flow?: string | undefined;
  class?: string | undefined;
  assignee?: string | undefined;
  search?: string | undefined;
}

/** A member, as far as errors are assigned to them. */
export interface MemberName {
  id: string;
  name: string;
}

export const listErrors = (query: ErrorQuery, cursor: string | undefined, signal: AbortSignal): Promise<List<ErrorGroup>> =>
  workspace("errors", { query: { ...query, limit: 100, cursor }, signal });
export const readError = (id: string, signal?: AbortSignal): Promise<ErrorGroup> => workspace(`errors/${at(id)}`, { signal });
export const patchError = (
  id: string,
  body: { status?: "open" | "resolved"; assignee?: string | null; tags?: string[]; runs?: string[] },
): Promise<ErrorGroup> => workspace(`errors/${at(id)}`, { method: "PATCH", body });
export const listFailed = (id: string, status: string, cursor: string | undefined, signal: AbortSignal): Promise<List<FailedRun>> =>
  workspace(`errors/${at(id)}/runs`, { query: { status, limit: 100, cursor }, signal });

/** Tries again those named, or every open run, page by page; `told` hears how many so far. */
export async function retryError(id: string, runs: string[] | undefined, told: (count: number) => void): Promise<RunRetried[]> {
  const ends: RunRetried[] = [];
  let cursor: string | null = null;
  do {
    const body: Record<string, unknown> = runs ? { runs } : { limit: 100, ...(cursor ? { cursor } : {}) };
    const headers = { "idempotency-key": crypto.randomUUID() };
    const page: List<RunRetried> = await workspace<List<RunRetried>>(`errors/${at(id)}/retry`, { method: "POST", body, headers });
    ends.push(...page.items);
    told(ends.length);
    cursor = page.nextCursor;
  } while (cursor);
  return ends;
}

export const listMembers = (signal?: AbortSignal): Promise<MemberName[]> =>
  workspace<List<MemberName>>("members", { query: { limit: 100 }, signal }).then(
    ({ items }) => items,
    () => [],
  );
