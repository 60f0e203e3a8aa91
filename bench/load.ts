import { Agent, request } from "node:http";
import { usageOf } from "./cpu.ts";
import type { Target } from "./target.ts";

export interface Load {
  urls: readonly string[];
  connections: number;
  /** ms of sending; then everything that was accepted is waited for. */
  duration: number;
  target: Target;
  /** The process whose CPU time counts, with all below it. */
  pid: number;
}

/** `rate`: runs a second from the first call to the last arrival. `cpu`: ms a run. `latency`: median ms to the answer. */
export interface Measured {
  rate: number;
  cpu: number;
  latency: number;
  accepted: number;
  refused: number;
}

let count = 0;

/** Posts one JSON body; answers its status. */
export function post(agent: Agent, url: string, body: string, id: string): Promise<number> {
  return new Promise((resolve) => {
    const call = request(url, { agent, method: "POST", headers: { "content-type": "application/json", "x-order-id": id } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    call.on("error", () => resolve(0));
    call.end(body);
  });
}

export const orderBody = (id: string) =>
  JSON.stringify({
    id,
    lines: [
      { price: 10, quantity: 2 },
      { price: 3, quantity: 4 },
    ],
    customer: { email: "ADA@Example.com" },
  });

/** Posts orders over as many connections, each one after another, and waits until what was accepted has arrived. */
export async function measure({ urls, connections, duration, target, pid }: Load): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const before = target.arrived;
  const { cpu } = usageOf(pid);
  const from = performance.now();
  let [accepted, refused, next] = [0, 0, 0];
  const latencies: number[] = [];
  const send = async () => {
    while (performance.now() - from < duration) {
      const id = `b${++count}`;
      const since = performance.now();
      const status = await post(agent, urls[next++ % urls.length] ?? "", orderBody(id), id);
      if (status === 202) {
        accepted++;
        latencies.push(performance.now() - since);
      } else {
        refused++;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  const end = performance.now() + 30_000;
  while (target.arrived - before < accepted && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 300));
  agent.destroy();
  const arrived = target.arrived - before;
  const used = usageOf(pid).cpu - cpu;
  if (arrived < accepted) console.log(`  ${accepted - arrived} of ${accepted} did not arrive within 30 s`);
  return {
    rate: (arrived * 1_000) / (target.lastAt - from),
    cpu: used / Math.max(1, arrived),
    latency: median(latencies),
    accepted,
    refused,
  };
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
