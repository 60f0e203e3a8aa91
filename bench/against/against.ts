// `bench/against/against.ts NAME … [--seconds 10] [--port 9110]`: the flow of orders, here and with a rival, in turn, on one machine and to one target.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ORDERS } from "../flows.ts";
import { measure, median } from "../load.ts";
import { type BenchOptions, figure, judged, printRows, type Row } from "../row.ts";
import { onStage, type Stage } from "../stage.ts";
import { RivalError } from "./install.ts";
import { startN8n } from "./n8n.ts";
import { startNodeRed } from "./node-red.ts";
import { cpuOf } from "./process-tree.ts";
import { startRestate } from "./restate.ts";
import type { Rival, StartRival } from "./rival.ts";

const RIVALS: Readonly<Record<string, StartRival>> = { "node-red": startNodeRed, restate: startRestate, n8n: startN8n };
const CONNECTIONS = [1, 16, 64];
const ROUNDS = 3;

/** Runs a second and CPU a run of Inlay against rival `name` (`node-red`, `restate`, `n8n`). Rejects with RivalError where it cannot be had. */
export async function measureAgainst(name: string, { port = 9110, seconds = 10 }: BenchOptions = {}): Promise<Row[]> {
  const start = RIVALS[name];
  if (!start) throw new RivalError(`There is no rival “${name}”: choose ${Object.keys(RIVALS).join(", ")}`);
  const folder = mkdtempSync(join(tmpdir(), "inlay-rival-"));
  try {
    return await onStage(port, async (stage) => {
      const rival = await start({ port: port + 2, folder, target: stage.url });
      try {
        return await compare(stage, rival, (seconds * 1_000) / ROUNDS);
      } finally {
        await rival.stop();
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare({ inlay, workspace, target, url }: Stage, rival: Rival, duration: number): Promise<Row[]> {
  await workspace.publish(ORDERS);
  const urls = (await workspace.integrate("orders-to-anywhere", 8, { url, minimum: 0 })).map((one) => one.url);
  const sides = [
    { name: "Inlay", urls, pids: [inlay.pid] },
    { name: rival.name, urls: [rival.url], pids: rival.pids },
  ] as const;
  for (const side of sides) await measure({ urls: side.urls, connections: 16, duration: 2_000, target, pid: inlay.pid });
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const rates: number[][] = [[], []];
    const costs: number[][] = [[], []];
    for (let round = 0; round < ROUNDS; round++)
      for (const [index, side] of sides.entries()) {
        const used = () => side.pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
        const [before, arrived] = [used(), target.arrived];
        const { rate } = await measure({ urls: side.urls, connections, duration, target, pid: inlay.pid });
        rates[index]?.push(rate);
        costs[index]?.push((used() - before) / Math.max(1, target.arrived - arrived));
      }
    const [ours = 0, theirs = 0] = rates.map(median);
    const [ourCost = 0, theirCost = 0] = costs.map(median);
    rows.push(
      figure(`${connections} connections: Inlay, keeps every run and call`, ours, "/s"),
      figure(`${connections} connections: ${rival.name}, keeps ${rival.keeps}`, theirs, "/s"),
      judged("  Inlay against it", ours / theirs, "×", rival.keeps === "nothing" || ours > theirs, rival.keeps === "nothing" ? "–" : "> 1"),
      figure("  CPU a run, Inlay", ourCost, "ms"),
      figure(`  CPU a run, ${rival.name}`, theirCost, "ms"),
    );
  }
  return rows;
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: "string", default: "10" }, port: { type: "string", default: "9110" } },
  });
  const options = { seconds: Number(values.seconds), port: Number(values.port) };
  try {
    let missed = 0;
    for (const name of positionals) missed += printRows(await measureAgainst(name, options));
    process.exit(missed ? 1 : 0);
  } catch (error) {
    if (!(error instanceof RivalError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
