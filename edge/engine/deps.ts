// All that the interpreter asks of the world.
import type { LoggedRequest, LoggedResponse, RunError, Why } from "../../shared/api/run.ts";

/** A raw HTTP request, its expressions evaluated. */
export interface RawRequest {
  method: string;
  url: string;
  headers: Record<string, unknown>;
  query: Record<string, unknown>;
  body?: unknown;
}

/** What a step wants done outside the interpreter. */
export type Effect =
  | { kind: "operation"; type: "query" | "action"; slot: string; operation: string; input: Record<string, unknown> }
  | { kind: "http"; slot: string | undefined; request: RawRequest }
  | { kind: "code"; source: string; scope: Record<string, unknown> };

/** Under which key, until when, and seeded with what an effect is done. `now` is the branch's time, for code. */
export interface EffectContext {
  effectKey: string;
  signal: AbortSignal;
  now: number;
  after: Deps["after"];
}

interface Done {
  tasks: number;
  request?: LoggedRequest;
  response?: LoggedResponse;
  logs?: string[];
}

/** What came of an effect. `hold`: not now, and no attempt is counted; `account` names what has to be mended first. */
export type EffectResult =
  | (Done & { kind: "done"; output: unknown })
  | (Done & { kind: "failed"; error: RunError; retryAfter?: number })
  | (Done & { kind: "hold"; reason: string; why?: Why; until?: number; account?: string });

/** What a `respond` step answers; `body` is JSON or text. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

export interface Deps {
  /** ms since epoch */
  now(): number;
  /** 0 ≤ n < 1; used for jitter alone. */
  random(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Calls `work` after that time, unless what it answers is called before. */
  after(milliseconds: number, work: () => void): () => void;
  perform(effect: Effect, context: EffectContext): Promise<EffectResult>;
  /** A `respond` step of the run's own block. May come again on a replay. */
  respond(reply: Reply): void;
  /** Whether the drive's time is over: begin no further effect. */
  isSpent(): boolean;
  isCanceled(): boolean;
}
