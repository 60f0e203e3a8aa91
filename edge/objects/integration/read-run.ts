import type { RunDetail, RunError, StepRun } from "../../../shared/api/run.ts";
import { LEFT_OUT, type TraceEntry, toStepRun } from "../../engine/journal.ts";
import { stepPlaces } from "../../engine/step-places.ts";
import { maskHidden } from "../../security/hide-secrets.ts";
import { maskDeep } from "./mask-deep.ts";
import { pageSteps } from "./page-steps.ts";
import type { Parts } from "./parts.ts";
import type { RunRow } from "./run-store.ts";
import { orderSteps, toRun } from "./run-view.ts";

/** One run with its steps from number `from` on, secrets masked; null where there is none such. */
export async function readRun(parts: Parts, id: string, from = 0): Promise<RunDetail | null> {
  const row = parts.runs.read(id);
  const config = row && parts.configs.read(row.config);
  if (!row || !config) return null;
  const effects = new Map(
    parts.runs
      .journal(id)
      .entries()
      .map((entry): [string, StepRun] => [entry.path, toStepRun(entry)]),
  );
  const trace = traceOf(parts, row);
  const page = pageSteps(orderSteps(trace, effects), from);
  const placeOf = stepPlaces(config.flow, row.block);
  const detail: RunDetail = {
    ...toRun(parts.live.overlay(row), config.id, config.flow.key, config.version),
    input: maskHeaders(JSON.parse(row.input)),
    ...(row.output === null ? {} : { output: JSON.parse(row.output) }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as RunError }),
    ...page,
    ...(trace.includes(LEFT_OUT) ? { stepsLeftOut: true } : {}),
    steps: page.steps.map((step) => ({ ...asEnded(step, row), ...placeOf(step.path) })),
  };
  return maskStored(detail, await secretsOf(parts, row));
}

/** One step of a run, whole, secrets masked; null where the run has not come to it. */
export async function readStep(parts: Parts, id: string, path: string): Promise<StepRun | null> {
  const row = parts.runs.read(id);
  if (!row) return null;
  const entry = parts.runs.entry(id, path);
  const pure = traceOf(parts, row).find((one): one is StepRun => typeof one !== "string" && one.path === path);
  const found = entry ? toStepRun(entry) : pure;
  if (!found) return null;
  const step = asEnded(found, row);
  const flow = parts.configs.read(row.config)?.flow;
  return maskDeep({ ...step, ...(flow ? stepPlaces(flow, row.block)(path) : {}) }, await secretsOf(parts, row));
}

/** In a run that has ended, nothing goes on: what was under way then was broken off. */
function asEnded(step: StepRun, { ended }: RunRow): StepRun {
  if (ended === null || (step.status !== "running" && step.status !== "waiting")) return step;
  return { ...step, status: "canceled", endedAt: new Date(ended).toISOString() };
}

/** Secrets are masked as they lie in storage, and as they stand in what is driven now. */
const maskStored = <T>(value: T, secrets: readonly string[]): T =>
  secrets.length ? (JSON.parse(maskHidden(JSON.stringify(maskDeep(value, secrets)))) as T) : value;

/** The log of a run as it is now. */
export const traceOf = (parts: Parts, row: RunRow): readonly TraceEntry[] =>
  parts.live.traceOf(row.id) ?? (row.trace === null ? [] : (JSON.parse(row.trace) as TraceEntry[]));

async function secretsOf(parts: Parts, row: RunRow): Promise<readonly string[]> {
  return parts.configs.read(row.config)?.secretFields.length ? (await parts.configs.open(row.config)).secrets : [];
}

const SECRET_HEADERS = /^(?:authorization|proxy-authorization|cookie|x-api-key|.*(?:token|secret|signature).*)$/i;

/** Headers of a call that prove who sent it are no business of the log. */
function maskHeaders(input: unknown): unknown {
  if (input === null || typeof input !== "object" || !("headers" in input) || input.headers === null || typeof input.headers !== "object")
    return input;
  const headers = Object.entries(input.headers).map(([name, value]) => [name, SECRET_HEADERS.test(name) ? "•••" : value]);
  return { ...input, headers: Object.fromEntries(headers) };
}
