// The interpreter's effects, done: through apps with their accounts, through a fetch, or in the sandbox. Whoever asks brings the means.
import type { RunError, Why } from "../../../shared/api/run.ts";
import type { AppFile } from "../../../shared/flow/app-file.ts";
import type { Effect, EffectContext, EffectResult } from "../../engine/deps.ts";
import type { CodeOptions, CodeResult } from "../code/run-code.ts";
import type { GuardedFetch } from "../http/guarded-fetch.ts";
import { type AccountGate, type PerformContext, type Performed, performOperation, performRequest } from "./perform.ts";

/** An app, and the account that a slot is connected to. */
export interface ConnectedGate {
  app: AppFile;
  account: string;
  gate: AccountGate;
}

/** What effects are done with. `connect` answers words where a slot has no account; `env` are the workspace's variables; `now` in ms. */
export interface EffectMeans {
  env: Record<string, string>;
  connect(slot: string): ConnectedGate | string;
  fetch: GuardedFetch;
  runCode(source: string, scope: Record<string, unknown>, options: CodeOptions): Promise<CodeResult>;
  now(): number;
}

type Call = Exclude<Effect, { kind: "code" }>;

/** Does `effect`. Never rejects: what cannot be foreseen counts as a failure that a retry may mend. */
export async function doEffect(means: EffectMeans, effect: Effect, context: EffectContext): Promise<EffectResult> {
  try {
    if (effect.kind === "code") return await doCode(means, effect, context);
    const connected = effect.slot === undefined ? undefined : means.connect(effect.slot);
    if (typeof connected === "string")
      return { kind: "failed", tasks: 0, error: { code: "account_missing", message: connected, class: "auth", retryable: false } };
    return toResult(await doCall(means, effect, connected, context), connected);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", tasks: 0, error: { code: "internal", message, class: "internal", retryable: true } };
  }
}

function doCall(means: EffectMeans, effect: Call, connected: ConnectedGate | undefined, context: EffectContext): Promise<Performed> {
  const { effectKey, signal } = context;
  const { env, fetch, now } = means;
  const perform: PerformContext = { env, accounts: connected?.gate ?? null, effectKey, signal, now, fetch };
  if (effect.kind === "http") return performRequest(effect.request, connected ? { ...perform, app: connected.app } : perform);
  if (!connected) throw new TypeError("an operation has an account slot");
  return performOperation(connected.app, effect.type, effect.operation, effect.input, perform);
}

function toResult(performed: Performed, connected: ConnectedGate | undefined): EffectResult {
  const { calls, tasks } = performed;
  const call = calls.at(-1);
  const done = { tasks, ...(call ? { request: call.request, ...(call.response ? { response: call.response } : {}) } : {}) };
  if (performed.ok) return { ...done, kind: "done", output: performed.output };
  const { error, retryAfter, wait } = performed;
  if (wait) return { ...done, kind: "hold", reason: error.message, why: whyOf(error), until: wait.until };
  if (error.class === "auth" && connected && error.code !== "account_lapsed")
    return {
      ...{ ...done, kind: "hold", reason: reasonOf(error, connected.app.name) },
      ...{ why: { code: "reconnect", params: { app: connected.app.name } }, account: connected.account },
    };
  return { ...done, kind: "failed", error, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** What is to be done about an account that is at fault is said with it: others than its user may mend it. */
const reasonOf = ({ code, message }: RunError, app: string) =>
  code === "account_error" ? message : `${app} must be connected again: ${message}`;

/** Why an account gives no way for now, by its code: `throttled`, `broken` or `locked`. */
const whyOf = ({ code, params }: RunError): Why => ({ code: code.replace("account_", ""), ...(params && { params }) });

async function doCode(
  { runCode }: EffectMeans,
  { source, scope }: Effect & { kind: "code" },
  { effectKey, now }: EffectContext,
): Promise<EffectResult> {
  const result = await runCode(source, scope, { now, seed: effectKey });
  const { logs } = result;
  return result.ok ? { kind: "done", tasks: 1, logs, output: result.output } : { kind: "failed", tasks: 1, logs, error: result.error };
}
