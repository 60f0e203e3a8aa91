// The interpreter: walks steps, recomputes pure ones, and leaves effects to run-effect.ts.
import { checkInput, type FormValues } from "./check-input.ts";
import type { StepBody, StepPlan } from "./compile-block.ts";
import type { Reply } from "./deps.ts";
import { ExpressionError, isTrue, printValue } from "./expression.ts";
import { cutWords, DONE, type Flow, failure, mergeFlows, runMany } from "./flow-control.ts";
import { childFrame, type Drive, evaluateIn, expressionFailure, type Frame, keepValue, traceHolder, tracePure } from "./frame.ts";
import { jsonSize } from "./json-size.ts";
import { RUN_LIMITS } from "./limits.ts";
import { isRecord } from "./plain.ts";
import { prepareEffect } from "./prepare-effect.ts";
import { readReply } from "./read-reply.ts";
import { runEffect } from "./run-effect.ts";
import { runWait } from "./run-wait.ts";
import { markLive, Scale } from "./weigh.ts";

/** Runs `steps` one after another. The output is the last one's that ran. */
export async function runSteps(steps: readonly StepPlan[], frame: Frame): Promise<Flow> {
  let output: unknown;
  for (const step of steps) {
    const flow = await runStep(step, frame);
    if (flow.kind !== "done") return flow;
    if (flow.output !== undefined) output = flow.output;
  }
  return { kind: "done", output };
}

async function runStep(step: StepPlan, frame: Frame): Promise<Flow> {
  const { drive } = frame;
  const path = frame.prefix + step.key;
  if (drive.deps.isCanceled()) return { kind: "cancel" };
  if (++drive.steps > RUN_LIMITS.steps)
    return failure(
      "too_many_steps",
      `The run has more than ${RUN_LIMITS.steps} steps: let its loops do less, or spread the work over several runs`,
      "limit",
      { step: path },
    );
  const flow = await attemptStep(step, frame, path);
  if (flow.kind === "done") {
    if (flow.output !== undefined) frame.steps[step.key] = flow.output;
    return flow;
  }
  if (flow.kind !== "fail") return flow;
  if (!isJournaled(step.body) || drive.journal.get(path)?.status !== "failed")
    tracePure(frame, step, path, "failed", { error: flow.error });
  if (step.onError !== "continue") return flow;
  frame.steps[step.key] = null;
  return DONE;
}

async function attemptStep(step: StepPlan, outer: Frame, path: string): Promise<Flow> {
  try {
    if (step.when && !isTrue(await evaluateIn(outer, path, "when", step.when))) {
      tracePure(outer, step, path, "skipped", {});
      return DONE;
    }
    const frame = isJournaled(step.body) || step.body.type === "try" ? outer : within(outer, step.timeout);
    const flow = await runBody(step, frame, path);
    if (flow.kind !== "done" || flow.output === undefined) return flow;
    const kept = keepValue(outer, path, flow.output, Number.POSITIVE_INFINITY);
    return "failed" in kept ? kept.failed : { kind: "done", output: kept.value };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { kind: "fail", error: expressionFailure(error, path) };
  }
}

const isJournaled = (body: StepBody) =>
  body.type === "query" || body.type === "action" || body.type === "http" || body.type === "code" || body.type === "wait";

/** `frame`, in which `timeout` (ms) from now on all has to be over. */
const within = (frame: Frame, timeout: number | undefined): Frame =>
  timeout === undefined ? frame : { ...frame, deadline: Math.min(frame.deadline, frame.time.at + timeout) };

async function runBody(step: StepPlan, frame: Frame, path: string): Promise<Flow> {
  const { body } = step;
  switch (body.type) {
    case "query":
    case "action":
    case "http":
    case "code":
      return runEffect(frame, step, path, () => prepareEffect(frame, path, body));
    case "wait":
      return runWait(frame, step, body, path);
    case "if":
      return runIf(frame, step, body, path);
    case "for":
      return runFor(frame, step, body, path);
    case "while":
      return runWhile(frame, step, body, path);
    case "parallel":
      return runParallel(frame, step, body, path);
    case "try":
      return runTry(frame, step, body, path);
    case "call":
      return runCall(frame, step, body, path);
    case "set":
      return inTurn(frame, () => runPure(frame, step, body, path));
    default:
      return runPure(frame, step, body, path);
  }
}

/** Does `set` once those that have begun are done. */
function inTurn({ drive }: Frame, set: () => Promise<Flow>): Promise<Flow> {
  const done = (drive.setting ?? Promise.resolve()).then(set, set);
  drive.setting = done;
  return done;
}

async function runPure(frame: Frame, step: StepPlan, body: Extract<StepBody, { value: unknown }>, path: string): Promise<Flow> {
  const kept = keepValue(frame, path, await evaluateIn(frame, path, body.type, body.value), RUN_LIMITS.value);
  if ("failed" in kept) return kept.failed;
  const { value } = kept;
  tracePure(frame, step, path, "succeeded", { output: value });
  switch (body.type) {
    case "value":
      return { kind: "done", output: value };
    case "set":
      for (const [key, item] of Object.entries(isRecord(value) ? value : {})) {
        frame.drive.state[key] = item;
        frame.drive.changes[key] = item;
      }
      if (jsonSize(frame.drive.state, RUN_LIMITS.state) > RUN_LIMITS.state)
        return failure("state_too_large", `The flow's state has more than ${RUN_LIMITS.state} bytes: keep less in it`, "limit", {
          step: path,
        });
      return DONE;
    case "respond":
      frame.respond(readReply(value));
      return DONE;
    case "stop":
      return { kind: "stop", reason: cutWords(printValue(value)) };
    case "fail":
      return failure("failed_by_step", cutWords(printValue(value)) || "The flow gave up", "invalid", { step: path });
    case "log":
      return DONE;
  }
}

async function runIf(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "if" }>, path: string): Promise<Flow> {
  for (const [index, branch] of body.branches.entries()) {
    if (!isTrue(await evaluateIn(frame, path, index === 0 ? "if" : `elseif.${index - 1}.if`, branch.condition))) continue;
    return traceHolder(frame, step, path, { output: true }, () => runSteps(branch.steps, frame));
  }
  return traceHolder(frame, step, path, { output: false }, () => runSteps(body.otherwise, frame));
}

async function runFor(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "for" }>, path: string): Promise<Flow> {
  const value = await evaluateIn(frame, path, "for", body.list);
  const items = value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
  if (items.length > RUN_LIMITS.items)
    return failure(
      "too_many_items",
      `The list has ${items.length} items, a loop takes ${RUN_LIMITS.items}: give it fewer at a time`,
      "limit",
      { step: path },
    );
  const turns = body.batch === undefined ? items : inBatches(items, body.batch);
  const loop = async (outer: Frame): Promise<Flow> => {
    const frames: Frame[] = [];
    const turn = (index: number) => {
      const item = turns[index];
      const names = { item, index, ...(body.as === undefined ? {} : { [body.as]: item }) };
      const inner = childFrame(outer, names, `${path}[${index}].`);
      if (body.concurrency === 1) inner.time.at = Math.max(inner.time.at, frames.at(-1)?.time.at ?? 0);
      frames.push(inner);
      return runSteps(body.steps, inner);
    };
    const flows = await runMany(turns.length, body.concurrency, turn, outer.drive.isLooking);
    return join(outer, frames, flows);
  };
  const work = async () => (body.concurrency > 1 && (await endedBefore(frame, loop))) || loop(frame);
  return traceHolder(frame, step, path, { output: { items: items.length } }, work);
}

/**
 * How a turn among several side by side ended them all when the run was driven before: what was still under way beside it is not begun
 * again, and what they had come to is what it was. Undefined where none did.
 */
async function endedBefore(frame: Frame, turns: (frame: Frame) => Promise<Flow>): Promise<Flow | undefined> {
  const { drive } = frame;
  if (!drive.journal.isReplay || drive.isLooking) return undefined;
  const state = { ...drive.state };
  const looking: Drive = { ...drive, state, changes: {}, trace: [], scale: new Scale(), isLooking: true };
  const [steps, time] = [{ ...frame.steps }, { ...frame.time }];
  const replies: Reply[] = [];
  const respond = (reply: Reply) => void replies.push(reply);
  const flow = await turns({ ...frame, drive: looking, steps, scope: { ...frame.scope, state, steps }, time, respond });
  if (flow.kind !== "fail" && flow.kind !== "stop") return undefined;
  frame.time.at = time.at;
  for (const entry of looking.trace)
    if (typeof entry !== "string" && (entry.status === "running" || entry.status === "waiting")) entry.status = "canceled";
  Object.assign(frame.steps, steps);
  Object.assign(drive.state, state);
  Object.assign(drive.changes, looking.changes);
  drive.trace.push(...looking.trace);
  drive.traceSize = looking.traceSize;
  drive.isTraceCut = looking.isTraceCut ?? false;
  for (const reply of replies) frame.respond(reply);
  return flow;
}

/** `frames` and `flows` by turn. After a failure it is the failed turn's time: how far the others came differs from drive to drive. */
function join(frame: Frame, frames: readonly Frame[], flows: readonly (Flow | undefined)[]): Flow {
  const merged = mergeFlows(flows);
  const ended = merged && merged.kind !== "wait" ? frames[flows.indexOf(merged)] : undefined;
  for (const inner of ended ? [ended] : frames) frame.time.at = Math.max(frame.time.at, inner.time.at);
  const outputs = flows.map((flow) => (flow?.kind === "done" ? (flow.output ?? null) : null));
  return merged ?? { kind: "done", output: outputs };
}

function inBatches(items: readonly unknown[], size: number): unknown[][] {
  const batches: unknown[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}

async function runWhile(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "while" }>, path: string): Promise<Flow> {
  let turns = 0;
  const loop = () =>
    runTurns(frame, body, path, (count) => {
      turns = count;
    });
  return traceHolder(frame, step, path, {}, loop, () => ({ turns }));
}

async function runTurns(
  frame: Frame,
  body: Extract<StepBody, { type: "while" }>,
  path: string,
  note: (turns: number) => void,
): Promise<Flow> {
  let output: unknown;
  for (let index = 0; ; index++) {
    note(index);
    const inner = { ...frame, scope: { ...frame.scope, index, last: output, steps: frame.steps }, prefix: `${path}[${index}].` };
    if (!isTrue(await evaluateIn(inner, `${path}[${index}]`, "while", body.condition))) return { kind: "done", output };
    if (index >= body.max)
      return failure(
        "too_many_turns",
        `The loop is not done after ${body.max} turns: see that its condition comes to an end, or give it a higher max`,
        "limit",
        { step: path },
      );
    const flow = await runSteps(body.steps, inner);
    if (flow.kind !== "done") return flow;
    output = flow.output;
  }
}

async function runParallel(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "parallel" }>, path: string): Promise<Flow> {
  const work = async () => (await endedBefore(frame, (outer) => runBranches(outer, body))) ?? runBranches(frame, body);
  return traceHolder(frame, step, path, { output: { branches: body.branches.length } }, work);
}

async function runBranches(frame: Frame, body: Extract<StepBody, { type: "parallel" }>): Promise<Flow> {
  const frames = body.branches.map(() => childFrame(frame, {}));
  const flows = await runMany(body.branches.length, body.branches.length, async (index) => {
    const [branch, inner] = [body.branches[index], frames[index]];
    return branch && inner ? runSteps(branch.steps, inner) : DONE;
  });
  const joined = join(frame, frames, flows);
  for (const inner of frames) Object.assign(frame.steps, inner.steps);
  if (joined.kind !== "done") return joined;
  const output = Object.fromEntries(
    body.branches.map(({ name }, index) => [name, Array.isArray(joined.output) ? joined.output[index] : null]),
  );
  return { kind: "done", output };
}

/** The step's timeout is that of what is tried: what mends has the time of what the step stands in, what clears up its own as well. */
function runTry(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "try" }>, path: string): Promise<Flow> {
  return traceHolder(frame, step, path, {}, () => runTried(frame, step, body));
}

async function runTried(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "try" }>): Promise<Flow> {
  let flow = await runSteps(body.steps, within(frame, step.timeout));
  if (flow.kind === "fail" && body.rescue)
    flow = await runSteps(body.rescue, { ...frame, scope: { ...frame.scope, error: flow.error, steps: frame.steps } });
  if (flow.kind !== "done" && flow.kind !== "fail" && flow.kind !== "stop") return flow;
  // By the branch's own time, which the journal tells: the same in each drive.
  const deadline = Math.max(frame.deadline, frame.time.at + RUN_LIMITS.cleanUp);
  const ensured = await runSteps(body.ensure, { ...frame, deadline });
  return ensured.kind === "done" ? flow : ensured;
}

/** A called block sees what the run sees but the caller's steps; `stop` in it ends it alone. Its output is what it responds, else its last step's. */
async function runCall(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "call" }>, path: string): Promise<Flow> {
  const plan = frame.drive.plan.block(body.block);
  if (!plan) return failure("unknown_block", `This flow has no block “${body.block}”`, "invalid", { step: path });
  if (frame.calls >= RUN_LIMITS.calls)
    return failure(
      "calls_too_deep",
      `Blocks call each other more than ${RUN_LIMITS.calls} deep: look for one that comes to call itself`,
      "limit",
      { step: path },
    );
  const value = await evaluateIn(frame, path, "with", body.input);
  const checked = checkInput(plan.input, isRecord(value) ? value : {});
  if (!checked.ok) return failure("invalid_input", `${body.block}: ${checked.message}`, "invalid", { step: path, field: checked.field });
  const input: FormValues = checked.values;
  let answer: { body?: unknown } | undefined;
  const steps: Record<string, unknown> = markLive({});
  const inner: Frame = {
    ...frame,
    prefix: `${path}>`,
    steps,
    scope: markLive({ ...frame.drive.base, settings: plan.settings, state: frame.drive.state, trigger: input, steps }),
    calls: frame.calls + 1,
    deadline: within(frame, plan.timeout).deadline,
    respond: (reply) => {
      answer = reply;
    },
  };
  const flow = await traceHolder(frame, step, path, { input }, () => runSteps(plan.steps, inner));
  if (flow.kind === "done") return { kind: "done", output: answer ? answer.body : flow.output };
  return flow.kind === "stop" ? { kind: "done", output: answer?.body ?? null } : flow;
}
