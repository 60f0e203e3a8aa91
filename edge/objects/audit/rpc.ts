// What the rest of the edge may ask of an AuditObject, one a workspace.
import type { AuditActor, AuditCheck, AuditEntry } from "../../../shared/api/audit.ts";

/** A change that was made, before it has its place in the log. Secrets are masked by whoever hands it over. */
export interface AuditChange {
  actor: AuditActor;
  action: string;
  target: string;
  before?: unknown;
  after?: unknown;
  from: AuditEntry["from"];
}

/** An entry as it is stored: `at` in ms since epoch, `body` is JSON of who, old, new and from where. */
export interface AuditRow {
  seq: number;
  at: number;
  action: string;
  target: string;
  body: string;
  mac: string;
}

/** Which entries to list, newest first. `action` ending in `.` takes all that begin so; times in ms; `below`: numbers smaller than this. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  seq?: number | undefined;
  from?: number | undefined;
  to?: number | undefined;
  below?: number | undefined;
  limit: number;
}

export interface AuditRpc {
  /** Adds entries behind the last one; durable before it returns. Answers the number of the last. */
  append(workspace: string, changes: AuditChange[]): Promise<number>;
  list(filter: AuditFilter): Promise<AuditRow[]>;
  /** Checks up to `limit` entries behind number `after`, against each other and the workspace's key. */
  verify(workspace: string, after: number, limit: number): Promise<AuditCheck>;
}
