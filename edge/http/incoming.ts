import type { Context } from "hono";
import { catalogue } from "../db/catalogue.ts";
import { isOff } from "../db/integrations.ts";
import type { Env } from "../env.ts";
import { type Accepted, HOOK_CALLS, type IncomingRequest, type Refusal } from "../objects/integration/rpc.ts";
import { headerRecord } from "../providers/http/header-record.ts";
import { TokenBuckets } from "../security/token-bucket.ts";
import { readSigned } from "./cap-body.ts";
import { refusalProblem } from "./problem.ts";

/** The request as a block gets it: the body as text, whatever its type. `without` names headers that are for us alone. */
export async function toIncoming(request: Request, without: readonly string[] = []): Promise<IncomingRequest> {
  const { method, url } = request;
  const headers = headerRecord(request.headers);
  for (const name of [...without, "cookie"]) delete headers[name];
  return {
    method,
    headers,
    query: url.includes("?") ? Object.fromEntries(new URL(url).searchParams) : {},
    body: await readSigned(request),
  };
}

/** Headers that a block may not set: they belong to the connection, or to this origin. */
const OURS =
  /^(connection|content-length|keep-alive|set-cookie|te|trailer|transfer-encoding|upgrade|strict-transport-security|clear-site-data|access-control-.*|content-security-policy.*|cf-.*)$/i;

/** The block's own answer, or 202 with the run (`ignored`: the event is none that the block waits for). What a block answers is shown by no browser as a page of ours. */
export function toOutgoing(c: Context, result: Accepted | Refusal): Response {
  if (!result.ok) {
    if (result.code === "rate_limited") tellHookLimit(c, result.retryAfter ?? 1);
    throw refusalProblem(result);
  }
  if (!result.response) return c.json(result.run ? { run: result.run } : { ignored: true }, 202);
  const { status, headers, body } = result.response;
  const hasBody = status >= 200 && ![204, 205, 304].includes(status);
  const answer = new Response(hasBody ? body : null, { status: status >= 200 && status <= 599 ? status : 502 });
  for (const [name, value] of Object.entries(headers))
    if (!OURS.test(name) && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[\r\n\0]/.test(value)) answer.headers.set(name, value);
  answer.headers.set("content-security-policy", "default-src 'none'; sandbox");
  answer.headers.set("inlay-run", result.run);
  return answer;
}

/**
 * Calls to an integration that is off for which its row is read; a flood costs no more. Nothing is remembered of it: what was read before a call
 * came does not know that it has been switched on meanwhile.
 */
const LOOKS = { burst: 60, perMinute: 1_200 };
const looks = new TokenBuckets();

/** `result`, or that it is to be sent again: the integration is off only as far as its object has been told, or that cannot be looked up for each call. */
export async function unlessOwed(env: Env, integration: string, result: Accepted | Refusal): Promise<Accepted | Refusal> {
  if (result.ok || result.code !== "disabled") return result;
  const again = (message: string, retryAfter: number) => ({ ok: false, status: 503, code: "unavailable", message, retryAfter }) as const;
  const wait = looks.take(integration, LOOKS, Date.now());
  if (wait)
    return again("The integration is switched off, and called too often to look for each call: send this again", Math.ceil(wait / 1_000));
  if (await isOff(catalogue(env), integration)) return result;
  return again("The integration is being changed: send this again in a minute", 60);
}

/** Whether `id` has the form of an integration's id; nothing else gets as far as an object. */
export const isIntegrationId = (id: string): boolean => /^int_[0-9A-Za-z]{22}$/.test(id);

/** The limit of one webhook's address, which the others of an answer do not name. */
function tellHookLimit(c: Context, wait: number): void {
  c.header("ratelimit-policy", `"hook";q=${HOOK_CALLS.perMinute};w=60`);
  c.header("ratelimit", `"hook";r=0;t=${wait}`);
}
