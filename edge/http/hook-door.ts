// Webhooks of integrations without the routes' machinery in front: they come by the thousand, and that machinery costs more than they do.
import { type ErrorHandler, Hono } from "hono";
import type { Env } from "../env.ts";
import type { Accepted, Refusal } from "../objects/integration/rpc.ts";
import { logRefusal } from "../security/log-line.ts";
import type { AppEnv } from "./app-env.ts";
import { FairShare } from "./fair-share.ts";
import { toIncoming, toOutgoing, unlessOwed } from "./incoming.ts";
import { problemBody } from "./problem.ts";
import { missingSetting } from "./require-settings.ts";
import { plainHeaders, safeHeaders } from "./safe-headers.ts";

/** One for the whole process. */
const share = new FairShare();
/** Seconds after which a refusal says to come again, and for about which it is held back: not all for as long, or they came again at once. */
const RETRY = 5;
const MOST_HELD = 1_000;
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
  const wait = env.INLAY_ONE_THREAD === "true" ? share.admit(integration, Date.now()) : 0;
  if (wait === undefined) return refuse(request, env, integration);
  let result: () => Accepted | Refusal;
  try {
    const incoming = await toIncoming(request);
    if (wait) await waitForTurn(integration, wait);
    const accepted = (await env.INTEGRATIONS.getByName(integration).acceptHook(block, key, incoming)) as Accepted | Refusal;
    if (accepted.ok && !accepted.response)
      return new Response(JSON.stringify(accepted.run ? { run: accepted.run } : { ignored: true }), {
        status: 202,
        headers: { "content-type": "application/json", ...plainHeaders(env, crypto.randomUUID()) },
      });
    const told = await unlessOwed(env, integration, accepted);
    result = () => told;
  } catch (error) {
    result = () => {
      throw error;
    };
  }
  const rest = new Hono<AppEnv>().use(safeHeaders).all("*", (c) => toOutgoing(c, result()));
  return rest.onError(onFault).fetch(request, env);
}

async function waitForTurn(integration: string, wait: number): Promise<void> {
  await scheduler.wait(wait);
  const since = Date.now();
  for (let gap = share.gap(integration, since, since); gap; gap = share.gap(integration, since, Date.now())) await scheduler.wait(gap);
}

/** Refusals being held back, and when the log was last told of one (ms). */
const refusing = { held: 0, toldAt: 0 };

/**
 * Refuses what is beyond an integration's share, for as little work as can be: nothing is read, and the log is told once a second. Whoever
 * sends again as soon as it is answered would take the thread by being refused alone, so the answer is late.
 */
async function refuse(request: Request, env: Env, integration: string): Promise<Response> {
  const requestId = crypto.randomUUID();
  if (Date.now() - refusing.toldAt >= 1_000) {
    refusing.toldAt = Date.now();
    logRefusal("refused", { code: "rate_limited", status: 429, request: requestId, integration, held: refusing.held });
  }
  // Whoever has gone meanwhile is refused all the same.
  await request.body?.cancel().catch(() => undefined);
  if (refusing.held < MOST_HELD) {
    refusing.held++;
    await scheduler.wait(RETRY * (0.5 + Math.random()) * 1_000).finally(() => refusing.held--);
  }
  return new Response(JSON.stringify(problemBody("rate_limited", BUSY, {}, requestId)), {
    status: 429,
    headers: { "content-type": "application/problem+json", "retry-after": String(RETRY), ...plainHeaders(env, requestId) },
  });
}
