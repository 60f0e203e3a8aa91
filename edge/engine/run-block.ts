// One drive of a run: from its first step, through what the journal holds already, to its end or to the next thing that takes time.
import type { RunError, Why } from "../../shared/api/run.ts";
import type { FlowPlan } from "./compile-block.ts";
import type { Deps } from "./deps.ts";
import { type Flow, failure } from "./flow-control.ts";
import type { Drive, Frame } from "./frame.ts";
import type { Journal, TraceEntry } from "./journal.ts";
import { runSteps } from "./run-steps.ts";
import { markLive, Scale } from "./weigh.ts";

/** A run as it is driven. `base` is the scope without `trigger`, `steps` and `state`. Times in ms. */
export interface RunStart {
  /** The id in effect keys: that of the first attempt. */
  run: string;
  plan: FlowPlan;
  block: string;
  trigger: unknown;
  base: Readonly<Record<string, unknown>>;
  /** The flow's state as it was when the run began. */
  state: Readonly<Record<string, unknown>>;
  startedAt: number;
  /** Filled as the drive goes, for those who look on. */
  trace?: TraceEntry[];
}

export type RunEnd =
  | { status: "succeeded"; output: unknown }
  | { status: "stopped"; reason: string }
  | { status: "failed"; error: RunError }
  | { status: "canceled" }
  | { status: "waiting"; wakeAt: number; reason: string; why?: Why; accounts?: readonly string[] }
  /** The drive's time is over: take it up again at once. */
  | { status: "spent" };

/** `changes`: what `set` steps put into the state; to be kept when the run succeeded or was stopped. */
export interface Driven {
  end: RunEnd;
  changes: Record<string, unknown>;
  trace: TraceEntry[];
}

/**
 * Drives a run. Every effect that the journal holds is taken from it, every other one is done through `deps` and journaled before
 * the next begins; so a drive can be broken off anywhere and repeated. Rejects only for bugs.
 */
export async function runBlock(start: RunStart, journal: Journal, deps: Deps): Promise<Driven> {
  const state = markLive({ ...start.state });
  const drive: Drive = {
    plan: start.plan,
    journal,
    deps,
    run: start.run,
    base: start.base,
    state,
    changes: {},
    trace: start.trace ?? [],
    traceSize: 0,
    steps: 0,
    scale: new Scale(),
  };
  const plan = start.plan.block(start.block);
  if (!plan) {
    const { error } = failure("unknown_block", `This flow has no block “${start.block}”`, "invalid");
    return { end: { status: "failed", error }, changes: {}, trace: [] };
  }
  const steps: Record<string, unknown> = markLive({});
  const frame: Frame = {
    drive,
    prefix: "",
    steps,
    scope: markLive({ ...start.base, settings: plan.settings, state, trigger: start.trigger, steps }),
    time: { at: start.startedAt },
    deadline: plan.timeout === undefined ? Number.POSITIVE_INFINITY : start.startedAt + plan.timeout,
    calls: 0,
    respond: (reply) => deps.respond(reply),
  };
  let flow = await runSteps(plan.steps, frame);
  if (flow.kind === "fail" && plan.onFailure.length) {
    const rescue = { ...frame, deadline: Number.POSITIVE_INFINITY, scope: { ...frame.scope, error: flow.error } };
    const after = await runSteps(plan.onFailure, rescue);
    if (after.kind === "wait" || after.kind === "spent" || after.kind === "cancel") flow = after;
  }
  return { end: toEnd(flow), changes: drive.changes, trace: drive.trace };
}

function toEnd(flow: Flow): RunEnd {
  switch (flow.kind) {
    case "done":
      return { status: "succeeded", output: flow.output };
    case "stop":
      return { status: "stopped", reason: flow.reason };
    case "fail":
      return { status: "failed", error: flow.error };
    case "cancel":
      return { status: "canceled" };
    case "spent":
      return { status: "spent" };
    case "wait": {
      const { wakeAt, reason, why, accounts } = flow;
      return { status: "waiting", wakeAt, reason, ...(why && { why }), ...(accounts && { accounts }) };
    }
  }
}
