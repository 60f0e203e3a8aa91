// What the rest of the edge may ask of a LedgerObject, one a workspace.
import type { List } from "../../../shared/api/list.ts";
import type { Run } from "../../../shared/api/run.ts";
import type { StreamMessage } from "../../../shared/api/stream.ts";
import type { RunIndexFilter } from "./ledger-store.ts";

/** A change as it is published: `user` is the `usr_…` that may see it, null for all users of the workspace. */
export interface LedgerEntry {
  user: string | null;
  message: StreamMessage;
  /** Runs that have not ended: when they go on (ms since epoch). The ledger looks after those that do not. */
  due?: number | null;
}

/** Stands in a stream for whoever works on the workspace: members see what all users see, and are told of changes besides. */
export const MEMBERS = "members";

/**
 * Headers by which the route hands a verified user (or {@link MEMBERS}), the end of their token (ms since epoch), and how long ago (ms) they began to
 * read what the stream keeps up to date, to the ledger's `fetch`.
 */
export const STREAM_USER = "x-inlay-user";
export const STREAM_EXPIRES = "x-inlay-expires";
export const STREAM_AGE = "x-inlay-age";

export interface LedgerRpc {
  /**
   * Takes a batch from an object's outbox: run summaries go to the index, everything to open streams. Idempotent by run id and status. Answers
   * for how long (ms) an object that has more to tell should gather it.
   */
  publish(entries: LedgerEntry[]): Promise<number>;
  /** Runs of the whole workspace, newest first, as far as the objects have told. */
  listRuns(filter: RunIndexFilter): Promise<List<Run>>;
  /** Whether the index has this run. */
  hasRun(run: string): Promise<boolean>;
  ping(): Promise<boolean>;
  /** Ends the open streams of `reader` (a `usr_…` or {@link MEMBERS}), or of all: who may still listen comes back, and is asked at the door. */
  closeStreams(reader?: string): Promise<void>;
}
