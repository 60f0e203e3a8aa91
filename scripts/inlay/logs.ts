import type { Run, RunDetail } from "../../shared/api/run.ts";
import { RUN_STATUSES } from "../../shared/api/run.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { UsageError } from "./command.ts";
import { hasEnded, printRun, readRun, runLine, stepLines } from "./print-run.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

export interface LogOptions {
  flow?: string | undefined;
  block?: string | undefined;
  integration?: string | undefined;
  user?: string | undefined;
  status?: string | undefined;
  since?: string | undefined;
  limit?: string | undefined;
  follow?: boolean | undefined;
  json?: boolean | undefined;
}

const PAUSE = 1_000;
const PAGE = 100;
/** How far back (ms) a follower looks for runs that are not over. */
const LOOK_BACK = 15 * 60_000;

/** Which runs are listed. `status` holds of the list alone; the rest of the filter is the API's. */
export interface RunFilter {
  filter: URLSearchParams;
  status: Run["status"] | undefined;
  limit: number;
}

/** Reads the options of a list. Throws `UsageError` where they make no sense. */
export function readFilter({ flow, block, integration, user, status, since, limit: most = "20" }: LogOptions): RunFilter {
  const limit = Number(most);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new UsageError("--limit is a number between 1 and 1000.");
  const known = RUN_STATUSES.find((one) => one === status);
  if (status !== undefined && !known) throw new UsageError(`--status is one of ${RUN_STATUSES.join(", ")}.`);
  const given = Object.entries({ flow, block, integration, user, from: sinceOf(since) });
  return {
    filter: new URLSearchParams(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    status: known,
    limit,
  };
}

/** Prints runs, oldest first, and with `follow` those that come and how they end, until `isOver`. */
export async function listRuns(
  access: WorkspaceAccess,
  { filter, status, limit }: RunFilter,
  { follow, json }: LogOptions,
  isOver: () => boolean = () => false,
): Promise<void> {
  const print = (run: Run) => console.log(json ? JSON.stringify(run) : runLine(run));
  const seen = new Map<string, Run["status"]>();
  const wanted = new URLSearchParams(filter);
  if (status) wanted.set("status", status);
  const first = await readRuns(access, wanted, limit);
  for (const run of first.reverse()) {
    seen.set(run.id, run.status);
    print(run);
  }
  const began = Date.now();
  while (follow && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const recent = new URLSearchParams(filter);
    recent.set("from", new Date(Date.now() - LOOK_BACK).toISOString());
    for (const run of (await readRuns(access, recent, 1_000)).reverse()) {
      const isNew = seen.get(run.id) !== run.status;
      const wasThere = seen.has(run.id) || Date.parse(run.acceptedAt) >= began - PAUSE || !hasEnded(run);
      seen.set(run.id, run.status);
      if (isNew && wasThere && (!status || run.status === status)) print(run);
    }
  }
}

/** Prints one run with its steps; with `follow` each step as it ends, until the run has. False where it failed or was canceled. */
export async function showRun(access: WorkspaceAccess, id: string, { follow, json }: LogOptions): Promise<boolean> {
  let run = await readRun(access, id);
  if (follow && !hasEnded(run)) run = await followRun(access, run, json === true);
  else if (json) console.log(JSON.stringify(run, null, 2));
  else printRun(run);
  return run.status !== "failed" && run.status !== "canceled";
}

async function followRun(access: WorkspaceAccess, first: RunDetail, json: boolean): Promise<RunDetail> {
  const shown = new Map<string, string>();
  for (let run = first; ; run = await readRun(access, first.id)) {
    for (const step of run.steps) {
      if (shown.get(step.path) === `${step.status} ${step.attempts}`) continue;
      shown.set(step.path, `${step.status} ${step.attempts}`);
      if (json) console.log(JSON.stringify(step));
      else for (const line of stepLines(step)) console.log(line);
    }
    if (hasEnded(run)) {
      console.log(json ? JSON.stringify({ ...run, steps: undefined }) : runLine(run));
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Newest first, at most `limit`. */
async function readRuns(access: WorkspaceAccess, filter: URLSearchParams, limit: number): Promise<Run[]> {
  const runs: Run[] = [];
  let cursor: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams(filter);
    query.set("limit", String(Math.min(PAGE, limit - runs.length)));
    if (cursor !== null) query.set("cursor", cursor);
    const page: { items: Run[]; nextCursor: string | null } = await access.json(`/runs?${query}`);
    runs.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && runs.length < limit);
  return runs;
}

/** A time in ISO 8601, or how long ago. */
function sinceOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const ago = parseDuration(given);
  const at = ago === undefined ? Date.parse(given) : Date.now() - ago;
  if (Number.isNaN(at)) throw new UsageError(`--since is a time in ISO 8601, or a duration such as 30m, not “${given}”.`);
  return new Date(at).toISOString();
}
