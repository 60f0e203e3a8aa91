// A thread that posts orders to one address, whether or not what was posted before is answered: `workerData` says where to and for how long (ms).
import { Agent } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { orderBody, post } from "./load.ts";

/** Calls a second, over how many connections. What could not be sent by `GRACE` ms after the end is never sent. */
const FLOOD = { rate: 1_000, connections: 64 };
const GRACE = 5_000;

const { url, duration } = workerData as { url: string; duration: number };
const agent = new Agent({ keepAlive: true, maxSockets: FLOOD.connections });
const from = performance.now();
const statuses: number[] = [];
let [sent, underWay] = [0, 0];
const isTime = () => performance.now() - from < duration;
while (isTime()) {
  const due = ((performance.now() - from) * FLOOD.rate) / 1_000;
  for (; sent < due && underWay < FLOOD.connections; sent++, underWay++) {
    const id = `f${sent}-${Math.round(from)}`;
    void post(agent, url, orderBody(id), id).then((status) => {
      underWay--;
      statuses.push(status);
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
}
const end = performance.now() + GRACE;
while (underWay && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
agent.destroy();
const accepted = statuses.filter((status) => status === 202).length;
parentPort?.postMessage({ accepted, refused: Math.round((duration * FLOOD.rate) / 1_000) - accepted });
