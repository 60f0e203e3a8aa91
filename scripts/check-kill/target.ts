import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How long (ms) an order takes. */
const DELAY = 20;
/** What was answered longer than this before a kill (ms) should have been written down, unless the machine was busy with other things. */
const LONG = 5_000;

/** The endpoint that orders are posted to. It outlives every kill, and keeps account of what came. */
export class Target {
  /** The effect keys under which each order came. */
  readonly arrivals = new Map<string, string[]>();
  /** Orders that came without a key, or under another than before. */
  readonly otherKeys: string[] = [];
  /** When each order was answered last; undefined while it is not. */
  readonly #answered = new Map<string, number | undefined>();
  #server: Server | undefined;

  /** Listens on a free port; answers the address. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        const { id } = JSON.parse(body) as { id: string };
        this.note(id, String(request.headers["idempotency-key"] ?? ""));
        setTimeout(() => {
          this.noteAnswer(id);
          response.writeHead(200, { "content-type": "application/json" }).end("{}");
        }, DELAY);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** An order has come. */
  note(id: string, key: string): void {
    const before = this.arrivals.get(id) ?? [];
    if (key === "" || before.some((one) => one !== key)) this.otherKeys.push(id);
    this.arrivals.set(id, [...before, key]);
    this.#answered.set(id, undefined);
  }

  noteAnswer(id: string): void {
    this.#answered.set(id, Date.now());
  }

  /** Orders that have come since the last time; `old`: answered long before `kill` (ms since epoch). They are forgotten. */
  takeArrived(kill: number): { id: string; old: boolean }[] {
    const found = [...this.#answered].map(([id, at]) => ({ id, old: at !== undefined && at < kill - LONG }));
    this.#answered.clear();
    return found;
  }

  get repeats(): number {
    return [...this.arrivals.values()].reduce((sum, keys) => sum + keys.length - 1, 0);
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}
