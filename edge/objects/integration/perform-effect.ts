// The interpreter's effects, done: through accounts and apps, through the guarded fetch, or in the sandbox.
import type { Effect, EffectContext, EffectResult } from "../../engine/deps.ts";
import type { Env } from "../../env.ts";
import { type PerformContext, type Performed, performOperation, performRequest } from "../../providers/app/perform.ts";
import { runCode } from "../../providers/code/run-code.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { type Connected, connectedOf, gateOf, type Wired } from "./connected.ts";

type Call = Exclude<Effect, { kind: "code" }>;

/** Does `effect`. Never rejects: what cannot be foreseen counts as a failure that a retry may mend. */
export async function performEffect(env: Env, open: Wired, effect: Effect, context: EffectContext): Promise<EffectResult> {
  try {
    if (effect.kind === "code") return await performCode(effect, context);
    const connected = effect.slot === undefined ? undefined : connectedOf(open, effect.slot);
    if (typeof connected === "string")
      return { kind: "failed", tasks: 0, error: { code: "account_missing", message: connected, class: "auth", retryable: false } };
    return toResult(await performCall(env, open, effect, connected, context), connected);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", tasks: 0, error: { code: "internal", message, class: "internal", retryable: true } };
  }
}

function performCall(env: Env, open: Wired, effect: Call, connected: Connected | undefined, context: EffectContext): Promise<Performed> {
  const { effectKey, signal } = context;
  const accounts = connected ? gateOf(env, connected.account, open.config.id) : null;
  const fetch = guardedFetch(env, context.after);
  const perform: PerformContext = { env: open.config.env, accounts, effectKey, signal, now: () => Date.now(), fetch };
  if (effect.kind === "http") return performRequest(effect.request, connected ? { ...perform, app: connected.app } : perform);
  if (!connected) throw new TypeError("an operation has an account slot");
  return performOperation(connected.app, effect.type, effect.operation, effect.input, perform);
}

function toResult(performed: Performed, connected: Connected | undefined): EffectResult {
  const { calls, tasks } = performed;
  const call = calls.at(-1);
  const done = { tasks, ...(call ? { request: call.request, ...(call.response ? { response: call.response } : {}) } : {}) };
  if (performed.ok) return { ...done, kind: "done", output: performed.output };
  const { error, retryAfter, wait } = performed;
  if (wait) return { ...done, kind: "hold", reason: error.message, until: wait.until };
  if (error.class === "auth" && connected && error.code !== "account_lapsed")
    return { ...done, kind: "hold", reason: `${connected.app.name} must be connected again: ${error.message}`, account: connected.account };
  return { ...done, kind: "failed", error, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

async function performCode({ source, scope }: Effect & { kind: "code" }, { effectKey, now }: EffectContext): Promise<EffectResult> {
  const result = await runCode(source, scope, { now, seed: effectKey });
  const { logs } = result;
  return result.ok ? { kind: "done", tasks: 1, logs, output: result.output } : { kind: "failed", tasks: 1, logs, error: result.error };
}
