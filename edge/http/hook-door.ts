// Webhooks of integrations without the routes' machinery in front: they come by the thousand, and that machinery costs more than they do.
import { type ErrorHandler, Hono } from "hono";
import type { Env } from "../env.ts";
import type { Accepted, Refusal } from "../objects/integration/rpc.ts";
import type { AppEnv } from "./app-env.ts";
import { FairShare } from "./fair-share.ts";
import { toIncoming, toOutgoing } from "./incoming.ts";
import { missingSetting } from "./require-settings.ts";
import { plainHeaders, safeHeaders } from "./safe-headers.ts";

/** One for the whole process. */
const share = new FairShare();
const BUSY = "More is sent to this address than its share while others wait: send this again later";

const HOOK = /^https?:\/\/[^/?#]+\/hooks\/(int_[0-9A-Za-z]{22})\/([\w-]+)\/([\w-]+)(?:\?|$)/;

/** Answers a POST to an integration's webhook; null for every other request, which is the routes' affair. Faults are `onFault`'s. */
export function answerHook(request: Request, env: Env, onFault: ErrorHandler<AppEnv>): Promise<Response> | null {
  const [, integration = "", block = "", key = ""] = (request.method === "POST" && HOOK.exec(request.url)) || [];
  return key === "" || missingSetting(env) !== undefined ? null : answer(request, env, { integration, block, key }, onFault);
}

async function answer(
  request: Request,
  env: Env,
  { integration, block, key }: { integration: string; block: string; key: string },
  onFault: ErrorHandler<AppEnv>,
): Promise<Response> {
  let result: () => Accepted | Refusal;
  try {
    const incoming = await toIncoming(request);
    const wait = env.INLAY_ONE_THREAD === "true" ? share.admit(integration, Date.now()) : 0;
    if (wait) await scheduler.wait(wait);
    const accepted: Accepted | Refusal =
      wait === undefined
        ? { ok: false, status: 429, code: "rate_limited", message: BUSY, retryAfter: 5 }
        : await env.INTEGRATIONS.getByName(integration).acceptHook(block, key, incoming);
    if (accepted.ok && !accepted.response)
      return new Response(JSON.stringify(accepted.run ? { run: accepted.run } : { ignored: true }), {
        status: 202,
        headers: { "content-type": "application/json", ...plainHeaders(env, crypto.randomUUID()) },
      });
    result = () => accepted;
  } catch (error) {
    result = () => {
      throw error;
    };
  }
  const rest = new Hono<AppEnv>().use(safeHeaders).all("*", (c) => toOutgoing(c, result()));
  return rest.onError(onFault).fetch(request, env);
}
