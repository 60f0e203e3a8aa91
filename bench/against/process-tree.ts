import { readdirSync, readFileSync } from "node:fs";

const TICK = 10;

interface Entry {
  parent: number;
  cpu: number;
}

function entryOf(pid: number): Entry | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) * TICK };
  } catch {
    return undefined;
  }
}

/** CPU time (ms) that `root` and every process below it have used. Linux only: 0 elsewhere. */
export function cpuOf(root: number): number {
  let pids: number[] = [];
  try {
    pids = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return 0;
  }
  const entries = new Map(pids.map((pid) => [pid, entryOf(pid)]));
  const isBelow = (pid: number | undefined): boolean => pid === root || (pid !== undefined && pid > 1 && isBelow(entries.get(pid)?.parent));
  return pids.filter(isBelow).reduce((sum, pid) => sum + (entries.get(pid)?.cpu ?? 0), 0);
}
