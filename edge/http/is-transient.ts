// Faults of the platform that pass by themselves, and a key that a deployment going out does not know everywhere yet: the caller is told to come again, never that all is well.
const PASSING =
  /INLAY_MASTER_KEY lacks|overloaded|network connection lost|object (to be|has been) reset|reset because its code was updated|too many requests queued|too much load on durable objects|cannot resolve d1 db due to transient issue|d1 db (storage operation exceeded|is overloaded)|exceeded its (memory|cpu time) limit and was reset/i;
const MAX_CAUSES = 5;

/** Whether `error`, or what caused it, is a fault of the database or an object that a later try may not meet. */
export function isTransient(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > MAX_CAUSES) return false;
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown };
  return retryable === true || overloaded === true || PASSING.test(error.message) || isTransient(error.cause, depth + 1);
}
