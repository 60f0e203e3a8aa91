// Effects: looked up in the journal first, done through Deps otherwise, and written down before anything else happens.
import type { RunError, Why } from "../../shared/api/run.ts";
import type { StepPlan } from "./compile-block.ts";
import type { Effect, EffectResult } from "./deps.ts";
import { cutWords, type Flow, failure, ON_ITS_WAY } from "./flow-control.ts";
import type { Frame } from "./frame.ts";
import type { JournalEntry } from "./journal.ts";
import { cutValue, jsonSize } from "./json-size.ts";
import { RUN_LIMITS } from "./limits.ts";
import { isTooDeep, MAX_DEPTH } from "./plain.ts";
import { planRetry } from "./plan-retry.ts";

/** Runs the effect of `step` at most until it succeeds, fails for good or has to wait. `prepare` evaluates what it needs. */
export async function runEffect(frame: Frame, step: StepPlan, path: string, prepare: () => Promise<Effect>): Promise<Flow> {
  const { journal, deps, trace } = frame.drive;
  let entry = journal.get(path);
  if (trace.length < RUN_LIMITS.trace) trace.push(path);
  while (true) {
    const settled = settledFlow(frame, entry);
    if (settled) return settled;
    if (deps.isCanceled()) return { kind: "cancel" };
    if (frame.drive.isLooking) return lookOn(entry, prepare);
    if (deps.isSpent()) return { kind: "spent" };
    const pause = (entry?.wakeAt ?? 0) - deps.now();
    if (pause > RUN_LIMITS.nap) return { kind: "wait", wakeAt: entry?.wakeAt ?? 0, ...waitReason(step, entry) };
    if (pause > 0) await deps.sleep(pause);
    const result = await attempt(frame, step, path, entry, prepare);
    if ("flow" in result) return result.flow;
    entry = result.entry;
    journal.put(entry);
    await journal.settled?.();
  }
}

function settledFlow(frame: Frame, entry: JournalEntry | undefined): Flow | undefined {
  if (!entry || entry.status === "waiting") return undefined;
  frame.time.at = Math.max(frame.time.at, entry.endedAt ?? entry.startedAt);
  if (entry.status === "succeeded") return { kind: "done", output: entry.output };
  return { kind: "fail", error: entry.error ?? { code: "unknown", message: "The step failed", class: "internal", retryable: false } };
}

/** How far it was when the run was driven before. Rejects where it could not be prepared: then it has failed. */
async function lookOn(entry: JournalEntry | undefined, prepare: () => Promise<Effect>): Promise<Flow> {
  if (entry) return ON_ITS_WAY;
  await prepare();
  return { kind: "spent" };
}

type Attempt = { entry: JournalEntry } | { flow: Flow };

async function attempt(
  frame: Frame,
  step: StepPlan,
  path: string,
  before: JournalEntry | undefined,
  prepare: () => Promise<Effect>,
): Promise<Attempt> {
  const { deps, run } = frame.drive;
  const effect = await prepare();
  const startedAt = before?.startedAt ?? deps.now();
  const effectKey = before?.effectKey ?? `${run}:${path}`;
  frame.drive.journal.before?.();
  const result = await performInTime(frame, step, effect, effectKey);
  const at = deps.now();
  const { tasks, request, response, logs } = result;
  const entry: JournalEntry = {
    key: step.key,
    path,
    type: step.body.type,
    status: "waiting",
    attempts: (before?.attempts ?? 0) + (result.kind === "hold" ? 0 : 1),
    tasks: (before?.tasks ?? 0) + tasks,
    startedAt,
    endedAt: null,
    effectKey,
    ...(effect.kind === "operation" ? { input: cutValue(effect.input, RUN_LIMITS.input) } : {}),
    ...(request ? { request } : {}),
    ...(response ? { response } : {}),
    ...(logs?.length ? { logs } : {}),
  };
  if (result.kind === "hold") {
    if (result.until !== undefined)
      return {
        entry: { ...entry, wakeAt: Math.min(result.until, frame.deadline), held: result.reason, ...(result.why && { why: result.why }) },
      };
    frame.drive.journal.put({ ...entry, wakeAt: 0 });
    const accounts = result.account === undefined ? {} : { accounts: [result.account] };
    const wakeAt = result.account === undefined ? frame.deadline : Math.min(frame.deadline, at + RUN_LIMITS.look);
    return { flow: { kind: "wait", wakeAt, reason: result.reason, why: result.why, ...accounts } };
  }
  const outcome = result.kind === "done" ? checkOutput(result) : result;
  if (outcome.kind === "done") return { entry: { ...entry, status: "succeeded", endedAt: at, output: outcome.output } };
  const error = { ...outcome.error, message: cutWords(outcome.error.message), step: outcome.error.step ?? path };
  const plan = planRetry(step.retry, entry.attempts, error, outcome.retryAfter, deps.random());
  if (plan.again && at + plan.delay < frame.deadline) return { entry: { ...entry, error, wakeAt: at + plan.delay } };
  return { entry: { ...entry, status: "failed", endedAt: at, error } };
}

function checkOutput(result: EffectResult & { kind: "done" }): EffectResult & { kind: "done" | "failed" } {
  if (isTooDeep(result.output)) {
    const { error } = failure("output_too_deep", `The step's output nests deeper than ${MAX_DEPTH} levels`, "limit");
    return { ...result, kind: "failed", error };
  }
  const size = jsonSize(result.output, RUN_LIMITS.output);
  if (size <= RUN_LIMITS.output) return result;
  const { error } = failure(
    "output_too_large",
    `The step's output has ${size} bytes, ${RUN_LIMITS.output} are allowed: ask for fewer items or fields`,
    "too_large",
  );
  return { ...result, kind: "failed", error };
}

/** Ends after the step's timeout or the deadline of what it stands in, whether or not the call itself gives up. */
function performInTime(frame: Frame, step: StepPlan, effect: Effect, effectKey: string): Promise<EffectResult> {
  const { deps } = frame.drive;
  const own = step.timeout ?? (step.body.type === "query" ? RUN_LIMITS.query : RUN_LIMITS.call);
  const left = Math.min(own, frame.deadline - deps.now());
  const over = timeoutError("The time for this part of the run is over");
  if (left <= 0) return Promise.resolve({ kind: "failed", tasks: 0, error: over });
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    const cancel = deps.after(left, () => {
      abort.abort();
      resolve({ kind: "failed", tasks: 1, error: left < own ? over : timeoutError(`No answer within ${left / 1_000} s`, left) });
    });
    deps.perform(effect, { effectKey, signal: abort.signal, now: frame.time.at, after: deps.after }).then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}

/** `ms`: the time in which no answer came, where the step may be tried again. */
const timeoutError = (message: string, ms?: number): RunError => ({
  ...{ code: "timeout", message, class: "timeout", retryable: ms !== undefined },
  ...(ms === undefined ? {} : { params: { ms: String(ms) } }),
});

function waitReason(step: StepPlan, entry: JournalEntry | undefined): { reason: string; why: Why | undefined } {
  if (entry?.held !== undefined) return { reason: entry.held, why: entry.why };
  const error = entry?.error;
  return error
    ? { reason: `${step.key} is tried again: ${error.message}`, why: { code: "again", error } }
    : { reason: `${step.key} waits for its turn`, why: { code: "turn" } };
}
