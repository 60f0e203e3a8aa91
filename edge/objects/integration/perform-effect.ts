import type { Effect, EffectContext, EffectResult } from "../../engine/deps.ts";
import type { Env } from "../../env.ts";
import { doEffect } from "../../providers/app/do-effect.ts";
import { runCode } from "../../providers/code/run-code.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { connectedOf, gateOf, type Wired } from "./connected.ts";

/** Does `effect` for the integration whose configuration is `open`. Never rejects. */
export function performEffect(env: Env, open: Wired, effect: Effect, context: EffectContext): Promise<EffectResult> {
  const connect = (slot: string) => {
    const connected = connectedOf(open, slot);
    return typeof connected === "string" ? connected : { ...connected, gate: gateOf(env, connected.account, open.config.id) };
  };
  const means = { env: open.config.env, connect, fetch: guardedFetch(env, context.after), runCode, now: () => Date.now() };
  return doEffect(means, effect, context);
}
