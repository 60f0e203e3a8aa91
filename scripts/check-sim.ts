// `npm run check:sim -- --seeds 10000 [--from 1]`: the run engine in that many worlds of faults, on all cores. `--seed N` replays one.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type SimReport, simulate } from "../edge/engine/simulation/simulate.ts";

const MAX_FAILED = 5;
const immediate = setImmediate;

/** Simulates every `step`th seed of the range; prints those that fail. */
async function check(first: number, end: number, step: number): Promise<SimReport[]> {
  const reports: SimReport[] = [];
  let failed = 0;
  for (let seed = first; seed < end && failed < MAX_FAILED; seed += step) {
    const report = await simulate(seed, immediate);
    reports.push(report);
    if (report.violations.length === 0) continue;
    failed++;
    console.error(`seed ${seed} (npm run check:sim -- --seed ${seed}):\n  ${report.violations.join("\n  ")}`);
  }
  return reports;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seeds: { type: "string" }, from: { type: "string" }, seed: { type: "string" } } });
  const first = Number(values.seed ?? values.from ?? 1);
  const end = first + (values.seed === undefined ? Number(values.seeds ?? 1_000) : 1);
  const since = performance.now();
  const jobs = Math.min(availableParallelism(), end - first);
  const parts = Array.from({ length: jobs }, (_, job) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: [first + job, end, jobs] });
    return new Promise<SimReport[]>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  const reports = (await Promise.all(parts)).flat();
  const sum = (read: (report: SimReport) => number) => reports.reduce((total, report) => total + read(report), 0);
  const failed = sum(({ violations }) => (violations.length ? 1 : 0));
  console.log(
    `${reports.length} seeds in ${((performance.now() - since) / 1_000).toFixed(1)} s: ${sum(({ runs }) => runs)} runs, ${sum(({ calls }) => calls)} calls, ` +
      `${sum(({ deaths }) => deaths)} deaths, ${sum(({ broken }) => broken)} calls broken off, ${sum(({ repeats }) => repeats)} of them repeated, ` +
      `${(sum(({ time }) => time) / 3_600_000).toFixed(0)} simulated hours, ${failed} failed`,
  );
  process.exitCode = failed ? 1 : 0;
}

if (isMainThread) await main();
else {
  const [first, end, step] = workerData as [number, number, number];
  parentPort?.postMessage(await check(first, end, step));
}
