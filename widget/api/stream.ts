// Live changes. One connection serves every element of the same edge and user; it begins with what has changed since its client began to read, resumes where it broke off, and while it cannot be had,
// listeners are told to look again every 15 s. A page that stays hidden gives its connection back: over HTTP/1.1 a browser has six for all tabs.
import type { MemberMessage } from "../../shared/api/stream.ts";
import { isAbort } from "./api-error.ts";
import type { ApiClient } from "./client.ts";
import { readEvents } from "./sse.ts";

/** A change, or `missed`: something may have changed unseen, read again. */
export type LiveMessage = MemberMessage | { type: "missed" };
/** Sends the request that opens the stream; rejects as `ApiClient` does. */
export type OpenStream = (request: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;
export type LiveListener = (message: LiveMessage) => void;

const BASE_MS = 1_000;
const CAP_MS = 30_000;
const POLL_MS = 15_000;
const QUIET_MS = 45_000;
const HIDDEN_MS = 30_000;

/** A live stream, open while somebody listens. */
export class LiveStream {
  readonly #listeners = new Set<LiveListener>();
  #connect: OpenStream;
  #open: AbortController | undefined;
  #lastId = "";

  constructor(connect: OpenStream) {
    this.#connect = connect;
  }

  /** Calls `listener` for each change until the function that it answers is called. */
  subscribe(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    if (!this.#open) this.#run();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size) return;
      this.#open?.abort();
      this.#open = undefined;
    };
  }

  /** Tells every listener to read again what it shows. */
  refresh(): void {
    this.#tell({ type: "missed" });
  }

  /** Connects by another client of the same user from now on, whose token is newer. */
  renew(connect: OpenStream): void {
    this.#connect = connect;
  }

  async #run(): Promise<void> {
    const open = new AbortController();
    this.#open = open;
    // Also where the connection has outlived it: what it told of meanwhile could not be read.
    addEventListener("online", () => this.refresh(), { signal: open.signal });
    let failures = 0;
    while (!open.signal.aborted) {
      const startedAt = Date.now();
      try {
        await this.#listen(open.signal, () => {
          if (failures > 0) this.#tell({ type: "missed" });
          failures = 0;
        });
      } catch (error) {
        if (open.signal.aborted && isAbort(error)) return;
      }
      if (open.signal.aborted) return;
      if (isHidden()) {
        await untilShown(open.signal);
        if (open.signal.aborted) return;
        failures = 1;
        continue;
      }
      failures++;
      const pause = Math.random() * Math.min(CAP_MS, BASE_MS * 2 ** failures);
      await this.#rest(failures > 2 ? Math.max(pause, POLL_MS) : Math.max(pause, BASE_MS - (Date.now() - startedAt)), open.signal);
      if (failures > 2 && !open.signal.aborted) this.#tell({ type: "missed" });
    }
  }

  /** One connection, from its answer to its end; given up where not even a heartbeat came for 45 s. */
  async #listen(stop: AbortSignal, opened: () => void): Promise<void> {
    const quiet = new AbortController();
    const signal = AbortSignal.any([stop, quiet.signal]);
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (this.#lastId) headers["last-event-id"] = this.#lastId;
    const response = await this.#connect({ headers, signal });
    if (!response.body) return;
    opened();
    let timer = setTimeout(() => quiet.abort(), QUIET_MS);
    const stopHiding = whenHiddenFor(HIDDEN_MS, () => quiet.abort());
    const beat = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), QUIET_MS);
        controller.enqueue(chunk);
      },
    });
    try {
      for await (const { event, data, id } of readEvents(response.body.pipeThrough(beat))) {
        this.#lastId = id || this.#lastId;
        const message = readMessage(event, data);
        if (message) this.#tell(message);
      }
    } finally {
      clearTimeout(timer);
      stopHiding();
    }
  }

  #tell(message: LiveMessage): void {
    for (const listener of [...this.#listeners]) listener(message);
  }

  #rest(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const now = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", now, { once: true });
    addEventListener("online", now, { once: true });
    return promise.finally(() => {
      signal.removeEventListener("abort", now);
      removeEventListener("online", now);
    });
  }
}

/** By its words: a page may have an element named "hidden", which `document.hidden` would find. */
const isHidden = () => document.visibilityState === "hidden";

/** Calls `act` once the page has been hidden for `ms` on end, until the function that it answers is called. */
function whenHiddenFor(ms: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (isHidden()) timer = setTimeout(act, ms);
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

function untilShown(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => isHidden() || resolve();
  document.addEventListener("visibilitychange", look);
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => document.removeEventListener("visibilitychange", look));
}

const TYPES = ["run", "integration", "account", "flow", "change"];

function readMessage(event: string, data: string): LiveMessage | undefined {
  if (!TYPES.includes(event)) return undefined;
  try {
    return { type: event, ...JSON.parse(data) } as LiveMessage;
  } catch {
    return undefined;
  }
}

const streams = new Map<string, LiveStream>();

/** The stream that all elements with this client's edge and user share. */
export function liveStreamOf(client: ApiClient): LiveStream {
  const key = `${client.origin} ${client.subject}`;
  const connect: OpenStream = (request) =>
    client.transport.send("/v1/stream", { ...request, query: { age: Math.ceil(performance.now() - client.since) } });
  const known = streams.get(key);
  known?.renew(connect);
  const stream = known ?? new LiveStream(connect);
  streams.set(key, stream);
  return stream;
}
