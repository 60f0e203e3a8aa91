import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";

/** A demo server that answers at `url` (no trailing slash) until it is closed. */
export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** The product's name, for messages. */
  name: string;
  /** 0 takes a free port. */
  port: number;
  /** `localhost` listens on both loopback addresses; anything else on itself alone. */
  host: string;
  fetch(request: Request): Response | Promise<Response>;
}

/** Thrown by `listen` where another process holds the port. Its message is fit for the terminal as it is. */
export class PortTakenError extends Error {
  constructor(name: string, port: number) {
    const variable = `${name.toUpperCase()}_PORT`;
    super(`${name} cannot start: port ${port} is taken. Stop what uses it, or choose another with ${variable}=PORT.`);
    this.name = "PortTakenError";
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);

/** Serves `fetch` over HTTP. Throws `PortTakenError` where the port is in use. */
export async function listen(options: ListenOptions): Promise<RunningServer> {
  const isLocal = options.host === "localhost";
  const first = await bind(options, isLocal ? "127.0.0.1" : options.host, options.port);
  const { port } = first.address() as AddressInfo;
  const servers = [first];
  if (isLocal) {
    try {
      servers.push(await bind(options, "::1", port));
    } catch (error) {
      // No IPv6 on this machine is fine; another program that would get half of the browser's requests is not.
      if (error instanceof PortTakenError) {
        await stop(first);
        if (options.port === 0) return listen(options);
        throw error;
      }
    }
  }
  const close = async () => {
    await Promise.all(servers.map(stop));
  };
  return { url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`, close };
}

function bind(options: ListenOptions, hostname: string, port: number): Promise<ServerType> {
  const server = createAdaptorServer({ fetch: options.fetch, hostname, overrideGlobalObjects: false });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(codeOf(error) === "EADDRINUSE" ? new PortTakenError(options.name, port) : error));
    server.listen(port, hostname, () => resolve(server));
  });
}

function stop(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}
