// A thread that floods. Told `{url, connections, duration}` (ms), it posts orders there, whether or not what was posted before is answered,
// and tells what became of them. It also has a waiting room, whose address it tells first: a place to flood that costs nobody but the sender.
import { Agent, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { orderBody, post } from "./load.ts";

/** Calls a second. What could not be sent by `GRACE` ms after the end is never sent. */
const RATE = 1_000;
const GRACE = 5_000;
/** ms between looks at what is due. */
const TICK = 10;
/** ms that the waiting room lets one wait: as long as Inlay holds back whoever floods it by so many connections. */
const WAIT = 1_800;

export interface Flood {
  url: string;
  connections: number;
  /** ms */
  duration: number;
}

export interface Flooded {
  accepted: number;
  /** Of those that the flood would have sent. */
  refused: number;
}

async function flood({ url, connections, duration }: Flood): Promise<Flooded> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const from = performance.now();
  const statuses: number[] = [];
  let [sent, underWay] = [0, 0];
  const isTime = () => performance.now() - from < duration;
  while (isTime()) {
    const due = ((performance.now() - from) * RATE) / 1_000;
    for (; sent < due && underWay < connections; sent++, underWay++) {
      const id = `f${sent}-${Math.round(from)}`;
      void post(agent, url, orderBody(id), id).then((status) => {
        underWay--;
        statuses.push(status);
      });
    }
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  const end = performance.now() + GRACE;
  while (underWay && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  agent.destroy();
  const accepted = statuses.filter((status) => status === 202).length;
  return { accepted, refused: Math.round((duration * RATE) / 1_000) - accepted };
}

const waitingRoom = createServer((request, response) => {
  request.resume();
  setTimeout(() => response.writeHead(202).end("{}"), WAIT);
});
waitingRoom.listen(0, "127.0.0.1", () => {
  parentPort?.postMessage(`http://127.0.0.1:${(waitingRoom.address() as AddressInfo).port}/`);
  parentPort?.on("message", async (order: Flood) => parentPort?.postMessage(await flood(order)));
});
