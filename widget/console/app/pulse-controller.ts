import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Calls `beat` every `ms` while its element is in the page and the page is seen, and at once when the page is looked at again. */
export class PulseController implements ReactiveController {
  readonly #beat: () => unknown;
  readonly #ms: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost, beat: () => unknown, ms = 4_000) {
    this.#beat = beat;
    this.#ms = ms;
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = setInterval(() => document.hidden || this.#beat(), this.#ms);
    document.addEventListener("visibilitychange", this.#look);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    document.removeEventListener("visibilitychange", this.#look);
  }

  readonly #look = (): void => {
    if (!document.hidden) this.#beat();
  };
}
