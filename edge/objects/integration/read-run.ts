import type { RunDetail, RunError, StepRun } from "../../../shared/api/run.ts";
import { type TraceEntry, toStepRun } from "../../engine/journal.ts";
import { maskDeep } from "./mask-deep.ts";
import type { Parts } from "./parts.ts";
import { orderSteps, toRun } from "./run-view.ts";

/** One run with its steps, secrets masked; null where there is none such. */
export async function readRun(parts: Parts, id: string): Promise<RunDetail | null> {
  const row = parts.runs.read(id);
  const config = row && parts.configs.read(row.config);
  if (!row || !config) return null;
  const effects = new Map(
    parts.runs
      .journal(id)
      .entries()
      .map((entry): [string, StepRun] => [entry.path, toStepRun(entry)]),
  );
  const trace = row.trace === null ? [] : (JSON.parse(row.trace) as TraceEntry[]);
  const { secrets } = config.secretFields.length ? await parts.configs.open(row.config) : { secrets: [] };
  const detail: RunDetail = {
    ...toRun(row, config.id, config.flow.key, config.version),
    input: maskHeaders(JSON.parse(row.input)),
    ...(row.output === null ? {} : { output: JSON.parse(row.output) }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as RunError }),
    steps: orderSteps(trace, effects),
  };
  return maskDeep(detail, secrets);
}

const SECRET_HEADERS = /^(?:authorization|proxy-authorization|cookie|x-api-key|.*(?:token|secret|signature).*)$/i;

/** Headers of a call that prove who sent it are no business of the log. */
function maskHeaders(input: unknown): unknown {
  if (input === null || typeof input !== "object" || !("headers" in input) || input.headers === null || typeof input.headers !== "object")
    return input;
  const headers = Object.entries(input.headers).map(([name, value]) => [name, SECRET_HEADERS.test(name) ? "•••" : value]);
  return { ...input, headers: Object.fromEntries(headers) };
}
