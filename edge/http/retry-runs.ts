import type { RunRetried } from "../../shared/api/run.ts";
import type { Env } from "../env.ts";
import { logFault } from "../security/log-line.ts";
import { ProblemError } from "./problem.ts";
import { findMemberRun, started } from "./run-requests.ts";

/** Tries finished runs of the workspace again, one after the other. One that is refused keeps no other from it. */
export async function retryMany(
  env: Env,
  workspace: string,
  runs: readonly string[],
  options: { from?: string; input?: unknown },
): Promise<RunRetried[]> {
  const items: RunRetried[] = [];
  for (const run of new Set(runs)) items.push(await retryOne(env, workspace, run, options));
  await noteRetries(
    env,
    workspace,
    items.flatMap(({ run, started }) => (started === undefined ? [] : [{ run, started }])),
  );
  return items;
}

async function retryOne(env: Env, workspace: string, run: string, options: { from?: string; input?: unknown }): Promise<RunRetried> {
  try {
    const { object } = await findMemberRun(env, workspace, run);
    return { run, started: started(await object.retryRun(run, options)).run };
  } catch (error) {
    if (error instanceof ProblemError) return { run, code: error.code, message: error.message };
    throw error;
  }
}

/** Tells the workspace's ledger which runs try which others again, so that success resolves the error. What is not told changes no run. */
export async function noteRetries(env: Env, workspace: string, retries: { run: string; started: string }[]): Promise<void> {
  if (!retries.length) return;
  try {
    await env.LEDGERS.getByName(workspace).noteRetries(retries);
  } catch (error) {
    // The error stays open then, until a member resolves it.
    logFault("retries not noted", { workspace, error });
  }
}
