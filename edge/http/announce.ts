import type { StreamMessage } from "../../shared/api/stream.ts";
import type { Env } from "../env.ts";

/** Tells the user's open streams of changes that the catalogue holds already. A ledger that does not answer keeps nobody from working. */
export async function announce(env: Env, workspace: string, user: string | null, ...messages: StreamMessage[]): Promise<void> {
  try {
    if (messages.length) await env.LEDGERS.getByName(workspace).publish(messages.map((message) => ({ user, message })));
  } catch {
    // whoever listens learns of it at the next read
  }
}
