// Keeps what is typed on the edge: waits while typing, one request in flight, the latest entries win, answers that came too late are
// dropped, failures are tried again. The clock and the request are passed in.

/** How far the edge knows what is entered. `unsaved`: it could not be told yet, and will be. */
export type DraftStatus = "idle" | "waiting" | "saving" | "saved" | "unsaved";

export interface DraftSyncDeps<Body, Answer> {
  /** What to keep, read at the moment of sending. */
  read: () => Body;
  /** Rejects with anything; {@link DraftSyncDeps.isFinal} says whether trying again is of use. */
  put: (body: Body, signal: AbortSignal) => Promise<Answer>;
  /** The edge's answer to the newest entries. */
  answered: (answer: Answer) => void;
  changed: (status: DraftStatus) => void;
  /** Whether a failure would come again: the flow is gone, the entries are refused. Told once. */
  isFinal: (error: unknown) => boolean;
  failed: (error: unknown) => void;
  /** Calls back after `ms`; the answer takes it back. */
  after: (ms: number, call: () => void) => () => void;
}

/** While typing. In ms. */
export const TYPING_PAUSE = 300;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 30_000;

export class DraftSync<Body, Answer> {
  readonly #deps: DraftSyncDeps<Body, Answer>;
  #status: DraftStatus = "idle";
  #revision = 0;
  #kept = 0;
  #failures = 0;
  #cancelTimer: (() => void) | undefined;
  #flight: AbortController | undefined;
  #waiters: (() => void)[] = [];
  #stopped = false;

  constructor(deps: DraftSyncDeps<Body, Answer>) {
    this.#deps = deps;
  }

  get status(): DraftStatus {
    return this.#status;
  }

  /** Whether something was entered that the edge does not know. */
  get isDirty(): boolean {
    return this.#kept !== this.#revision;
  }

  /** Notes a change. `soon` waits for a pause in typing; otherwise it is sent at once, or when the request in flight is back. */
  keep(soon: boolean): void {
    if (this.#stopped) return;
    this.#revision += 1;
    this.#failures = 0;
    this.#set("waiting");
    if (!this.#flight) this.#schedule(soon ? TYPING_PAUSE : 0);
  }

  /** Sends what is outstanding now, such as when the network is back. */
  retry(): void {
    if (this.isDirty && !this.#flight && !this.#stopped) this.#schedule(0);
  }

  /** The page may not come back: what is outstanding is sent at once, in place of the request in flight. */
  leave(): void {
    if (!this.isDirty || this.#stopped) return;
    this.#flight?.abort();
    this.#flight = undefined;
    this.#schedule(0);
  }

  /** Settles when the edge knows everything, when telling it has failed, or after `ms`. Never rejects. */
  async flush(ms: number): Promise<void> {
    if (!this.isDirty || this.#stopped) return;
    const settled = new Promise<void>((resolve) => {
      this.#waiters.push(resolve);
      this.#deps.after(ms, resolve);
    });
    this.retry();
    await settled;
  }

  /** Ends it: nothing is sent any more, and no answer is heard. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#flight?.abort();
    this.#settle();
  }

  #schedule(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (ms === 0) void this.#send();
    else this.#cancelTimer = this.#deps.after(ms, () => void this.#send());
  }

  async #send(): Promise<void> {
    if (this.#flight || this.#stopped) return;
    const revision = this.#revision;
    const flight = new AbortController();
    this.#flight = flight;
    this.#set("saving");
    try {
      const answer = await this.#deps.put(this.#deps.read(), flight.signal);
      if (this.#flight !== flight) return;
      this.#flight = undefined;
      if (!this.#stopped) this.#succeed(revision, answer);
    } catch (error) {
      if (this.#flight !== flight) return;
      this.#flight = undefined;
      if (!this.#stopped) this.#fail(revision, error);
    }
  }

  #succeed(revision: number, answer: Answer): void {
    this.#failures = 0;
    this.#kept = revision;
    if (this.isDirty) {
      this.#schedule(0);
      return;
    }
    this.#set("saved");
    this.#deps.answered(answer);
    this.#settle();
  }

  #fail(revision: number, error: unknown): void {
    if (this.#deps.isFinal(error)) {
      this.#kept = revision;
      this.#set("unsaved");
      this.#deps.failed(error);
    } else {
      this.#set("unsaved");
      this.#schedule(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#failures));
      this.#failures += 1;
    }
    this.#settle();
    if (this.#deps.isFinal(error) && this.isDirty) this.#schedule(0);
  }

  #set(status: DraftStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#deps.changed(status);
  }

  #settle(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
