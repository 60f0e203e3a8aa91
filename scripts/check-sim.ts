// `npm run check:sim -- --seeds 10000 [--from 1]`: the run engine in that many worlds of faults. `--seed N` replays one.
import { parseArgs } from "node:util";
import { type SimReport, simulate } from "../edge/engine/simulation/simulate.ts";

const { values } = parseArgs({ options: { seeds: { type: "string" }, from: { type: "string" }, seed: { type: "string" } } });
const immediate = setImmediate;
const since = performance.now();
const first = Number(values.seed ?? values.from ?? 1);
const count = values.seed === undefined ? Number(values.seeds ?? 1_000) : 1;
const total: Omit<SimReport, "seed" | "violations"> = { runs: 0, calls: 0, deaths: 0, broken: 0, repeats: 0, time: 0 };
let [failed, done] = [0, 0];
for (let seed = first; seed < first + count; seed++) {
  const report = await simulate(seed, immediate);
  for (const key of ["runs", "calls", "deaths", "broken", "repeats", "time"] as const) total[key] += report[key];
  done++;
  if (report.violations.length === 0) continue;
  failed++;
  console.error(`seed ${seed} (npm run check:sim -- --seed ${seed}):\n  ${report.violations.join("\n  ")}`);
  if (failed === 5) break;
}
const seconds = (performance.now() - since) / 1_000;
console.log(
  `${done} seeds in ${seconds.toFixed(1)} s: ${total.runs} runs, ${total.calls} calls, ${total.deaths} deaths, ` +
    `${total.broken} calls broken off, ${total.repeats} of them repeated, ${(total.time / 3_600_000).toFixed(0)} simulated hours, ${failed} failed`,
);
process.exit(failed ? 1 : 0);
