import { ContextConsumer } from "@lit/context";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { liveContext } from "../contexts.ts";
import type { LiveListener, LiveMessage, LiveStream } from "./stream.ts";

const GATHER_MS = 250;

/**
 * Listens to live changes while its element is in the page. `changed` gets what came within 250 ms in one go; a run's end at once, unless
 * others have just been told.
 */
export class LiveController implements ReactiveController {
  readonly #changed: (messages: LiveMessage[]) => void;
  #gathered: LiveMessage[] = [];
  #live: LiveStream | undefined;
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, changed: (messages: LiveMessage[]) => void) {
    this.#changed = changed;
    new ContextConsumer(host, { context: liveContext, subscribe: true, callback: (live) => this.#follow(live) });
    host.addController(this);
  }

  hostConnected(): void {
    if (this.#live && !this.#stop) this.#stop = this.#live.subscribe(this.#gather);
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gathered = [];
  }

  #follow(live: LiveStream | undefined): void {
    if (live === this.#live) return;
    this.#stop?.();
    this.#live = live;
    this.#stop = live?.subscribe(this.#gather);
  }

  readonly #gather: LiveListener = (message) => {
    this.#gathered.push(message);
    const isEnd = message.type === "run" && message.run.endedAt;
    if (isEnd && Date.now() - this.#toldAt > GATHER_MS) this.#flush();
    else this.#timer ??= setTimeout(this.#flush, GATHER_MS);
  };

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = Date.now();
    this.#changed(this.#gathered.splice(0));
  };
}
