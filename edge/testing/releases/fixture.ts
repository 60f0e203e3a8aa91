// What a release left behind, as `fixture.json` of its folder says it; the rows stand beside it, one `.sql` a database.

/** Which of the Worker's objects a database belongs to. */
export type ObjectKind = "INTEGRATIONS" | "ACCOUNTS" | "LEDGERS" | "INBOXES";

export interface FixtureObject {
  kind: ObjectKind;
  name: string;
  /** What its alarm was set for: ms since epoch. */
  alarm: number | null;
  file: string;
}

/** A run as it was left, and what has to come of it. */
export interface FixtureRun {
  run: string;
  /** In words, for the test's name. */
  about: string;
  was: string;
  ends: string;
  output?: unknown;
  /** Paths of its steps that call the outside once the new release has it, each once. */
  calls: string[];
}

export interface Fixture {
  release: string;
  /** When it was written: ms since epoch. */
  at: number;
  workspace: string;
  /** Has every scope. */
  apiToken: string;
  integrations: Record<"busy" | "waits" | "held" | "poisoned", string>;
  /** The account that its app refused. */
  refusedAccount: string;
  /** Path of a webhook's address. */
  hook: string;
  objects: FixtureObject[];
  runs: FixtureRun[];
  /** Effect keys that were answered with success or a refusal: none of them may be called again. */
  done: string[];
  /** Effect keys that were under way: each is called once more. */
  underWay: string[];
  /** The schedule's next due time: ms since epoch. */
  tick: number;
}
