import { signWebhook } from "./sign-webhook.ts";
import type { Delivery, WebhookStore } from "./webhook-store.ts";

const TIMEOUT_MS = 10_000;
const GONE = 410;

/** Waits between attempts, in milliseconds: after the last one a message counts as failed. */
export const DEFAULT_RETRY_DELAYS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000];

/** Sends what the store says is due: at once and side by side to different webhooks, one after the other to the same. */
export class WebhookSender {
  readonly #store: WebhookStore;
  readonly #retryDelays: readonly number[];
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  readonly #busy = new Set<string>();

  constructor(store: WebhookStore, retryDelays: readonly number[] = DEFAULT_RETRY_DELAYS) {
    this.#store = store;
    this.#retryDelays = retryDelays;
  }

  /** Call it after each change of the queue, and at the start for what an earlier process left behind. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    for (const webhook of this.#store.dueWebhooks(now)) if (!this.#busy.has(webhook)) void this.#drain(webhook);
    const next = this.#store.nextTime(now);
    if (next !== undefined) this.#timer = setTimeout(() => this.wake(), next - now).unref();
  }

  /** Messages in flight stay pending, and go out again after the next start. */
  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  async #drain(webhook: string): Promise<void> {
    this.#busy.add(webhook);
    while (!this.#stop.signal.aborted) {
      const delivery = this.#store.nextDue(webhook, Date.now());
      if (!delivery) break;
      await this.#send(delivery);
    }
    this.#busy.delete(webhook);
    if (this.#stop.signal.aborted) return;
    this.#store.prune();
    this.wake();
  }

  async #send(delivery: Delivery): Promise<void> {
    const webhook = this.#store.find(delivery.webhook);
    if (!webhook) return this.#store.record({ ...delivery, state: "canceled", next_at: null, answer: "The webhook was removed" });
    const headers = { "Content-Type": "application/json", ...signWebhook(webhook.secret, delivery.id, Date.now(), delivery.payload) };
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const request = { method: "POST", headers, body: delivery.payload, signal, redirect: "manual" } as const;
    const { status, answer } = await fetch(webhook.url, request).then(
      async (response) => {
        await response.body?.cancel();
        return { status: response.status, answer: `HTTP ${response.status}` };
      },
      (error: unknown) => ({ status: 0, answer: describeFailure(error) }),
    );
    if (this.#stop.signal.aborted) return;
    const attempts = delivery.attempts + 1;
    const delay = status === GONE ? undefined : this.#retryDelays[delivery.attempts];
    if (status >= 200 && status < 300) this.#store.record({ ...delivery, state: "delivered", attempts, next_at: null, answer });
    else if (delay === undefined) this.#store.record({ ...delivery, state: "failed", attempts, next_at: null, answer });
    else this.#store.record({ ...delivery, attempts, next_at: Date.now() + delay, answer });
  }
}

function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `No answer in ${TIMEOUT_MS / 1000} s`;
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
