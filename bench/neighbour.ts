// What a flood costs those beside it: orders of eight integrations, a few a second each, from the post to their arrival, while one more
// integration is sent 1,000 webhooks a second, and while the same sender floods a place of its own instead. Both share the machine's two
// cores with Inlay: what sending costs is in both figures.
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Flood, Flooded } from "./flood.ts";
import { ORDERS } from "./flows.ts";
import { type Integration, startInlay } from "./inlay.ts";
import { orderBody, post, quantile } from "./load.ts";
import { judged, type Row } from "./row.ts";

const NEIGHBOURS = 8;
/** ms between the orders of one neighbour. */
const EVERY = 200;
const PHASE = 10_000;
const ROUNDS = 4;
/** Few enough that all find room to wait, and so many that most are refused. */
const CONNECTIONS = [64, 512];

/** Others' p95 in a flood against theirs without it; aim: within 20 %. Serves Inlay on `port` from a folder of its own. */
export async function measureNeighbour(port = 9104): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "inlay-neighbour-"));
  const arrivals = new Arrivals();
  const url = await arrivals.start();
  const flooder = new Flooder();
  await flooder.start();
  const inlay = await startInlay(port, folder);
  try {
    await inlay.publish(ORDERS);
    const integrate = (count: number) => inlay.integrate("orders-to-anywhere", count, { url, minimum: 0 });
    const [neighbours, flooded] = [await integrate(NEIGHBOURS), (await integrate(1))[0]];
    await phase(arrivals, neighbours, 2_000);
    const measure = async (connections: number): Promise<Row> => {
      const [calm, beside]: [number[], number[]] = [[], []];
      let [accepted, refused] = [0, 0];
      const both = (url: string) => Promise.all([phase(arrivals, neighbours, PHASE), flooder.flood({ url, connections, duration: PHASE })]);
      for (let round = 0; round < ROUNDS; round++) {
        calm.push(...(await both(flooder.waitingRoom))[0]);
        const [times, flooding] = await both(flooded?.url ?? "");
        beside.push(...times);
        accepted += flooding.accepted;
        refused += flooding.refused;
        await settled(arrivals);
      }
      const told = (times: number[]) => [0.5, 0.9, 0.95, 0.99].map((part) => quantile(times, part).toFixed(1)).join(" / ");
      console.log(`  p50/90/95/99 ${told(calm)} ms without, ${told(beside)} ms in the flood (${accepted} accepted, ${refused} held back)`);
      const value = quantile(beside, 0.95) / quantile(calm, 0.95);
      return judged(`neighbours of a flood, ${connections} connections: p95`, value, "×", value <= 1.2, "≤ 1.20");
    };
    const rows: Row[] = [];
    for (const connections of CONNECTIONS) rows.push(await measure(connections));
    return rows;
  } finally {
    await inlay.stop();
    await flooder.stop();
    arrivals.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** When each order arrived that somebody waits for. */
class Arrivals {
  readonly #waiting = new Map<string, (at: number) => void>();
  #lastAt = 0;
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      this.#lastAt = performance.now();
      const { id } = JSON.parse(body) as { id: string };
      this.#waiting.get(id)?.(this.#lastAt);
      this.#waiting.delete(id);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });

  async start(): Promise<string> {
    this.#server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Resolves with the time (performance.now) at which order `id` arrives, after 30 s at the latest. */
  of(id: string): Promise<number> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(performance.now()), 30_000);
      this.#waiting.set(id, (at) => {
        clearTimeout(late);
        resolve(at);
      });
    });
  }

  get quietFor(): number {
    return performance.now() - this.#lastAt;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let count = 0;

/** ms from post to arrival of each order that the neighbours send for `duration`. */
async function phase(arrivals: Arrivals, neighbours: readonly Integration[], duration: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const end = performance.now() + duration;
  const orders: Promise<number>[] = [];
  const send = async (url: string, index: number) => {
    await pause((index * EVERY) / NEIGHBOURS);
    while (performance.now() < end) {
      const id = `n${++count}`;
      const since = performance.now();
      const arrival = arrivals.of(id);
      orders.push(post(agent, url, orderBody(id), id).then(async () => (await arrival) - since));
      await pause(EVERY);
    }
  };
  await Promise.all(neighbours.map(({ url }, index) => send(url, index)));
  const times = await Promise.all(orders);
  agent.destroy();
  return times;
}

/** The flood, from a thread of its own: what it costs to send shall not slow the neighbours' clock. */
class Flooder {
  readonly #thread = new Worker(new URL("./flood.ts", import.meta.url)).setMaxListeners(0);
  waitingRoom = "";

  async start(): Promise<void> {
    this.waitingRoom = await this.#told<string>();
  }

  flood(what: Flood): Promise<Flooded> {
    this.#thread.postMessage(what);
    return this.#told<Flooded>();
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }

  #told<T>(): Promise<T> {
    return new Promise((resolve, reject) => this.#thread.once("message", resolve).once("error", reject));
  }
}

/** Waits until nothing arrives any more. */
async function settled(arrivals: Arrivals): Promise<void> {
  while (arrivals.quietFor < 1_000) await pause(200);
}
