import type { List } from "../../../shared/api/list.ts";
import type { Run, RunDetail, RunRepeat, RunRetried, RunRetry, StepRun } from "../../../shared/api/run.ts";
import { at, workspace } from "../app/api.ts";

export interface RunFilter {
  status?: string | undefined;
  flow?: string | undefined;
  integration?: string | undefined;
  user?: string | undefined;
  block?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const newKey = () => ({ "idempotency-key": crypto.randomUUID() });

export const listRuns = (filter: RunFilter, cursor: string | undefined, signal: AbortSignal, limit = 100): Promise<List<Run>> =>
  workspace("runs", { query: { ...filter, limit, cursor }, signal });

/** `steps`: `nextSteps` of the page before. */
export const readRun = (run: string, signal?: AbortSignal, steps?: string): Promise<RunDetail> =>
  workspace(`runs/${at(run)}`, { query: { steps }, signal });

export const readStep = (run: string, path: string): Promise<StepRun> => workspace(`runs/${at(run)}/steps`, { query: { path } });

/** What a retry would repeat, said beforehand. */
export const readRepeat = (run: string, from: string | undefined, isEdited: boolean, signal?: AbortSignal): Promise<RunRepeat> =>
  workspace(`runs/${at(run)}/repeat`, { query: { from, edited: isEdited || undefined }, signal });

export const retryRun = (run: string, retry: RunRetry): Promise<{ run: string }> =>
  workspace(`runs/${at(run)}/retry`, { method: "POST", body: retry, headers: newKey() });

export const cancelRun = (run: string): Promise<Run> => workspace(`runs/${at(run)}/cancel`, { method: "POST" });

/** Retries any number of runs, a hundred at a time. */
export async function retryRuns(runs: readonly string[], retry: RunRetry = {}): Promise<RunRetried[]> {
  const ends: RunRetried[] = [];
  for (let first = 0; first < runs.length; first += 100) {
    const body = { ...retry, runs: runs.slice(first, first + 100) };
    const { items } = await workspace<{ items: RunRetried[] }>("runs/retry", { method: "POST", body, headers: newKey() });
    ends.push(...items);
  }
  return ends;
}
