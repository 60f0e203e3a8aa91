import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Run } from "../../shared/api/run.ts";
import type { LiveStream } from "../api/stream.ts";

const FINAL: readonly Run["status"][] = ["succeeded", "failed", "stopped", "canceled"];
const REMEMBERED = 500;

/** Whether a run in this status changes no more. */
export const isFinished = (status: Run["status"]): boolean => FINAL.includes(status);

/** Tells of each run that ends while its element is in the page, once. */
export class RunWatch implements ReactiveController {
  readonly #tell: (run: Run) => void;
  readonly #told = new Set<string>();
  #live: LiveStream | undefined;
  #stop: (() => void) | undefined;
  #isConnected = false;

  constructor(host: ReactiveControllerHost, tell: (run: Run) => void) {
    this.#tell = tell;
    host.addController(this);
  }

  watch(live: LiveStream | undefined): void {
    this.#stop?.();
    this.#live = live;
    this.#stop = this.#isConnected ? this.#listen() : undefined;
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#stop?.();
    this.#stop = this.#listen();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#stop?.();
    this.#stop = undefined;
  }

  #listen(): (() => void) | undefined {
    return this.#live?.subscribe((message) => {
      if (message.type !== "run" || !isFinished(message.run.status) || this.#told.has(message.run.id)) return;
      this.#told.add(message.run.id);
      const [oldest] = this.#told;
      if (this.#told.size > REMEMBERED && oldest) this.#told.delete(oldest);
      this.#tell(message.run);
    });
  }
}
