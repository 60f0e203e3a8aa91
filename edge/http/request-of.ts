import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";

/** Ids have 26 characters or a few more; the secrets that stand in addresses of webhooks have 43. */
const LONGEST = 40;

/**
 * What the log tells of a request: who sent it, from where, and where to. Neither its query nor the secret parts of its address, and no
 * more of its caller than ids.
 */
export function requestOf(c: Context<AppEnv>) {
  const path = c.req.path.split("/").map((part) => (part.length > LONGEST ? "…" : part));
  const member = c.get("member") as AppEnv["Variables"]["member"] | undefined;
  const user = c.get("user") as AppEnv["Variables"]["user"] | undefined;
  return {
    request: c.get("requestId"),
    method: c.req.method,
    path: path.join("/").slice(0, 300),
    workspace: member?.workspace ?? user?.workspace,
    caller: member?.id ?? user?.ref,
    address: c.req.header("cf-connecting-ip"),
    agent: c.req.header("user-agent")?.slice(0, 200),
  };
}
