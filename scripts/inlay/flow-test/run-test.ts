// One test's run: the engine as it is, in a world of declared answers, on a clock that only waiting moves.
import { FlowPlan } from "../../../edge/engine/compile-block.ts";
import type { Deps, Effect, EffectContext, EffectResult, Reply } from "../../../edge/engine/deps.ts";
import { type JournalEntry, type Signal, toStepRun } from "../../../edge/engine/journal.ts";
import { RUN_LIMITS } from "../../../edge/engine/limits.ts";
import { type Driven, type RunEnd, runBlock } from "../../../edge/engine/run-block.ts";
import { VirtualTime } from "../../../edge/engine/simulation/virtual-time.ts";
import { doEffect, type EffectMeans } from "../../../edge/providers/app/do-effect.ts";
import type { RunError, StepRun } from "../../../shared/api/run.ts";
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import type { DeclaredAnswer, FlowTest } from "../../../shared/flow/test-file.ts";
import { DeclaredAnswers, type SentRequest } from "./declared-answers.ts";
import type { LoadedTests } from "./load-tests.ts";
import { type Traffic, testFetch } from "./test-fetch.ts";
import { testGate } from "./test-gate.ts";
import { testTrigger } from "./test-trigger.ts";
import { type TestWorld, testWorld } from "./test-world.ts";

/** How a test's run went. `unused` and `unanswered`: answers that no call asked for, and calls that got none. Times are the test's own. */
export interface TestedRun {
  status: "succeeded" | "failed" | "stopped" | "waiting" | "canceled" | "ignored";
  reason?: string;
  output?: unknown;
  error?: RunError;
  respond?: Reply;
  state: Record<string, unknown>;
  tasks: number;
  steps: StepRun[];
  requests: SentRequest[];
  unused: number[];
  unanswered: SentRequest[];
}

/** Runs code steps: the sandbox, which needs a loader in Node. */
export type RunCode = EffectMeans["runCode"];

const DRIVES = 1_000;

/** Runs `test`. Throws `CommandError` where it cannot begin, Error for bugs. */
export async function runTest(tests: LoadedTests, test: FlowTest, runCode: RunCode): Promise<TestedRun> {
  const world = await testWorld(tests, test);
  const trigger = await testTrigger(tests, test, world);
  const answers = new DeclaredAnswers([...(test.answers ?? []), ...(tests.file.answers ?? [])]);
  const unused = () => answers.unused.filter((index) => index < (test.answers?.length ?? 0));
  const none = { state: world.state, tasks: 0, steps: [], requests: [], unanswered: [] };
  if (!trigger) return { ...none, status: "ignored", unused: unused() };
  const traffic: Traffic = { sent: [], unanswered: [] };
  const time = new VirtualTime(setImmediate);
  time.now = world.startedAt;
  const entries = new Map<string, JournalEntry>();
  const busy = { count: 0 };
  const perform = performer(tests, world, answers, traffic, time, async (...call) => {
    busy.count++;
    return runCode(...call).finally(() => busy.count--);
  });
  let respond: Reply | undefined;
  const deps = depsOn(time, perform, (reply) => {
    respond = reply;
  });
  const restore = install(time);
  try {
    const { end, changes, trace } = await settle(time, () => busy.count > 0, drive(tests, test, world, trigger.value, entries, deps, time));
    return {
      ...toOutcome(end),
      ...(respond ? { respond } : {}),
      state: end.status === "succeeded" || end.status === "stopped" ? { ...world.state, ...changes } : world.state,
      tasks: [...entries.values()].reduce((sum, { tasks }) => sum + tasks, 0),
      steps: toSteps(trace, entries),
      requests: traffic.sent,
      unused: unused(),
      unanswered: traffic.unanswered,
    };
  } finally {
    restore();
  }
}

/** Puts the test's clock in the place of the real one, in expressions of app files too; answers how to undo that. */
function install(time: VirtualTime): () => void {
  const real = Date;
  const restore = time.install(() => 0.5);
  globalThis.Date = new Proxy(real, {
    construct: (target, args, made) => Reflect.construct(target, args.length ? args : [time.now], made) as Date,
  });
  return () => {
    globalThis.Date = real;
    restore();
  };
}

/** Drives the run again and again, as the edge does, until it has ended or waits for a person; where a test expects that it waits, until it first does. */
async function drive(
  { flow }: LoadedTests,
  test: FlowTest,
  world: TestWorld,
  trigger: unknown,
  entries: Map<string, JournalEntry>,
  deps: Deps,
  time: VirtualTime,
): Promise<Driven> {
  const { startedAt, state, base } = world;
  const plan = new FlowPlan(flow);
  const events = (test.events ?? []).map(({ type, data, after }, index) => ({
    at: startedAt + (after === undefined ? 0 : (parseDuration(after) ?? 0)),
    signal: { seq: index + 1, event: { type, id: `evt_${index + 1}`, data: data ?? null, org: null, user: null } } satisfies Signal,
  }));
  const journal = {
    get: (path: string) => entries.get(path),
    put: (entry: JournalEntry) => void entries.set(entry.path, entry),
    signals: (path: string, seen: number) =>
      events
        .filter(({ at, signal }) => at <= time.now && signal.seq > seen && signal.event.type === entries.get(path)?.event)
        .map(({ signal }) => signal),
  };
  for (let count = 1; ; count++) {
    const driven = await runBlock(
      { run: "run_test", plan, block: world.block.key, trigger, base, state, startedAt },
      { ...journal, isReplay: count > 1 },
      deps,
    );
    const { end } = driven;
    if (end.status !== "waiting" || end.wakeAt === Number.POSITIVE_INFINITY || test.expect.status === "waiting") return driven;
    if (count >= DRIVES) throw new Error(`the run is not over after ${DRIVES} waits`);
    const next = Math.min(end.wakeAt, ...events.flatMap(({ at }) => (at > time.now ? [at] : [])));
    time.now = Math.max(time.now, next);
  }
}

function depsOn(time: VirtualTime, perform: Deps["perform"], respond: Deps["respond"]): Deps {
  return {
    now: () => time.now,
    random: () => 0.5,
    sleep: (ms) => new Promise((resolve) => void time.after(ms, resolve)),
    after(ms, work) {
      const id = time.after(ms, work);
      return () => time.cancel(id);
    },
    perform,
    respond,
    isSpent: () => false,
    isCanceled: () => false,
  };
}

function performer(
  { flow, apps }: LoadedTests,
  { env, accounts }: TestWorld,
  answers: DeclaredAnswers,
  traffic: Traffic,
  time: VirtualTime,
  runCode: RunCode,
): Deps["perform"] {
  const gates = new Map<string, ReturnType<typeof testGate>>();
  const connect: EffectMeans["connect"] = (slot) => {
    const app = apps[flow.accounts[slot]?.app ?? ""];
    if (!app) return `The app “${flow.accounts[slot]?.app}” is not known here: pull its file, name it in “apps”, or declare the “output”`;
    if (accounts[slot]?.status === "none") return `No ${app.name} account is chosen: edit the integration and connect one`;
    const gate = gates.get(slot) ?? testGate(app, slot, accounts[slot] ?? {}, env);
    gates.set(slot, gate);
    return { app, account: `acc_${slot}`, gate };
  };
  const sleep = (ms: number) => new Promise<void>((resolve) => void time.after(ms, resolve));
  return async (effect: Effect, context: EffectContext): Promise<EffectResult> => {
    const asking = { effect, step: context.effectKey.slice(context.effectKey.indexOf(":") + 1) };
    const whole = effect.kind === "code" ? undefined : await answers.take(asking, undefined);
    if (whole) return giveWhole(whole, sleep);
    const means: EffectMeans = { env, connect, fetch: testFetch(asking, answers, traffic, sleep), runCode, now: () => time.now };
    return doEffect(means, effect, context);
  };
}

async function giveWhole(answer: DeclaredAnswer, sleep: (ms: number) => Promise<void>): Promise<EffectResult> {
  if ("output" in answer) {
    if (answer.slow !== undefined) await sleep(parseDuration(answer.slow) ?? 0);
    return { kind: "done", tasks: 1, output: answer.output };
  }
  if (!("error" in answer)) throw new TypeError("an HTTP answer was taken for a whole operation");
  const { code, message = code, class: kind, retryable = false } = answer.error;
  return { kind: "failed", tasks: 1, error: { code, message, class: kind, retryable } };
}

/** Lets time pass until `work` is done: a step at a time, and none while something real is under way. */
async function settle<T>(time: VirtualTime, isBusy: () => boolean, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = work.finally(() => {
    isDone = true;
  });
  end.catch(() => undefined);
  while (!isDone) {
    await time.drain();
    if (!isDone && !isBusy() && !time.step()) throw new Error("the run waits for something that never comes");
  }
  return end;
}

function toOutcome(end: RunEnd): Pick<TestedRun, "status" | "reason" | "output" | "error"> {
  switch (end.status) {
    case "succeeded":
      return { status: "succeeded", output: end.output };
    case "failed":
      return { status: "failed", error: end.error };
    case "stopped":
    case "waiting":
      return { status: end.status, reason: end.reason };
    default:
      return { status: "canceled" };
  }
}

/** The log's steps in order, as the API shows them. */
function toSteps(trace: Driven["trace"], entries: ReadonlyMap<string, JournalEntry>): StepRun[] {
  const steps = trace.flatMap((one) => {
    const entry = typeof one === "string" ? entries.get(one) : undefined;
    return typeof one !== "string" ? [one] : entry ? [toStepRun(entry)] : [];
  });
  const known = new Set(steps.map(({ path }) => path));
  const rest = [...entries.values()].filter(({ path }) => !known.has(path)).map(toStepRun);
  return trace.length >= RUN_LIMITS.trace ? [...steps, ...rest] : steps;
}
