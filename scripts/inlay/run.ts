import type { Run } from "../../shared/api/run.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { CommandError } from "../edge-access.ts";
import { UsageError } from "./command.ts";
import { findIntegration } from "./find-integration.ts";
import { readJson } from "./json-input.ts";
import { hasEnded, printRun, readRun } from "./print-run.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

export interface RunOptions {
  user?: string | undefined;
  input?: string | undefined;
  noWait?: boolean | undefined;
  timeout?: string | undefined;
  json?: boolean | undefined;
}

const PATIENCE = "5m";
/** ms between two looks: short at first, for most runs are. */
const FIRST = 150;
const LONGEST = 2_000;

/** Starts `block` of an integration and waits until the run has ended. False where it failed or was canceled. */
export async function runBlockNow(access: WorkspaceAccess, integration: string, block: string, options: RunOptions): Promise<boolean> {
  const patience = parseDuration(options.timeout ?? PATIENCE);
  if (patience === undefined) throw new UsageError(`--timeout is a duration such as 30s or 5m, not “${options.timeout}”.`);
  const input = await readJson(options.input);
  const id = await findIntegration(access, integration, options.user);
  const body = { text: JSON.stringify(input === undefined ? {} : { input }), type: "application/json" };
  const { text } = await access.ask("POST", `/integrations/${encodeURIComponent(id)}/blocks/${encodeURIComponent(block)}/run`, body);
  const { run } = JSON.parse(text) as { run: string };
  if (options.noWait) {
    console.log(options.json ? JSON.stringify({ run }) : run);
    return true;
  }
  await waitFor(access, run, patience);
  const ended = await readRun(access, run);
  if (options.json) console.log(JSON.stringify(ended, null, 2));
  else printRun(ended);
  return ended.status === "succeeded" || ended.status === "stopped";
}

/** Resolves when the run has ended. Throws `CommandError` where that takes longer than `patience` (ms). */
async function waitFor(access: WorkspaceAccess, run: string, patience: number): Promise<void> {
  const until = Date.now() + patience;
  for (let pause = FIRST; ; pause = Math.min(pause * 1.5, LONGEST)) {
    const now = await access.json<Run>(`/runs/${encodeURIComponent(run)}`);
    if (hasEnded(now)) return;
    if (Date.now() + pause > until)
      throw new CommandError(`${run} is not over yet${now.reason ? `: ${now.reason}` : ""}. Follow it: inlay logs ${run} --follow`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
