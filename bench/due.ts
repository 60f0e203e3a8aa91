// `bench/due.ts [--count 1000]`: schedules that are all due in the same second, none spread, against as many bare alarms at one instant.
import { usageOf } from "./cpu.ts";
import { quantile } from "./load.ts";
import { type BenchOptions, figure, judged, type Row, runBench } from "./row.ts";
import { many, onStage, pause, type Stage, until } from "./stage.ts";

/** Minutes of the hour would spread over users' zones; this fires in one second of each minute, for everybody. */
const FLOW = (second: number) => `inlay: 1
key: together
name: Together
instances: many
setup: { pages: [{ key: p, title: P, fields: [{ key: url, type: url, required: true }] }] }
blocks:
  - key: tick
    name: Tick
    trigger: { schedule: { cron: "${second} * * * * *", timezone: UTC } }
    steps: [{ key: post, http: { method: POST, url: "{{ setup.url }}", body: { dueAt: "{{ trigger.dueAt }}" } } }]
`;
/** The integrations must be there before the second comes: setting one up takes some 10 ms. */
const AHEAD = (count: number) => 10_000 + count * 20;
/** workerd puts objects to sleep that nobody has called for 10 s: both sides are to be woken. */
const ASLEEP = 15_000;

/** p99 lateness of `count` (1,000) integrations due in one second, beside bare alarms'; and that no due time is lost. */
export async function measureDue({ count = 1_000, port = 9110 }: BenchOptions = {}): Promise<Row[]> {
  return onStage(port, async (stage) => {
    const bare = await bareLateness(stage, count);
    const ours = await inlayLateness(stage, count);
    const [floor, late] = [quantile(bare.late, 0.99), quantile(ours.late, 0.99)];
    return [
      figure(`${count} bare alarms at one instant: p99 lateness`, floor, "ms"),
      judged(`${count} integrations due in one second: p99 lateness`, late, "ms", late < 1_000, "< 1,000"),
      figure("  of bare alarms' p99", late / floor, "×"),
      figure("  CPU to wake and run one: bare", bare.cpu, "ms"),
      figure("  CPU to wake and run one: Inlay", ours.cpu, "ms"),
      judged("  due times that ran, of those due", ours.late.length / count, "", ours.late.length === count, "= 1"),
      judged("  due times in the ledger of slots", ours.noted / ours.asked, "", ours.noted === ours.asked, "= 1"),
    ];
  });
}

async function bareLateness({ bare, target, url }: Stage, count: number) {
  target.lateness.length = 0;
  const at = Date.now() + ASLEEP + count * 10;
  await many(count, 16, (index) => bare.call(`/due/d${index}?at=${at}&target=${encodeURIComponent(url)}`));
  await pause(Math.max(0, at - Date.now() - 500));
  const { cpu } = usageOf(bare.pid);
  await until(() => target.lateness.length >= count, 30_000);
  return { late: [...target.lateness], cpu: (usageOf(bare.pid).cpu - cpu) / count };
}

async function inlayLateness({ inlay, workspace, target, url }: Stage, count: number) {
  const due = new Date(Date.now() + AHEAD(count));
  await workspace.publish(FLOW(due.getUTCSeconds()));
  const integrations = await workspace.integrate("together", count, { url });
  const next = Math.ceil((Date.now() + ASLEEP - due.getTime()) / 60_000) * 60_000 + due.getTime();
  await pause(Math.max(0, next - Date.now() - 500));
  target.lateness.length = 0;
  const { cpu } = usageOf(inlay.pid);
  await until(() => target.lateness.length >= count, 30_000);
  const late = [...target.lateness];
  const used = (usageOf(inlay.pid).cpu - cpu) / count;
  const asked = integrations.filter((_, index) => index % 20 === 0);
  let noted = 0;
  await many(asked.length, 4, async (index) => {
    const slots = await workspace.slots(asked[index]?.id ?? "");
    if (slots.some(({ outcome }) => outcome === "ran" || outcome === "late")) noted++;
  });
  return { late, cpu: used, noted, asked: asked.length };
}

if (process.argv[1] === import.meta.filename) await runBench(measureDue);
