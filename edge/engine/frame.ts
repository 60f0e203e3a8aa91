import type { StepRun } from "../../shared/api/run.ts";
import type { FlowPlan, StepPlan } from "./compile-block.ts";
import type { Deps, Reply } from "./deps.ts";
import { type CompiledTemplate, evaluateTemplate } from "./expression.ts";
import type { Journal, TraceEntry } from "./journal.ts";
import { cutValue } from "./json-size.ts";
import { RUN_LIMITS } from "./limits.ts";
import { seededRandom } from "./seeded-random.ts";

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
  steps: number;
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

/** The value of `template` for the step at `path`: time is the branch's, chance depends on run and path. */
export function evaluateIn(frame: Frame, path: string, template: CompiledTemplate): Promise<unknown> {
  const random = seededRandom(`${frame.drive.run}:${path}`);
  return evaluateTemplate(template, frame.scope, { now: () => frame.time.at, random });
}

/** Notes a pure step in the run's log, its output cut. One that fails after it was noted, such as a loop in its third round, is noted once. */
export function tracePure(
  frame: Frame,
  step: StepPlan,
  path: string,
  status: StepRun["status"],
  extra: Pick<StepRun, "input" | "output" | "error">,
): void {
  const { drive } = frame;
  const at = new Date(frame.time.at).toISOString();
  const known = status === "failed" ? drive.trace.findLast((one) => typeof one !== "string" && one.path === path) : undefined;
  if (known && typeof known !== "string") {
    Object.assign(known, { status, endedAt: at, ...(extra.error ? { error: extra.error } : {}) });
    return;
  }
  if (drive.trace.length >= RUN_LIMITS.trace || drive.traceSize > RUN_LIMITS.traceSize) return;
  const output = cutValue(extra.output, RUN_LIMITS.traced);
  const input = cutValue(extra.input, RUN_LIMITS.traced);
  const { error } = extra;
  drive.traceSize += JSON.stringify([input, output]).length;
  drive.trace.push({
    key: step.key,
    path,
    type: step.body.type,
    status,
    attempts: 1,
    tasks: 0,
    startedAt: at,
    endedAt: at,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(error ? { error } : {}),
  });
}
