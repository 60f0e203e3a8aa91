import type { Context } from "hono";
import { MEMBERS, STREAM_AGE, STREAM_EXPIRES, STREAM_USER } from "../objects/ledger/rpc.ts";
import { logFault } from "../security/log-line.ts";
import type { AppEnv } from "./app-env.ts";

/**
 * Opens the workspace's live stream for `reader`, a `usr_…` or `MEMBERS`, until `expiresAt` (ms since epoch). `?age=1500`: it begins with what happened in
 * the last 1,500 ms, a minute at most.
 */
export async function openStream(c: Context<AppEnv>, workspace: string, reader: string, expiresAt: number): Promise<Response> {
  const headers = new Headers({ [STREAM_USER]: reader, [STREAM_EXPIRES]: String(expiresAt) });
  const resume = c.req.header("last-event-id");
  const age = /^\d{1,9}$/.exec(c.req.query("age") ?? "")?.[0];
  if (age !== undefined) headers.set(STREAM_AGE, age);
  if (resume !== undefined) headers.set("last-event-id", resume);
  const opened = await c.env.LEDGERS.getByName(workspace).fetch(new Request("https://ledger/stream", { headers }));
  return new Response(opened.body, opened);
}

/** After somebody has lost access: members' streams end at once, and those who may listen open theirs again. Never rejects. */
export const endMemberStreams = (c: Context<AppEnv>): Promise<void> => endStreams(c, MEMBERS);

/** After a signing key was revoked: the same, for users and members. */
export const endAllStreams = (c: Context<AppEnv>): Promise<void> => endStreams(c);

/** The change stands, and belongs into the audit log, also where the ledger cannot be reached: streams end by themselves then, minutes later. */
async function endStreams({ env, var: { member } }: Context<AppEnv>, reader?: string): Promise<void> {
  try {
    await env.LEDGERS.getByName(member.workspace).closeStreams(reader);
  } catch (error) {
    logFault("streams", { workspace: member.workspace, error });
  }
}
