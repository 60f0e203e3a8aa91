import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The local endpoint that everything is posted to: counts what arrives, and notes how late it is where it says when it was due. */
export class Target {
  arrived = 0;
  /** Of those that arrived: with a key that was there before. */
  repeated = 0;
  readonly #keys = new Set<string>();
  lastAt = 0;
  readonly lateness: number[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        this.arrived++;
        const key = request.headers["idempotency-key"];
        if (this.#keys.has(`${key}`)) this.repeated++;
        if (key) this.#keys.add(`${key}`);
        this.lastAt = performance.now();
        if (body.startsWith('{"dueAt"')) this.lateness.push(Date.now() - Date.parse((JSON.parse(body) as { dueAt: string }).dueAt));
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
