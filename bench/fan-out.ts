// `bench/fan-out.ts [--count 10000]`: one host event that all integrations wait for, against a bare Worker that is called once for each.
import { type BenchOptions, figure, judged, type Row, runBench } from "./row.ts";
import { many, onStage, until } from "./stage.ts";

const FLOW = `inlay: 1
key: paid
name: Paid
instances: many
setup: { pages: [{ key: p, title: P, fields: [{ key: url, type: url, required: true }] }] }
blocks:
  - key: paid
    name: Paid
    trigger: { event: order.paid }
    steps: [{ key: post, http: { method: POST, url: "{{ setup.url }}", body: { id: "{{ trigger.data.id }}" } } }]
`;
const PATIENCE = 300_000;

/** The time until an event for `count` (10,000) integrations is accepted, and until each has run it; that none is left out, none runs twice. */
export async function measureFanOut({ count = 10_000, port = 9110 }: BenchOptions = {}): Promise<Row[]> {
  return onStage(port, async ({ bare, workspace, target, url }) => {
    const bareTook = await timeOf(() =>
      many(count, 64, (index) => bare.call(`/take/t${index}?target=${encodeURIComponent(url)}`, { id: 1 })),
    );
    await workspace.publish(FLOW);
    await workspace.integrate("paid", count, { url });
    const [before, repeatedBefore] = [target.arrived, target.repeated];
    const repeated = () => target.repeated - repeatedBefore;
    const arrived = () => target.arrived - before - repeated();
    const since = performance.now();
    const status = await workspace.raise("order.paid", { id: "o_1" });
    const accepted = performance.now() - since;
    const isWhole = await until(() => arrived() >= count, PATIENCE);
    const took = performance.now() - since;
    await until(() => arrived() > count, 3_000);
    return [
      figure(`${count} bare objects called one by one: all done in`, bareTook, "ms"),
      judged("event accepted in", accepted, "ms", status === 202, "202"),
      figure(`event run by ${count} integrations in`, took, "ms"),
      figure("  of the bare Worker's time", took / bareTook, "×"),
      judged("  runs for each integration", arrived() / count, "", isWhole && arrived() === count, "= 1"),
      figure("  calls that came twice, under their first key", repeated(), ""),
    ];
  });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

if (process.argv[1] === import.meta.filename) await runBench(measureFanOut);
