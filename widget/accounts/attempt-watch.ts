// Watches an OAuth attempt until it ends. The result comes from the server alone; the popup is only looked at to see whether it is still there.
import type { Attempt } from "../../shared/api/account.ts";
import { isAbort, isApiError } from "../api/api-error.ts";

/** How an attempt ended. `closed`: the window is gone and the server knows of no answer. */
export type AttemptEnd = Attempt | { status: "closed" };

export interface AttemptDeps {
  read: (signal: AbortSignal) => Promise<Attempt>;
  /** Whether the window is closed, and the user is back at this page. */
  isClosed: () => boolean;
  /** Resolves after `ms`, or earlier where news may have come. */
  pause: (ms: number) => Promise<void>;
  signal: AbortSignal;
  /** How long an answer may take before it is asked for anew, in ms: over HTTP/1.1 a request can wait for ever behind others. */
  patience?: number;
}

const EVERY_MS = 1_000;
const PATIENCE_MS = 4_000;
const GRACE_READS = 2;

/**
 * Reads the attempt every second, and twice more after the window was closed, since its answer may be on the way. It needs no live stream,
 * goes on after errors and after a request that hangs, and throws what trying again cannot mend.
 */
export async function watchAttempt({ read, isClosed, pause, signal, patience = PATIENCE_MS }: AttemptDeps): Promise<AttemptEnd> {
  let readsLeft = GRACE_READS;
  while (!signal.aborted) {
    const wasClosed = isClosed();
    const attempt = await read(AbortSignal.any([signal, AbortSignal.timeout(patience)])).catch((error: unknown) => {
      if (isAbort(error) || (isApiError(error) && error.retryable)) return undefined;
      throw error;
    });
    if (attempt && attempt.status !== "pending") return attempt;
    if (attempt && wasClosed && --readsLeft <= 0) return { status: "closed" };
    await pause(wasClosed ? EVERY_MS / 2 : EVERY_MS);
  }
  throw new DOMException("Aborted", "AbortError");
}
