// What is asked about runs and due times where they are looked at, in the words of shared/api. Each rejects with `ApiError`, or `AbortError`.
import type { List } from "../../shared/api/list.ts";
import type { Run, RunDetail, RunRepeat, RunRetry, StepRun } from "../../shared/api/run.ts";
import type { Slot } from "../../shared/api/slot.ts";
import type { ApiClient } from "../api/client.ts";

const at = encodeURIComponent;

export const listRuns = (
  { transport }: ApiClient,
  integration: string,
  filter: { status?: string | undefined; limit: number; cursor?: string | undefined },
  signal?: AbortSignal,
): Promise<List<Run>> => transport.json(`/v1/integrations/${at(integration)}/runs`, { query: { ...filter }, signal });

/** `steps`: where its steps are read from on, `nextSteps` of the page before. */
export const readRun = ({ transport }: ApiClient, run: string, signal?: AbortSignal, steps?: string): Promise<RunDetail> =>
  transport.json(`/v1/runs/${at(run)}`, { query: { steps }, signal });

/** One step with all that went in and out. */
export const readStep = ({ transport }: ApiClient, run: string, path: string): Promise<StepRun> =>
  transport.json(`/v1/runs/${at(run)}/steps`, { query: { path } });

export const retryRun = ({ transport }: ApiClient, run: string, retry: RunRetry = {}): Promise<{ run: string }> =>
  transport.json(`/v1/runs/${at(run)}/retry`, { method: "POST", body: retry });

/** What a retry would do once more; `from`: the step that it begins with. */
export const readRepeat = ({ transport }: ApiClient, run: string, from?: string, signal?: AbortSignal): Promise<RunRepeat> =>
  transport.json(`/v1/runs/${at(run)}/repeat`, { query: { from }, signal });

/** How due times ended, latest first. */
export const listSlots = ({ transport }: ApiClient, integration: string, signal?: AbortSignal): Promise<List<Slot>> =>
  transport.json(`/v1/integrations/${at(integration)}/slots`, { query: { limit: 100 }, signal });

export const cancelRun = ({ transport }: ApiClient, run: string): Promise<Run> =>
  transport.json(`/v1/runs/${at(run)}/cancel`, { method: "POST" });
