const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Post orders one after another, each until it is answered 202. */
export class Senders {
  readonly acknowledged = new Set<string>();
  /** Whether somebody should answer now; else they ask more slowly. */
  isUp = true;
  readonly #prefix: string;
  #isOver = false;
  #count = 0;
  #working: Promise<unknown> = Promise.resolve();

  /** Orders are named `prefix` and a number. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Begins with `senders` of them, spread over `urls`. */
  start(urls: readonly string[], senders: number): void {
    this.#working = Promise.all(Array.from({ length: senders }, (_, sender) => this.#send(urls[sender % urls.length] ?? "")));
  }

  /** Resolves when the last of them has ended. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#working;
  }

  async #send(url: string): Promise<void> {
    while (!this.#isOver) {
      const id = `${this.#prefix}${++this.#count}`;
      while (!(await post(url, id))) {
        if (this.#isOver) return;
        await pause(this.isUp ? 50 : 300);
      }
      this.acknowledged.add(id);
    }
  }
}

async function post(url: string, id: string): Promise<boolean> {
  const body = JSON.stringify({ id, lines: [{ price: 2, quantity: 5 }], customer: { email: "ADA@EXAMPLE.COM" } });
  const headers = { "content-type": "application/json", "x-order-id": id };
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await response?.text().catch(() => undefined);
  return response?.status === 202;
}
