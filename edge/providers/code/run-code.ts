// Code steps: a world of their own for each run, without network, clock or chance, with budgets of work, memory and output.
import { type QuickJSContext, type QuickJSHandle, type QuickJSRuntime, Scope } from "quickjs-emscripten-core";
import type { RunError } from "../../../shared/api/run.ts";
import { CODE_LIMITS as LIMITS } from "../../engine/limits.ts";
import { hashText } from "../../engine/seeded-random.ts";
import { prelude } from "./prelude.ts";
import { forgetQuickJs, type Interpreter, loadQuickJs } from "./quickjs.ts";

/** `Date` stands at `now` (ms); `Math.random` depends on `seed` alone. */
export interface CodeOptions {
  now: number;
  seed: string;
}

export type CodeResult = { ok: true; output: unknown; logs: string[] } | { ok: false; error: RunError; logs: string[] };

const FILE = "step.js";

/** Calls the default export of `source` with `scope`, and awaits it. What it returns comes back as JSON would give it. Never rejects. */
export async function runCode(source: string, scope: Record<string, unknown>, options: CodeOptions): Promise<CodeResult> {
  const logs: string[] = [];
  const input = JSON.stringify(scope);
  let interpreter: Interpreter | undefined;
  if (isLarge(input)) return { ok: false, error: TOO_MUCH, logs };
  try {
    interpreter = await loadQuickJs();
    const outcome = runInWorld(interpreter, source, input, options, logs);
    if (isGrown(interpreter)) forgetQuickJs();
    return { ...outcome, logs };
  } catch (error) {
    forgetQuickJs();
    return { ok: false, error: explainCrash(error, interpreter), logs };
  }
}

/** Why the interpreter broke off: a native function that took too long, a nesting too deep for the machine, or a bug. */
function explainCrash(error: unknown, interpreter: Interpreter | undefined): RunError {
  if (interpreter?.fuel.value === 0) return TOO_LONG;
  if (error instanceof RangeError) return TOO_DEEP;
  return codeError("code_crashed", `The interpreter gave up: ${error instanceof Error ? error.message : error}`);
}

/** Whether `input` cannot be handed over: it stands in the interpreter's memory twice, as bytes (at most three a character) and as a text. */
const isLarge = (input: string) => input.length * 3 > LIMITS.memory / 2 && new TextEncoder().encode(input).byteLength > LIMITS.memory / 2;

/** Whether a world has needed all of the memory that an interpreter begins with. */
const isGrown = ({ memory }: Interpreter) => memory.buffer.byteLength > LIMITS.memory;

type Outcome = { ok: true; output: unknown } | { ok: false; error: RunError };

/** Throws where the interpreter traps. It is left as it is then, and must not be used again. */
function runInWorld(interpreter: Interpreter, source: string, input: string, options: CodeOptions, logs: string[]): Outcome {
  const { quickjs, fuel } = interpreter;
  fuel.value = LIMITS.fuel;
  const scope = new Scope();
  const runtime = scope.manage(quickjs.newRuntime({ memoryLimitBytes: LIMITS.memory, maxStackSizeBytes: LIMITS.stack }));
  const isSpent = () => fuel.value < LIMITS.reserve;
  runtime.setInterruptHandler(isSpent);
  const outcome = callDefault(runtime, scope, { isSpent, isFull: () => isGrown(interpreter) }, { source, input, options, logs });
  fuel.value = LIMITS.fuel;
  scope.dispose();
  return outcome;
}

interface Call {
  source: string;
  input: string;
  options: CodeOptions;
  logs: string[];
}

/** What is left of a world's budgets. */
interface Budget {
  isSpent(): boolean;
  isFull(): boolean;
}

function callDefault(runtime: QuickJSRuntime, scope: Scope, budget: Budget, { source, input, options, logs }: Call): Outcome {
  const vm = scope.manage(runtime.newContext());
  const fail = (handle: QuickJSHandle): Outcome => {
    const error = explain(vm, scope.manage(handle), source, budget);
    return { ok: false, error: budget.isSpent() ? TOO_LONG : error };
  };

  giveConsole(vm, logs);
  const prepared = vm.evalCode(prelude(options.now, hashText(options.seed)), "prelude.js");
  if (prepared.error) return fail(prepared.error);
  const toJson = scope.manage(prepared.value);

  const loaded = vm.evalCode(source, FILE, { type: "module" });
  if (loaded.error) return fail(loaded.error);
  const namespace = settle(vm, scope, loaded.value);
  if (!namespace.ok) return namespace.error ? fail(namespace.error) : { ok: false, error: NEVER_SETTLED };
  const main = scope.manage(vm.getProp(namespace.value, "default"));
  if (vm.typeof(main) !== "function")
    return {
      ok: false,
      error: codeError("code_no_export", "The code exports no function: write export default ({ trigger, steps, setup }) => …"),
    };

  const text = scope.manage(vm.newString(input));
  const parsed = vm.callFunction(scope.manage(vm.getProp(toJson, "parse")), vm.undefined, text);
  if (parsed.error) return fail(parsed.error);
  const called = vm.callFunction(main, vm.undefined, scope.manage(parsed.value));
  if (called.error) return fail(called.error);
  const settled = settle(vm, scope, called.value);
  if (!settled.ok) return settled.error ? fail(settled.error) : { ok: false, error: NEVER_SETTLED };

  const written = vm.callFunction(scope.manage(vm.getProp(toJson, "write")), vm.undefined, settled.value);
  if (written.error) return fail(written.error);
  const output = scope.manage(written.value);
  return readOutput(vm.typeof(output) === "string" ? vm.getString(output) : undefined);
}

function readOutput(text: string | undefined): Outcome {
  if (text === undefined) return { ok: true, output: undefined };
  if (text.length <= LIMITS.output) return { ok: true, output: JSON.parse(text) };
  const message = `The code returned ${text.length} characters, ${LIMITS.output} are allowed: return less`;
  return { ok: false, error: { ...codeError("output_too_large", message), class: "too_large" } };
}

type Settled = { ok: true; value: QuickJSHandle } | { ok: false; error: QuickJSHandle | undefined };

/** What a promise has come to once there is nothing left to do; any other value is itself. */
function settle(vm: QuickJSContext, scope: Scope, handle: QuickJSHandle): Settled {
  scope.manage(handle);
  const jobs = vm.runtime.executePendingJobs();
  if (jobs.error) return { ok: false, error: jobs.error };
  const state = vm.getPromiseState(handle);
  if (state.type === "pending") return { ok: false, error: undefined };
  if (state.type === "rejected") return { ok: false, error: state.error };
  return { ok: true, value: state.notAPromise ? handle : scope.manage(state.value) };
}

const codeError = (code: string, message: string): RunError => ({ code, message, class: "code", retryable: false });
const NEVER_SETTLED = codeError(
  "code_never_settled",
  "The code waits for something that never comes: there are no timers and no network here",
);

const TOO_LONG = codeError("code_timeout", "The code takes too long: look for a loop that does not end, or do less in one step");
const TOO_MUCH = codeError("code_memory", `The code needs more than ${LIMITS.memory / 1_048_576} MB of memory, with what it is given`);
const TOO_DEEP = codeError("code_depth", "The code nests or calls itself too deeply: look for a recursion that does not end");

function explain(vm: QuickJSContext, handle: QuickJSHandle, source: string, budget: Budget): RunError {
  const dumped: unknown = vm.dump(handle);
  // With no memory left for an error, nothing is thrown.
  if ((dumped ?? null) === null && budget.isFull()) return TOO_MUCH;
  if (dumped === null || typeof dumped !== "object") return codeError("code_error", String(dumped));
  const { name = "Error", message = "", stack = "" } = dumped as Partial<Error>;
  if (/out of memory/.test(message)) return TOO_MUCH;
  if (/stack overflow/.test(message)) return TOO_DEEP;
  const place = /step\.js:(\d+)(?::(\d+))?/.exec(stack);
  const line = Number(place?.[1] ?? 0);
  const error = codeError(name === "SyntaxError" ? "code_syntax" : "code_error", `${name}: ${message}${line ? ` (line ${line})` : ""}`);
  if (!line) return error;
  const before = source.split("\n").slice(0, line - 1);
  return { ...error, position: before.reduce((sum, text) => sum + text.length + 1, 0) + Math.max(0, Number(place?.[2] ?? 1) - 1) };
}

/** A logged value in words. What is no JSON, such as a list that holds itself, comes as text already, but for a BigInt. */
function printLogged(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}

/** `console.log` and its likes, into `logs`; lines beyond the limit are left out. */
function giveConsole(vm: QuickJSContext, logs: string[]): void {
  const log = vm.newFunction("log", (...handles) => {
    if (logs.length === LIMITS.logs) logs.push("… further lines are left out");
    if (logs.length > LIMITS.logs) return;
    const words = handles.map((handle) => printLogged(vm.dump(handle)));
    logs.push(words.join(" ").slice(0, LIMITS.logLine));
  });
  const console = vm.newObject();
  for (const name of ["log", "info", "warn", "error", "debug"]) vm.setProp(console, name, log);
  vm.setProp(vm.global, "console", console);
  log.dispose();
  console.dispose();
}
