// Every limit of the engine, in one place. Each is enforced with the error code that stands beside it.

/** Expressions. A step of evaluation costs `step`, an item of a list that it yields 1; `timeout` when `budget` is spent. */
export const EXPRESSION_LIMITS = {
  budget: 3_000_000,
  step: 10,
  milliseconds: 1_000,
  depth: 600,
  sequence: 100_000,
  text: 5_000_000,
  regexSteps: 1_000_000,
} as const;

/** Runs. Times in milliseconds, sizes in characters of JSON unless they say bytes. */
export const RUN_LIMITS = {
  /** Steps that one drive of a run walks, pure ones and replayed ones too: `too_many_steps`. */
  steps: 200_000,
  /** Items of one loop, and of all pages of a query: `too_many_items`. */
  items: 50_000,
  /** Pages of a query whose app file says no `max`: `too_many_pages`. */
  pages: 1_000,
  /** Turns of a `while` without `max`: `too_many_turns`. */
  whileDefault: 1_000,
  /** Blocks that call blocks: `calls_too_deep`. */
  calls: 8,
  /** A step's output, in bytes (a row holds 2 MB): `output_too_large`. */
  output: 1_400_000,
  /** A value that a step computes without a call, in characters of JSON: `output_too_large`. */
  value: 5_000_000,
  /** All values of one drive of a run, those that it shares counted once: `run_too_large`. */
  values: 64_000_000,
  /** All that `set` steps keep between runs: `state_too_large`. */
  state: 250_000,
  /** Delays up to this are slept through; longer ones end the drive and wait for the alarm. */
  nap: 2_000,
  /** Longest wait of one step: `wait_too_long`. */
  wait: 366 * 86_400_000,
  /** A run that waits for an account asks for it once more after this, whatever it was told. */
  look: 86_400_000,
  /** An effect without a `timeout` of its own: `timeout`. Queries page, and wait for their account's budget between pages. */
  call: 120_000,
  query: 600_000,
  /** What `finally` has at the least from when it begins, also where the time of what it stands in is over: `timeout`. */
  cleanUp: 300_000,
  /** Drives that broke off without journaling anything, after which a run is in quarantine; after as many more it has failed: `poison`. */
  deaths: 3,
  /** A drive is left and taken up again after this. */
  drive: 60_000,
  /** Failures of pure steps that the log keeps when it is full. */
  traceFailed: 100,
  /** Steps that the log of a run keeps, the size of a pure one's output there, of all of them, and of an effect's input. */
  trace: 1_000,
  traced: 4_000,
  traceSize: 400_000,
  /** Characters of what a step or a run fails with, or is stopped for; cut there. */
  words: 4_000,
  input: 16_000,
} as const;

/**
 * Code steps: `code_timeout`, `code_memory`, `code_depth`, `output_too_large`; lines beyond `logs` are left out. A unit of fuel is a turn of a
 * loop or a call of a function inside the interpreter, or 16 bytes copied at a stroke: a million of them take a few milliseconds.
 */
export const CODE_LIMITS = {
  fuel: 150_000_000,
  /** Of it, what is kept back to end in good order. */
  reserve: 30_000_000,
  memory: 16 * 1_024 * 1_024,
  stack: 256 * 1_024,
  output: 1_000_000,
  logs: 100,
  logLine: 2_000,
} as const;

/** A block that gives a setup field's options: `app_timeout` after `time` (ms), `too_many_calls`. */
export const OPTION_LIMITS = { time: 20_000, calls: 30 } as const;

/** What one integration holds. */
export const QUEUE_LIMITS = {
  /** Queued runs: `queue_full`, 429. */
  queued: 10_000,
  /** Runs of one block at a time, where the block does not say. */
  concurrency: 8,
  /** Runs of all blocks at a time. */
  live: 64,
  /** Input of a run, in bytes of JSON: `too_large`. */
  input: 1_500_000,
  /** Its configuration, in bytes of JSON: flow file, app files, values (a row holds 2 MB): `too_large`, 413. */
  config: 1_900_000,
  /** Shortest `every`: `too_often`. */
  every: 1_000,
  /** Missed times of a schedule that are looked at. */
  missed: 1_000,
  /** Ids that a poll remembers a block. */
  seen: 50_000,
  /** Pages that a poll keeps a block until it has read all, in characters of JSON: what is more begins anew. */
  kept: 32_000_000,
  /** A dedupe key holds for this long. */
  dedupe: 7 * 86_400_000,
} as const;
