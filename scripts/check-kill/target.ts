import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How long (ms) an order takes. */
const DELAY = 20;
/** What was answered less than this before a kill (ms) may not have been written down. */
const FRESH = 2_000;

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

  /** Orders whose call was under way at `kill` (ms), or answered so lately that its answer may be lost; they are forgotten. */
  takeUnderWay(kill: number): string[] {
    const found = [...this.#answered].filter(([, at]) => at === undefined || at > kill - FRESH).map(([id]) => id);
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
