// Every limit of the engine, in one place. Each is enforced with the error code that stands beside it.

/** Expressions. A step of evaluation costs `step`, an item of a list that it yields 1; `timeout` when `budget` is spent. */
export const EXPRESSION_LIMITS = {
  budget: 3_000_000,
  step: 10,
  milliseconds: 1_000,
  depth: 600,
  sequence: 100_000,
  regexSteps: 1_000_000,
} as const;
