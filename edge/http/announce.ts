import type { StreamMessage } from "../../shared/api/stream.ts";
import type { Env } from "../env.ts";

/** Tells the user's open streams of a change that the catalogue holds already. A ledger that does not answer keeps nobody from working. */
export async function announce(env: Env, workspace: string, user: string | null, message: StreamMessage): Promise<void> {
  try {
    await env.LEDGERS.getByName(workspace).publish([{ user, message }]);
  } catch {
    // whoever listens learns of it at the next read
  }
}
