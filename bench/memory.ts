// `bench/memory.ts [--count 50000]`: memory stays flat, however many runs have gone by.
import { usageOf } from "./cpu.ts";
import { ORDERS } from "./flows.ts";
import { measure } from "./load.ts";
import { type BenchOptions, figure, judged, type Row, runBench } from "./row.ts";
import { onStage, pause } from "./stage.ts";

const STOPS = 5;
/** Integrations that share the runs. */
const SHARED = 16;

/** Memory of workerd after each fifth of `count` (50,000) runs over 16 integrations, and of the last against the first. */
export async function measureMemory({ count = 50_000, port = 9110 }: BenchOptions = {}): Promise<Row[]> {
  return onStage(port, async ({ inlay, workspace, target, url }) => {
    await workspace.publish(ORDERS);
    const urls = (await workspace.integrate("orders-to-anywhere", SHARED, { url, minimum: 0 })).map((one) => one.url);
    const rows: Row[] = [];
    const seen: number[] = [];
    for (let stop = 1; stop <= STOPS; stop++) {
      const aim = (count / STOPS) * stop;
      while (target.arrived < aim) await measure({ urls, connections: 16, duration: 1_000, target, pid: inlay.pid });
      await pause(3_000);
      seen.push(usageOf(inlay.pid).memory);
      rows.push(figure(`memory after ${target.arrived} runs`, seen.at(-1) ?? 0, "MB"));
    }
    const growth = (seen.at(-1) ?? 0) / (seen[0] ?? 1);
    return [...rows, judged("  the last against the first", growth, "×", growth <= 1.25, "≤ 1.25")];
  });
}

if (process.argv[1] === import.meta.filename) await runBench(measureMemory);
