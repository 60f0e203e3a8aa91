// Changes of runs on their way to the workspace's ledger: batched, in order, again until they have arrived.
import type { LedgerEntry } from "../ledger/rpc.ts";
import type { Parts } from "./parts.ts";
import type { RunRow } from "./run-store.ts";
import { dueOf, toRun } from "./run-view.ts";

const BATCH = 100;
const PAUSE = 200;
const MAX_PAUSE = 60_000;

export class Outbox {
  readonly #parts: Parts;
  readonly #onEmpty: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #flushing: Promise<void> | null = null;
  #failures = 0;

  /** `onEmpty`: everything that had changed has arrived. */
  constructor(parts: Parts, onEmpty: () => void) {
    this.#parts = parts;
    this.#onEmpty = onEmpty;
  }

  /** Publishes what has changed within a fifth of a second. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, PAUSE);
  }

  /** ms until what is left should be tried again; undefined where nothing is left. */
  get retryIn(): number | undefined {
    return this.#parts.runs.unpublished(1).length ? Math.min(MAX_PAUSE, 1_000 * 2 ** this.#failures) : undefined;
  }

  /** Publishes now. Never rejects: what does not arrive stays. */
  flush(): Promise<void> {
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  async #drain(): Promise<void> {
    const workspace = this.#parts.configs.current?.workspace;
    if (workspace === undefined) return;
    try {
      for (let rows = this.#parts.runs.unpublished(BATCH); rows.length; rows = this.#parts.runs.unpublished(BATCH)) {
        await this.#parts.env.LEDGERS.getByName(workspace).publish(rows.flatMap((row) => this.#entryOf(row) ?? []));
        this.#parts.runs.published(rows);
        this.#failures = 0;
      }
      const progress = this.#parts.live.takeProgress().flatMap((id) => this.#parts.runs.read(id) ?? []);
      if (progress.length) await this.#parts.env.LEDGERS.getByName(workspace).publish(progress.flatMap((row) => this.#entryOf(row) ?? []));
      this.#onEmpty();
    } catch {
      this.#failures = Math.min(this.#failures + 1, 6);
      this.touchLater();
    }
  }

  touchLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, this.retryIn ?? PAUSE);
  }

  #entryOf(row: RunRow): LedgerEntry | undefined {
    const config = this.#parts.configs.read(row.config);
    if (!config) return undefined;
    return {
      user: config.user.ref,
      due: dueOf(row, this.#parts.now()),
      message: { type: "run", run: toRun(this.#parts.live.overlay(row), config.id, config.flow.key, config.version) },
    };
  }
}
