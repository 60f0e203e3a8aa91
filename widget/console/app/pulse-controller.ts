import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { LiveListener } from "../../api/stream.ts";
import { memberStream } from "./member-stream.ts";

/** What the live stream tells of: `run`, `integration`, `account`, `flow`, or the kind of what a member has changed. `*`: anything. */
export interface Pulse {
  of: readonly string[];
  /** How long (ms) lies at least between two beats that the stream gives. */
  least?: number;
  /** Beats come this often (ms) even where the stream tells of nothing: times go by, and some things it does not tell. */
  most?: number;
}

/** Calls `beat` when the live stream tells of a change that its view shows, while the view is in the page and the page is seen. */
export class PulseController implements ReactiveController {
  readonly #beat: () => unknown;
  readonly #of: ReadonlySet<string>;
  readonly #least: number;
  readonly #most: number;
  #steady: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;
  #beatAt = 0;

  constructor(host: ReactiveControllerHost, beat: () => unknown, { of, least = 1_000, most = 60_000 }: Pulse) {
    this.#beat = beat;
    this.#of = new Set(of);
    this.#least = least;
    this.#most = most;
    host.addController(this);
  }

  hostConnected(): void {
    this.#steady = setInterval(this.#now, this.#most);
    this.#stop = memberStream.subscribe(this.#hear);
    document.addEventListener("visibilitychange", this.#now);
  }

  hostDisconnected(): void {
    clearInterval(this.#steady);
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#stop?.();
    document.removeEventListener("visibilitychange", this.#now);
  }

  readonly #hear: LiveListener = (message) => {
    const kind = message.type === "change" ? message.change.kind : message.type;
    if (kind !== "missed" && !this.#of.has(kind) && !this.#of.has("*")) return;
    const wait = this.#beatAt + this.#least - Date.now();
    if (wait <= 0) this.#now();
    else this.#soon ??= setTimeout(this.#now, wait);
  };

  readonly #now = (): void => {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (document.visibilityState === "hidden") return;
    this.#beatAt = Date.now();
    this.#beat();
  };
}
