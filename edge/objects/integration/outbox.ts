// Changes of runs on their way to the workspace's ledger: batched, in order, again until they have arrived.

import { logFault } from "../../security/log-line.ts";
import type { LedgerEntry } from "../ledger/rpc.ts";
import type { Parts } from "./parts.ts";
import type { RunRow } from "./run-store.ts";
import { dueOf, toRun } from "./run-view.ts";

const BATCH = 100;
/** From a change to its publishing (ms): soon where little happens; where much does, together with others, after as long as the ledger says. */
const PAUSE = 150;
const BUSY_PAUSE = 1_000;
const MAX_PAUSE = 60_000;
/** So many vain tries in a row are a fault that whoever operates this has to know of. */
const TROUBLE = 6;

export class Outbox {
  readonly #parts: Parts;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #flushing: Promise<void> | null = null;
  #flushedAt = 0;
  #busyPause = BUSY_PAUSE;
  #failures = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Publishes what has changed, soon. */
  touch(): void {
    if (this.#timer) return;
    const isBusy = this.#parts.now() - this.#flushedAt < 2 * this.#busyPause;
    this.#later(this.#failures ? (this.retryIn ?? PAUSE) : isBusy ? this.#busyPause : PAUSE);
  }

  /** ms until what is left should be tried again; undefined where nothing is left. */
  get retryIn(): number | undefined {
    return this.#parts.runs.untoldCount ? Math.min(MAX_PAUSE, 1_000 * 2 ** this.#failures) : undefined;
  }

  /** Publishes now. Never rejects: what does not arrive stays. */
  flush(): Promise<void> {
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  async #drain(): Promise<void> {
    const { runs, live, configs, env } = this.#parts;
    const workspace = configs.current?.workspace;
    if (workspace === undefined) return;
    this.#flushedAt = this.#parts.now();
    try {
      const ledger = env.LEDGERS.getByName(workspace);
      for (let list = runs.untold(BATCH); list.length; list = runs.untold(BATCH)) {
        this.#busyPause = await ledger.publish(list.flatMap(({ row }) => this.#entryOf(row) ?? []));
        runs.told(list);
        this.#failures = 0;
      }
      const progress = live.takeProgress().flatMap((id) => runs.read(id) ?? []);
      if (progress.length) await ledger.publish(progress.flatMap((row) => this.#entryOf(row) ?? []));
      if (live.size) this.touch();
    } catch (error) {
      this.#failures = Math.min(this.#failures + 1, 6);
      if (this.#failures === TROUBLE) logFault("ledger not told", { workspace, error });
      if (!this.#timer) this.#later(this.retryIn ?? PAUSE);
    }
  }

  #later(pause: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, pause);
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
