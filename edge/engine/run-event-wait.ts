// A wait for an event of the host: opened in the journal, and done when an event has come that matches.
import type { RunError } from "../../shared/api/run.ts";
import type { EventWait, StepPlan } from "./compile-block.ts";
import { endOfTime } from "./end-of-time.ts";
import { ExpressionError, isTrue } from "./expression.ts";
import { type Flow, overtime } from "./flow-control.ts";
import { evaluateIn, expressionFailure, type Frame } from "./frame.ts";
import type { JournalEntry } from "./journal.ts";
import { RUN_LIMITS } from "./limits.ts";

/**
 * Waits for an event of `wait.type` whose `match` is true; its output is the event. It counts from when the step is first reached.
 * Fails with `wait_timeout` when none has come in time, with `timeout` when that of what it stands in is over. Always ends the drive: a waiting run holds no memory.
 */
export async function runEventWait(frame: Frame, step: StepPlan, wait: EventWait, path: string): Promise<Flow> {
  const { journal, deps } = frame.drive;
  const known = journal.get(path);
  const startedAt = known?.startedAt ?? deps.now();
  const longest = startedAt + Math.min(wait.timeout ?? RUN_LIMITS.wait, RUN_LIMITS.wait);
  const wakeAt = known?.wakeAt ?? Math.min(longest, Math.max(startedAt, endOfTime(frame, step, startedAt)));
  let seen = known?.seen ?? 0;
  const entry = (): JournalEntry => ({
    ...{ key: step.key, path, type: "wait", status: "waiting", attempts: 1, tasks: 0 },
    ...{ startedAt, endedAt: null, wakeAt, event: wait.type, seen },
  });
  if (!known) journal.put(entry());
  for (const { seq, event } of journal.signals?.(path, seen) ?? []) {
    const matched = await matches({ ...frame, scope: { ...frame.scope, event } }, wait, path);
    if (matched === false) {
      seen = seq;
      continue;
    }
    if (matched !== true) {
      journal.put({ ...entry(), seen: seq, status: "failed", endedAt: deps.now(), error: matched });
      return { kind: "fail", error: matched };
    }
    const endedAt = deps.now();
    journal.put({ ...entry(), seen: seq, status: "succeeded", endedAt, output: event });
    frame.time.at = Math.max(frame.time.at, endedAt);
    return { kind: "done", output: event };
  }
  if (seen !== (known?.seen ?? 0)) journal.put(entry());
  const at = new Date(wakeAt).toISOString();
  if (wakeAt > deps.now()) {
    const why = { code: "event", params: { event: wait.type, at } };
    return { kind: "wait", wakeAt, reason: `${step.key} waits for the event “${wait.type}” until ${at}`, why };
  }
  const error = wakeAt < longest && wakeAt >= frame.deadline ? overtime(path).error : timeoutOf(wait, path);
  journal.put({ ...entry(), status: "failed", endedAt: wakeAt, error });
  frame.time.at = Math.max(frame.time.at, wakeAt);
  return { kind: "fail", error };
}

const timeoutOf = ({ type }: EventWait, path: string): RunError => ({
  ...{ code: "wait_timeout", message: `No event “${type}” has come in time`, class: "timeout" },
  ...{ retryable: false, step: path, params: { event: type } },
});

/** Whether the event is the one that is waited for; an error where that cannot be told. */
async function matches(frame: Frame, { match }: EventWait, path: string): Promise<boolean | RunError> {
  try {
    return match === undefined || isTrue(await evaluateIn(frame, path, "wait.match", match));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return expressionFailure(error, path);
  }
}
