// `bench/idle.ts [--count 10000] [--seconds 60]`: integrations that wait for nothing but a webhook cost nothing, beside as many bare objects.
import { usageOf } from "./cpu.ts";
import { ORDERS } from "./flows.ts";
import { type BenchOptions, figure, judged, type Row, runBench } from "./row.ts";
import { many, onStage, pause } from "./stage.ts";

/** The product's own heartbeat (a sweep each minute, a health check every 5 s) may cost this much of one core, with one integration or many. */
const HEARTBEAT = 0.01;

/** CPU of `count` (10,000) idle integrations over `seconds` (60), against the same Inlay before it had any; and of as many bare objects. */
export async function measureIdle({ count = 10_000, port = 9110, seconds = 60 }: BenchOptions = {}): Promise<Row[]> {
  return onStage(port, async ({ inlay, bare, workspace, url }) => {
    const share = async (pid: number) => {
      const before = usageOf(pid).cpu;
      await pause(seconds * 1_000);
      return (usageOf(pid).cpu - before) / (seconds * 1_000);
    };
    await pause(3_000);
    const [empty] = await Promise.all([share(inlay.pid), share(bare.pid)]);
    await many(count, 16, (index) => bare.call(`/keep/k${index}`));
    await workspace.publish(ORDERS);
    await workspace.integrate("orders-to-anywhere", count, { url, minimum: 0 });
    await pause(15_000);
    const [ours, theirs] = await Promise.all([share(inlay.pid), share(bare.pid)]);
    return [
      figure("CPU of Inlay without integrations", empty * 100, "%"),
      figure(`CPU of ${count} bare objects, idle`, theirs * 100, "%"),
      figure(`CPU of Inlay with ${count} integrations, idle`, ours * 100, "%"),
      judged("  of it, what the integrations cost", (ours - empty) * 100, "%", ours - empty < HEARTBEAT, `< ${HEARTBEAT * 100}`),
      figure(`  memory of Inlay then`, usageOf(inlay.pid).memory, "MB"),
    ];
  });
}

if (process.argv[1] === import.meta.filename) await runBench(measureIdle);
