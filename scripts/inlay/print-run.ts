import type { Run, RunDetail, StepRun } from "../../shared/api/run.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

/** Statuses that a run stays in. */
const ENDED: ReadonlySet<Run["status"]> = new Set(["succeeded", "failed", "stopped", "canceled"]);
export const hasEnded = ({ status }: Pick<Run, "status">): boolean => ENDED.has(status);

const shownTime = (iso: string) => iso.replace("T", " ").replace(/\.\d+Z$/, "Z");

function lasted({ startedAt, endedAt }: { startedAt: string | null; endedAt: string | null }): string {
  if (startedAt === null || endedAt === null) return "";
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A run in one line. */
export function runLine(run: Run): string {
  const why = run.error ? `${run.error.step === undefined ? "" : `${run.error.step}: `}${run.error.message}` : (run.reason ?? "");
  const line = [shownTime(run.acceptedAt), run.status.padEnd(9), `${run.flow}/${run.block}`.padEnd(36), lasted(run).padStart(8), run.id];
  return `${line.join("  ")}${why && `  ${why}`}`;
}

/** A step in one line; what it printed and its error stand in further ones. */
export function stepLines(step: StepRun): string[] {
  const { path, type, status, attempts, request, response, error, logs = [] } = step;
  const call = request ? `  ${request.method} ${request.url}${response ? ` → ${response.status}` : ""}` : "";
  const again = attempts > 1 ? `  ${attempts} attempts` : "";
  const first = `  ${status.padEnd(9)} ${path} (${type})  ${lasted(step)}${again}${call}`.trimEnd();
  return [first, ...logs.map((line) => `            ${line}`), ...(error ? [`            ${error.message} (${error.code})`] : [])];
}

/** A run with all its steps. */
export async function readRun(access: WorkspaceAccess, id: string): Promise<RunDetail> {
  const path = `/runs/${encodeURIComponent(id)}`;
  const run = await access.json<RunDetail>(path);
  const steps = [...run.steps];
  for (let next = run.nextSteps; next !== undefined; ) {
    const page = await access.json<RunDetail>(`${path}?steps=${encodeURIComponent(next)}`);
    steps.push(...page.steps);
    next = page.nextSteps;
  }
  const { nextSteps: _, ...whole } = run;
  return { ...whole, steps };
}

/** Prints a run, its steps, and what came out of it. */
export function printRun(run: RunDetail): void {
  console.log(runLine(run));
  for (const step of run.steps) for (const line of stepLines(step)) console.log(line);
  if (run.stepsLeftOut) console.log("  … further steps that only compute are left out");
  if (run.output !== undefined && run.output !== null) console.log(`output: ${JSON.stringify(run.output, null, 2)}`);
}
