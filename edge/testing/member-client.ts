// For tests: a workspace, and requests to `/v1/workspace/…` with an API token for it.
import { createApiToken, type Scope } from "../db/tokens.ts";
import { edgeClient } from "./call-edge.ts";
import { makeWorkspace } from "./test-workspace.ts";

/** A workspace of one's own; `api` asks below `/v1/workspace` with a token of these scopes. */
export async function makeMember(scopes: Scope[] = ["admin"]) {
  const ws = await makeWorkspace();
  const { token } = await createApiToken(ws.db, ws.id, { name: "Grace", scopes, expiresAt: null });
  const client = edgeClient(token);
  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    client(method, `/v1/workspace/${path}`, body, {
      ...(typeof body === "string" ? { "content-type": "application/yaml" } : {}),
      ...headers,
    });
  /** A user's client, and their `usr_…`. */
  const asUser = async (sub: string) => ({ user: await ws.user(sub), call: edgeClient(await ws.token({ sub })) });
  return { ws, token, api, asUser };
}
