// `npm run bench [-- --long] [--only NAME,NAME] [--against node-red|n8n|restate]`: how fast runs go, against bare workerd in the same run, or
// against a rival from npm. The machine is noisy: what counts are the ratios.
import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileTemplate, evaluateTemplate } from "../edge/engine/expression.ts";
import { measureAgainst } from "./against/against.ts";
import { usageOf } from "./cpu.ts";
import { measureDue } from "./due.ts";
import { measureFanOut } from "./fan-out.ts";
import { type Floor, startFloor } from "./floor/start-floor.ts";
import { ANSWER, LOOP, ORDERS, PURE, TICK } from "./flows.ts";
import { measureIdle } from "./idle.ts";
import { type Inlay, startInlay } from "./inlay.ts";
import { measure, median, orderBody, post, quantile } from "./load.ts";
import { measureMemory } from "./memory.ts";
import { measureNeighbour } from "./neighbour.ts";
import { printRows, type Row } from "./row.ts";
import { Target } from "./target.ts";
import { measureWidget } from "./widget.ts";

const { values } = parseArgs({
  options: { long: { type: "boolean" }, only: { type: "string" }, against: { type: "string" }, port: { type: "string" } },
});
const isLong = values.long === true;
const wanted = values.only?.split(",");
const port = Number(values.port ?? 9160);
const folder = mkdtempSync(join(tmpdir(), "inlay-bench-"));
const target = new Target();
const number = (value: number, digits = 0) => value.toFixed(digits).padStart(8);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let missed = 0;

/** Prints a figure beside its target, and counts those that miss it. */
function judge(what: string, value: number, isMet: boolean, aim: string): void {
  if (!isMet) missed++;
  console.log(`${what.padEnd(58)}${number(value, 2)}   ${isMet ? "ok    " : "MISSED"} ${aim}`);
}

/** Rounds of the floor and of Inlay in turn: what slows the machine for a while slows both. */
const ROUNDS = isLong ? 9 : 5;

async function orders(floor: Floor, inlay: Inlay, url: string): Promise<void> {
  console.log(`\norders-to-anywhere, webhook in to target, medians of ${ROUNDS} rounds: runs/s and CPU ms a run, floor | Inlay`);
  for (const count of [1, 8, 64]) {
    const integrations = await inlay.integrate("orders-to-anywhere", count, { url, minimum: 0 });
    const floorUrls = integrations.map((_, i) => `${floor.url}/run/o${i}?target=${encodeURIComponent(url)}`);
    const urls = integrations.map((one) => one.url);
    for (const connections of [1, 16, 64]) {
      const measureBoth = async (duration: number) => {
        const shared = { connections, duration, target };
        const base = await measure({ ...shared, urls: floorUrls, pid: floor.pid });
        return { base, ours: await measure({ ...shared, urls, pid: inlay.pid }) };
      };
      await measureBoth(1_000);
      const rounds: Awaited<ReturnType<typeof measureBoth>>[] = [];
      for (let i = 0; i < ROUNDS; i++) rounds.push(await measureBoth(1_000));
      const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
      const show = (who: "base" | "ours") =>
        `${number(of((one) => one[who].rate))}/s ${of((one) => one[who].cpu).toFixed(2)} ms CPU, answer ${of((one) => one[who].latency).toFixed(1)} ms`;
      const refused = rounds.reduce((sum, { ours }) => sum + ours.refused, 0);
      console.log(
        `  ${count} integrations, ${connections} connections: ${show("base")} | ${show("ours")}${refused ? `, ${refused} held back` : ""}`,
      );
      const rate = of(({ base, ours }) => ours.rate / base.rate);
      const cpu = of(({ base, ours }) => ours.cpu / base.cpu);
      judge(`  ratio of runs/s, ${count} × ${connections}`, rate, rate >= 0.6, "≥ 0.60");
      judge(`  ratio of CPU, ${count} × ${connections}`, cpu, cpu <= 1.6, "≤ 1.60");
    }
    await inlay.remove(integrations);
  }
  console.log(`  memory: floor ${usageOf(floor.pid).memory.toFixed(0)} MB, Inlay ${usageOf(inlay.pid).memory.toFixed(0)} MB`);
}

async function pure(inlay: Inlay, url: string): Promise<void> {
  await inlay.publish(PURE);
  const plain = await inlay.integrate("orders-to-anywhere", 8, { url, minimum: 0 });
  const more = await inlay.integrate("pure", 8, { url, minimum: 0 });
  const ratios: number[] = [];
  for (let round = 0; round < (isLong ? 6 : 3); round++) {
    const shared = { connections: 16, duration: round === 0 ? 1_000 : 2_000, target, pid: inlay.pid };
    const without = await measure({ ...shared, urls: plain.map((one) => one.url) });
    const withThem = await measure({ ...shared, urls: more.map((one) => one.url) });
    if (round > 0) ratios.push(withThem.rate / without.rate);
  }
  const slower = 1 - median(ratios);
  console.log("");
  judge("ten pure steps and a condition more: slower by", slower, slower <= 0.15, "≤ 0.15");
  await inlay.remove([...plain, ...more]);
}

async function loop(floor: Floor, inlay: Inlay, url: string): Promise<void> {
  await inlay.publish(LOOP);
  const [one] = await inlay.integrate("loop", 1, { url });
  const agent = new Agent({ keepAlive: true });
  const time = async (start: () => Promise<unknown>): Promise<number> => {
    const before = target.arrived;
    const since = performance.now();
    await start();
    while (target.arrived - before < 100) await pause(1);
    return target.lastAt - since;
  };
  const [base, ours]: number[][] = [[], []];
  for (let round = 0; round < 60; round++) {
    base?.push(await time(() => fetch(`${floor.url}/loop?target=${encodeURIComponent(url)}&count=100&concurrency=10`)));
    await pause(100);
    ours?.push(await time(() => post(agent, one?.url ?? "", "{}", `l${round}`)));
    await pause(300);
  }
  agent.destroy();
  const [plain, run] = [median(base?.slice(30) ?? []), median(ours?.slice(30) ?? [])];
  console.log(`\n100 calls, ten at a time: plain fetches ${plain.toFixed(1)} ms, a run's loop ${run.toFixed(1)} ms`);
  judge("  speed of the loop against plain fetches", plain / run, plain / run >= 0.6, "≥ 0.60");
}

async function code(inlay: Inlay): Promise<void> {
  await inlay.publish(ANSWER("no-code", '{ key: made, value: { n: "{{ trigger.body.id }}" } }'));
  await inlay.publish(ANSWER("code", '{ key: made, code: "export default ({ trigger }) => ({ n: trigger.body.id })" }'));
  const agent = new Agent({ keepAlive: true });
  const latency = async (flow: string): Promise<number[]> => {
    const [one] = await inlay.integrate(flow, 1, { url: "https://example.com/" });
    const times: number[] = [];
    for (let i = 0; i < (isLong ? 1_000 : 300); i++) {
      const since = performance.now();
      await post(agent, one?.url ?? "", orderBody(`c${i}`), `c${i}`);
      if (i >= 50) times.push(performance.now() - since);
    }
    return times;
  };
  const [without, withCode] = [await latency("no-code"), await latency("code")];
  agent.destroy();
  const cost = median(withCode) - median(without);
  console.log("");
  judge("code step, warm, with its journal entry (ms)", cost, cost <= 1.5, "≤ 1.5");
}

async function expression(): Promise<void> {
  const template = compileTemplate("{{ steps.order.total }}");
  const scope = { steps: { order: { total: 32 } } };
  const clock = { now: () => 0, random: () => 0 };
  const rounds = 200_000;
  for (let i = 0; i < rounds; i++) await evaluateTemplate(template, scope, clock);
  const since = performance.now();
  for (let i = 0; i < rounds; i++) await evaluateTemplate(template, scope, clock);
  const cost = ((performance.now() - since) * 1_000) / rounds;
  judge("expression of a plain path (µs)", cost, cost <= 10, "≤ 10");
}

async function schedules(floor: Floor, inlay: Inlay, url: string): Promise<void> {
  const [count, every, duration] = [200, 10_000, isLong ? 90_000 : 30_000];
  const watch = async (pid: number) => {
    await pause(every + 1_000);
    target.lateness.length = 0;
    const { cpu } = usageOf(pid);
    await pause(duration);
    const late = [...target.lateness];
    return { late, cpu: (usageOf(pid).cpu - cpu) / duration };
  };
  const show = ({ late, cpu }: { late: number[]; cpu: number }) =>
    `p50 ${quantile(late, 0.5).toFixed(0)} ms, p99 ${quantile(late, 0.99).toFixed(0)} ms, ${late.length} of ${(count * duration) / every}, ${(cpu * 100).toFixed(1)} % CPU`;
  const names = Array.from({ length: count }, (_, i) => `s${i}`);
  for (const name of names) await fetch(`${floor.url}/schedule/${name}?every=${every}&target=${encodeURIComponent(url)}`);
  const base = await watch(floor.pid);
  for (const name of names) await fetch(`${floor.url}/stop/${name}`);
  await inlay.publish(TICK);
  const integrations = await inlay.integrate("tick", count, { url });
  const ours = await watch(inlay.pid);
  await inlay.remove(integrations);
  console.log(`\n${count} schedules every ${every / 1_000} s, lateness: bare alarms ${show(base)} | Inlay ${show(ours)}`);
  const [floorLate, ourLate] = [quantile(base.late, 0.99), quantile(ours.late, 0.99)];
  judge("  p99 lateness against bare alarms", ourLate / floorLate, ourLate <= 2 * floorLate, "≤ 2.00");
  const due = (count * duration) / every;
  judge("  slots run of those due", ours.late.length / due, ours.late.length >= due * 0.99, "≥ 0.99 (edges of the window)");
}

/** Benches over one floor and one Inlay. */
const shared: Record<string, (stage: { floor: Floor; inlay: Inlay; url: string }) => Promise<void>> = {
  orders: ({ floor, inlay, url }) => orders(floor, inlay, url),
  pure: ({ inlay, url }) => pure(inlay, url),
  loop: ({ floor, inlay, url }) => loop(floor, inlay, url),
  code: ({ inlay }) => code(inlay),
  expression: () => expression(),
  schedules: ({ floor, inlay, url }) => schedules(floor, inlay, url),
};

/** Benches that set their own stage. `idle` and `memory` take minutes: by name, or with `--long`. */
const apart: Record<string, () => Promise<Row[]>> = {
  due: () => measureDue({ port }),
  "fan-out": () => measureFanOut({ port }),
  neighbour: () => measureNeighbour(port),
  widget: () => measureWidget(),
  idle: () => measureIdle({ port }),
  memory: () => measureMemory({ port }),
};
const SLOW = new Set(["idle", "memory"]);

async function measureShared(names: readonly string[]): Promise<void> {
  const url = await target.start();
  const floor = await startFloor(port, join(folder, "floor"));
  const inlay = await startInlay(port + 1, join(folder, "inlay"));
  try {
    await inlay.publish(ORDERS);
    for (const name of names) await shared[name]?.({ floor, inlay, url });
  } finally {
    await Promise.all([inlay.stop(), floor.stop()]);
    target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const known = [...Object.keys(shared), ...Object.keys(apart)];
const unknown = wanted?.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`There is no bench “${unknown}”: choose from ${known.join(", ")}.`);
  process.exit(1);
}
const chosen = wanted ?? (values.against === undefined ? known.filter((name) => isLong || !SLOW.has(name)) : []);
const together = chosen.filter((name) => name in shared);
if (together.length) await measureShared(together);
for (const name of chosen) {
  const rows = await apart[name]?.();
  if (rows) console.log("");
  if (rows) missed += printRows(rows);
}
if (values.against !== undefined) missed += printRows(await measureAgainst(values.against, { port }));
console.log(missed ? `\n${missed} figures miss their target` : "\nEvery figure meets its target");
process.exit(0);
