import type { Context } from "hono";
import { MEMBERS, STREAM_EXPIRES, STREAM_USER } from "../objects/ledger/rpc.ts";
import type { AppEnv } from "./app-env.ts";

/** Opens the workspace's live stream for `reader`, a `usr_…` or `MEMBERS`, until `expiresAt` (ms since epoch). */
export async function openStream(c: Context<AppEnv>, workspace: string, reader: string, expiresAt: number): Promise<Response> {
  const headers = new Headers({ [STREAM_USER]: reader, [STREAM_EXPIRES]: String(expiresAt) });
  const resume = c.req.header("last-event-id");
  if (resume !== undefined) headers.set("last-event-id", resume);
  const opened = await c.env.LEDGERS.getByName(workspace).fetch(new Request("https://ledger/stream", { headers }));
  return new Response(opened.body, opened);
}

/** After somebody has lost access: members' streams end at once, and those who may listen open theirs again. */
export const endMemberStreams = (c: Context<AppEnv>): Promise<void> =>
  c.env.LEDGERS.getByName(c.var.member.workspace).closeStreams(MEMBERS);

/** After a signing key was revoked: the same, for users and members. */
export const endAllStreams = (c: Context<AppEnv>): Promise<void> => c.env.LEDGERS.getByName(c.var.member.workspace).closeStreams();
