import type { RunError, StepRun } from "../../shared/api/run.ts";
import type { FlowPlan, StepPlan } from "./compile-block.ts";
import type { Deps, Reply } from "./deps.ts";
import { type CompiledTemplate, ExpressionError, evaluateTemplate, placeOfError } from "./expression.ts";
import { cutWords, type Flow, failure } from "./flow-control.ts";
import { type Journal, LEFT_OUT, type TraceEntry } from "./journal.ts";
import { cutValue } from "./json-size.ts";
import { RUN_LIMITS } from "./limits.ts";
import { MAX_DEPTH } from "./plain.ts";
import { seededRandom } from "./seeded-random.ts";
import type { Scale } from "./weigh.ts";

/** One drive of a run: what all its frames share. */
export interface Drive {
  plan: FlowPlan;
  journal: Journal;
  deps: Deps;
  run: string;
  /** What expressions and code see, but `trigger`, `steps` and what loops and `catch` add. */
  base: Readonly<Record<string, unknown>>;
  state: Record<string, unknown>;
  changes: Record<string, unknown>;
  trace: TraceEntry[];
  /** Characters of outputs in `trace`. */
  traceSize: number;
  /** Something was left out of `trace`. */
  isTraceCut?: boolean;
  steps: number;
  scale: Scale;
  /** The `set` steps so far: each reads the state as the one before it, in whatever turn or branch, has left it. */
  setting?: Promise<unknown>;
  /** Begins no effect: only looks how far the journal goes. */
  isLooking?: boolean;
}

/** Where a list of steps runs: an iteration, a branch, a called block. `time` is the branch's own, moved by its effects alone. */
export interface Frame {
  drive: Drive;
  /** What stands before a step's key in its instance path. */
  prefix: string;
  scope: Record<string, unknown>;
  /** Outputs by step key; also `scope.steps`. */
  steps: Record<string, unknown>;
  time: { at: number };
  /** ms since epoch; Infinity without a timeout */
  deadline: number;
  calls: number;
  respond: (reply: Reply) => void;
}

/** A frame inside `frame`: sees its steps, keeps its own, and adds `names` to the scope. */
export function childFrame(frame: Frame, names: Record<string, unknown>, prefix = frame.prefix): Frame {
  const steps = { ...frame.steps };
  return { ...frame, prefix, steps, scope: { ...frame.scope, ...names, steps }, time: { at: frame.time.at } };
}

/**
 * The value of `template`, which is `field` of the step at `path`: time is the branch's, chance depends on run and path. Rejects with an
 * ExpressionError that names the field.
 */
export async function evaluateIn(frame: Frame, path: string, field: string, template: CompiledTemplate): Promise<unknown> {
  const random = seededRandom(`${frame.drive.run}:${path}`);
  try {
    return await evaluateTemplate(template, frame.scope, { now: () => frame.time.at, random });
  } catch (error) {
    if (error instanceof ExpressionError) error.field = [field, placeOfError(template, error)].filter(Boolean).join(".");
    throw error;
  }
}

/** What a step fails with whose expression cannot be evaluated. */
export function expressionFailure({ code, message, expression, position, field }: ExpressionError, path: string): RunError {
  return {
    code: `expression_${code}`,
    message: cutWords(`${message} in {{ ${expression} }}`),
    class: "expression",
    retryable: false,
    step: path,
    ...(field === undefined ? {} : { field }),
    ...(position === undefined ? {} : { position }),
  };
}

/** `value`, which the step at `path` has come to, as the run keeps it; a failure where it is more than a run may keep. */
export function keepValue({ drive }: Frame, path: string, value: unknown, limit: number): { value: unknown } | { failed: Flow } {
  const kept = drive.scale.keep(value);
  const fail = (code: string, message: string) => ({ failed: failure(code, message, "limit", { step: path }) });
  if (kept.isTooDeep) return fail("output_too_deep", `The step's output nests deeper than ${MAX_DEPTH} levels`);
  if (kept.size > limit)
    return fail("output_too_large", `The step's output has about ${kept.size} characters, ${limit} are allowed: keep less in it`);
  if (drive.scale.total > RUN_LIMITS.values)
    return fail("run_too_large", `The run's values come to more than ${RUN_LIMITS.values / 1e6} MB: keep less in each step`);
  return { value: kept.value };
}

type Noted = Pick<StepRun, "input" | "output">;

/** Notes a step in the run's log that no journal holds, its output cut. One that fails after it was noted, such as a loop in its third round, is noted once. */
export function tracePure(
  frame: Frame,
  step: StepPlan,
  path: string,
  status: StepRun["status"],
  extra: Noted & Pick<StepRun, "error">,
): StepRun | undefined {
  const { drive } = frame;
  const at = new Date(frame.time.at).toISOString();
  const known = status === "failed" ? drive.trace.findLast((one) => typeof one !== "string" && one.path === path) : undefined;
  const { error } = extra;
  if (known && typeof known !== "string") {
    drive.traceSize += error ? JSON.stringify(error).length : 0;
    return Object.assign(known, { status, endedAt: at, ...(error ? { error } : {}) });
  }
  const isFull = drive.trace.length >= RUN_LIMITS.trace || drive.traceSize > RUN_LIMITS.traceSize;
  if (isFull && !drive.isTraceCut) drive.trace.push(LEFT_OUT);
  drive.isTraceCut ||= isFull;
  // What failed is why the log is read.
  const isBeyond = drive.trace.length >= RUN_LIMITS.trace + RUN_LIMITS.traceFailed || drive.traceSize > 1.5 * RUN_LIMITS.traceSize;
  if (isFull && (status !== "failed" || isBeyond)) return undefined;
  const output = cutValue(extra.output, RUN_LIMITS.traced);
  const input = cutValue(extra.input, RUN_LIMITS.traced);
  drive.traceSize += JSON.stringify([input, output, error]).length;
  const entry: StepRun = {
    key: step.key,
    path,
    type: step.body.type,
    status,
    attempts: 1,
    tasks: 0,
    startedAt: at,
    endedAt: status === "running" ? null : at,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(error ? { error } : {}),
  };
  drive.trace.push(entry);
  return entry;
}

/**
 * The same of a step that holds others: it runs, or waits, as long as what it holds does. `last` is its output where only its end tells it.
 * One that fails is noted by whoever runs it.
 */
export async function traceHolder(
  frame: Frame,
  step: StepPlan,
  path: string,
  extra: Noted,
  work: () => Promise<Flow>,
  last?: () => unknown,
): Promise<Flow> {
  const entry = tracePure(frame, step, path, "running", extra);
  const flow = await work();
  if (!entry) return flow;
  if (flow.kind === "wait") entry.status = "waiting";
  if (flow.kind !== "done" && flow.kind !== "stop") return flow;
  const endedAt = new Date(frame.time.at).toISOString();
  return Object.assign(entry, { status: "succeeded", endedAt, ...(last && { output: last() }) }) && flow;
}
