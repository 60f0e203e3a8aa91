// What the rest of the edge may ask of an AccountObject: the one place that holds, refreshes and rations an account's access.
import type { AppFile } from "../../../shared/flow/app-file.ts";

/** What a request must carry to be let in, ready to merge into it. Never logged; `redact` lists the values to mask. */
export interface Carry {
  headers: Record<string, string>;
  query: Record<string, string>;
  body: Record<string, string>;
  redact: string[];
  /** Hosts (`host[:port]`) that may receive it. */
  hosts: string[];
  /** Non-secret auth fields, for expressions (`account.FIELD`), such as a base URL that the user entered. */
  fields: Record<string, string>;
}

/** How long (ms) runs wait for an account that has ended or was removed; then they fail with `account_lapsed`. */
export const HOLD = 30 * 86_400_000;

/** Leave to make one call, `delay` milliseconds from now; or why there is none. */
export type Lease =
  | { ok: true; lease: number; delay: number; carry: Carry }
  | { ok: false; reason: "expired" | "revoked" | "error" | "missing" | "lapsed"; message: string }
  /** `locked`: its credentials cannot be opened for now, such as without the workspace's key. */
  | { ok: false; reason: "throttled" | "broken" | "locked"; message: string; retryAt: number };

/** What came of the call. `auth`: refused as not signed in; the object refreshes once and answers whether a retry makes sense. */
export interface LeaseReport {
  lease: number;
  /** `unsent`: nothing went out, the permit is given back. */
  status: number | "network" | "unsent";
  /** When the request left, ms since epoch: later than planned where the caller was busy. */
  sentAt?: number;
  /** ms */
  retryAfter?: number;
  auth?: boolean;
  limitHeaders?: Record<string, string>;
}

/** The tokens of an OAuth answer, or the fields of a key form; plain here, sealed before it is stored. */
export interface Credentials {
  auth: string;
  fields: Record<string, string>;
  accessToken?: string;
  refreshToken?: string;
  /** ms since epoch */
  expiresAt?: number;
  scopes?: string[];
  tokenType?: string;
}

export interface LeaseOptions {
  /** ms that the call may lie ahead. */
  maxDelay?: number;
  by?: string;
}

export interface AccountConfig {
  id: string;
  workspace: string;
  app: AppFile;
  env: Record<string, string>;
}

export interface AccountRpc {
  /** Stores `credentials` sealed, replacing older ones, and marks the account connected. (`connect` is the platform's: a socket.) */
  establish(config: AccountConfig, credentials: Credentials): Promise<void>;
  /** Lets go on what waits for the account, which is connected anew. What cannot be told now is told later; where nothing waits, nothing happens. */
  restoreUsers(): Promise<void>;
  /** Reads the app file anew, which may have lost the account's kind of sign-in, or have it again: then what waits goes on. */
  lookAgain(): Promise<void>;
  /** `by`: who asks, such as an integration; those who share the account get equal shares of it. */
  lease(options?: LeaseOptions): Promise<Lease>;
  /** `retry`: fresh credentials are there. `ended`: the account must be connected again. `later`: nobody can tell now. */
  report(report: LeaseReport): Promise<{ retry: boolean; ended?: boolean; later?: boolean }>;
  /** Revokes at the provider where it can, and deletes everything. */
  remove(): Promise<void>;
}
