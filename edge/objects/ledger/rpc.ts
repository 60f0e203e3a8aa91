// What the rest of the edge may ask of a LedgerObject, one a workspace.
import type { StreamMessage } from "../../../shared/api/stream.ts";

/** A change as it is published: `user` is the `usr_…` that may see it, null for all users of the workspace. */
export interface LedgerEntry {
  user: string | null;
  message: StreamMessage;
}

export interface LedgerRpc {
  /** Takes a batch from an object's outbox: run summaries go to the index, everything to open streams. Idempotent by run id and status. */
  publish(entries: LedgerEntry[]): Promise<void>;
}
