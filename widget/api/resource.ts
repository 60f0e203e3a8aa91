import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ApiError, isAbort, isApiError } from "./api-error.ts";

export type ResourceState<T> =
  | { status: "loading"; value?: T | undefined }
  | { status: "ready"; value: T }
  | { status: "failed"; error: ApiError; value?: T | undefined };

/**
 * One thing that an element shows and the edge owns. `load` runs when `key` changes and on `reload`; a later load wins, late answers are
 * dropped, leaving the page aborts. The last value stays while the next is on its way.
 */
export class ResourceController<T> implements ReactiveController {
  state: ResourceState<T> = { status: "loading" };
  readonly #host: ReactiveControllerHost;
  readonly #load: (signal: AbortSignal, shown?: T) => Promise<T>;
  readonly #key: () => unknown[] | undefined;
  readonly #settled: ((state: ResourceState<T>) => void) | undefined;
  #loadedKey: string | undefined;
  /** It left the page since: read again, and show the last value meanwhile where it is the same thing. */
  #isStale = false;
  /** It is not in the page, where nothing is read for it. */
  #isAway = false;
  #running: AbortController | undefined;

  /**
   * `key`: what the value depends on; undefined while it cannot be loaded yet. `load` gets the value that is shown where it reads the same
   * thing again. `settled` is told of each outcome.
   */
  constructor(
    host: ReactiveControllerHost,
    options: {
      key: () => unknown[] | undefined;
      load: (signal: AbortSignal, shown?: T) => Promise<T>;
      settled?: (state: ResourceState<T>) => void;
    },
  ) {
    this.#host = host;
    this.#key = options.key;
    this.#load = options.load;
    this.#settled = options.settled;
    host.addController(this);
  }

  get value(): T | undefined {
    return this.state.value;
  }

  hostConnected(): void {
    this.#isAway = false;
  }

  hostUpdate(): void {
    const key = this.#key();
    if (key === undefined || this.#isAway) return;
    const text = key.map(identify).join("\n");
    const isSame = text === this.#loadedKey;
    if (isSame && !this.#isStale) return;
    const keepsValue = isSame || !this.#isStale;
    this.#isStale = false;
    this.#loadedKey = text;
    this.#begin(keepsValue ? this.state.value : undefined, isSame);
  }

  hostDisconnected(): void {
    this.#running?.abort();
    this.#isStale = this.#isAway = true;
  }

  /** Loads again; settles when done, whatever came of it. */
  async reload(): Promise<void> {
    if (this.#key() !== undefined) await this.#begin(this.state.value);
  }

  /** Puts in what is known to be so (an answer to a change, say). */
  set(value: T): void {
    this.#running?.abort();
    this.state = { status: "ready", value };
    this.#host.requestUpdate();
  }

  async #begin(value: T | undefined, isSame = true): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.state = { status: "loading", value };
    this.#host.requestUpdate();
    const state = await this.#load(running.signal, isSame ? value : undefined).then(
      (loaded): ResourceState<T> => ({ status: "ready", value: loaded }),
      (error: unknown): ResourceState<T> | undefined =>
        isAbort(error) ? undefined : { status: "failed", error: asApiError(error), value },
    );
    if (!state || running.signal.aborted) return;
    this.state = state;
    this.#host.requestUpdate();
    this.#settled?.(state);
  }
}

/** What came out of a call, as an `ApiError`; a bug of ours is one that says so in the console of its caller. */
export function asApiError(error: unknown): ApiError {
  return isApiError(error) ? error : new ApiError("internal", error instanceof Error ? error.message : String(error), 500);
}

const identities = new WeakMap<object, number>();
let nextIdentity = 1;

function identify(part: unknown): string {
  if (typeof part !== "object" || part === null) return JSON.stringify(part) ?? "";
  const known = identities.get(part) ?? nextIdentity++;
  identities.set(part, known);
  return `#${known}`;
}
