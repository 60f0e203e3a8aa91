import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { List } from "../../../shared/api/list.ts";
import { type ApiError, isAbort } from "../../api/api-error.ts";
import { asApiError } from "../../api/resource.ts";

/** Reads the page behind `cursor`; the first without one. */
export type LoadPage<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<List<T>>;

/**
 * A list that is read page by page, newest first. It begins again when `key` changes; `refresh` reads the first page again and puts what is new
 * or changed in its place, so that what is shown does not jump.
 */
export class PagedController<T> implements ReactiveController {
  items: T[] = [];
  status: "loading" | "ready" | "failed" = "loading";
  error: ApiError | undefined;
  #cursor: string | null = null;
  #loadedKey: string | undefined;
  #running: AbortController | undefined;
  #isBusy = false;
  readonly #host: ReactiveControllerHost;
  readonly #key: () => unknown[];
  readonly #load: LoadPage<T>;
  readonly #idOf: (item: T) => string;

  constructor(host: ReactiveControllerHost, options: { key: () => unknown[]; load: LoadPage<T>; idOf: (item: T) => string }) {
    this.#host = host;
    this.#key = options.key;
    this.#load = options.load;
    this.#idOf = options.idOf;
    host.addController(this);
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  hostUpdate(): void {
    const key = JSON.stringify(this.#key());
    if (key === this.#loadedKey) return;
    this.#loadedKey = key;
    void this.reload();
  }

  hostDisconnected(): void {
    this.#running?.abort();
    this.#loadedKey = undefined;
  }

  /** Begins again; what was shown stays until the first page is there. */
  reload(): Promise<void> {
    this.status = "loading";
    return this.#read(undefined, (page) => page.items);
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    if (this.#isBusy || this.#cursor === null) return;
    await this.#read(this.#cursor, (page) => [...this.items, ...page.items]);
  }

  /** Reads the first page again, quietly. */
  async refresh(): Promise<void> {
    if (this.#isBusy || this.status !== "ready") return;
    const before = this.#cursor;
    const wasWhole = before === null;
    await this.#read(undefined, (page) => {
      if (wasWhole && page.nextCursor === null) return page.items;
      const fresh = new Set(page.items.map(this.#idOf));
      return [...page.items, ...this.items.filter((item) => !fresh.has(this.#idOf(item)))];
    });
    if (before !== null) this.#cursor = before;
  }

  /** Puts in, or takes out, what is known to be so. */
  change(items: (items: T[]) => T[]): void {
    this.items = items(this.items);
    this.#host.requestUpdate();
  }

  async #read(cursor: string | undefined, join: (page: List<T>) => T[]): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#isBusy = true;
    this.#host.requestUpdate();
    try {
      const page = await this.#load(cursor, running.signal);
      if (running.signal.aborted) return;
      this.items = join(page);
      this.#cursor = page.nextCursor;
      this.status = "ready";
      this.error = undefined;
    } catch (error) {
      if (isAbort(error) || running.signal.aborted) return;
      this.error = asApiError(error);
      this.status = this.items.length ? "ready" : "failed";
    } finally {
      if (this.#running === running) {
        this.#isBusy = false;
        this.#host.requestUpdate();
      }
    }
  }
}
