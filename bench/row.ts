import { parseArgs } from "node:util";

/** A figure beside its aim. `isMet` is null where it only informs. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  isMet: boolean | null;
  aim: string;
}

/** A figure that informs. */
export const figure = (what: string, value: number, unit: string): Row => ({ what, value, unit, isMet: null, aim: "" });

/** A figure that is judged. */
export const judged = (what: string, value: number, unit: string, isMet: boolean, aim: string): Row => ({ what, value, unit, isMet, aim });

/** Prints rows; answers how many miss their aim. */
export function printRows(rows: readonly Row[]): number {
  for (const { what, value, unit, isMet, aim } of rows) {
    const verdict = isMet === null ? "" : isMet ? `ok     ${aim}` : `MISSED ${aim}`;
    console.log(`${what.padEnd(64)}${value.toFixed(Math.abs(value) < 100 ? 2 : 0).padStart(9)} ${unit.padEnd(5)} ${verdict}`);
  }
  return rows.filter((row) => row.isMet === false).length;
}

/** Runs a bench as a command: `--count`, `--port` and `--seconds` as its options, its rows printed. Exit code 1 where a figure misses its aim. */
export async function runBench(measure: (options: BenchOptions) => Promise<Row[]>): Promise<never> {
  const { values } = parseArgs({ options: { count: { type: "string" }, port: { type: "string" }, seconds: { type: "string" } } });
  const given = Object.entries(values).map(([name, value]) => [name, Number(value)] as const);
  const missed = printRows(await measure(Object.fromEntries(given)));
  process.exit(missed ? 1 : 0);
}

/** What benches take: how many, on which ports (this one and the next), and for how long where time is what they measure. */
export interface BenchOptions {
  count?: number;
  port?: number;
  seconds?: number;
}
