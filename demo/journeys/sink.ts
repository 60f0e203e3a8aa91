import { createServer, type Server } from "node:http";

/** One call that arrived. */
export interface Arrival {
  method: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** An endpoint of the test's own: keeps what arrives, answers `status`. */
export class Sink {
  readonly arrivals: Arrival[] = [];
  status = 200;
  /** Milliseconds before it answers. */
  delay = 0;
  /** Its address, once it has been started. */
  url = "";
  #server: Server | undefined;

  /** Listens on a free port; answers the address. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        this.arrivals.push({ method: request.method ?? "", headers: request.headers, body });
        setTimeout(() => response.writeHead(this.status, { "content-type": "application/json" }).end("{}"), this.delay);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (!address || typeof address !== "object") throw new Error("the sink has no port");
    this.url = `http://localhost:${address.port}/orders`;
    return this.url;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
