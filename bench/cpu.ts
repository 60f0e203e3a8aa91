import { readdirSync, readFileSync } from "node:fs";

const TICK = 10;

function statOf(pid: number): { name: string; parent: number; cpu: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { name, parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) * TICK };
  } catch {
    return undefined;
  }
}

/** Pids of `root` and everything below it. Linux only: elsewhere none, and no CPU time is shown. */
function below(root: number): number[] {
  try {
    const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
    const parents = new Map(all.map((pid) => [pid, statOf(pid)?.parent]));
    const isBelow = (pid: number | undefined): boolean => pid === root || (pid !== undefined && pid > 1 && isBelow(parents.get(pid)));
    return all.filter(isBelow);
  } catch {
    return [];
  }
}

/** CPU time (ms) that the workerd processes at or below `root` have used, and their memory (MB). */
export function usageOf(root: number): { cpu: number; memory: number } {
  let [cpu, memory] = [0, 0];
  for (const pid of below(root)) {
    const stat = statOf(pid);
    if (!stat?.name.startsWith("workerd")) continue;
    cpu += stat.cpu;
    memory += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
  }
  return { cpu, memory };
}
