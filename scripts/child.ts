import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { paths, ROOT } from "./settings.ts";

const LEASH = join(ROOT, "scripts/leash.mjs");

const stopped = new WeakSet<ChildProcess>();

/**
 * Starts `command` so that it ends with this process. `onLine` gets each line that it prints until it is stopped; without it the output is
 * dropped.
 */
export function startChild(command: string, args: string[], env: Record<string, string>, onLine?: (line: string) => void): ChildProcess {
  const child = spawn(process.execPath, [LEASH, command, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      if (!stopped.has(child)) for (const line of lines) onLine?.(line);
    });
  }
  return child;
}

/**
 * Ends a child of {@link startChild} and waits until it is gone. What it prints from now on is dropped: wrangler's esbuild calls it a
 * deadlock when whoever it answers goes first, and nothing is wrong.
 */
export function stopChild(child: ChildProcess): Promise<void> {
  stopped.add(child);
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.stdin?.end();
    child.kill("SIGTERM");
  });
}

/** Whether nobody listens on `port`, on either loopback address. */
export async function isPortFree(port: number): Promise<boolean> {
  const canListen = (host: string) =>
    new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
    });
  return (await canListen("127.0.0.1")) && (await canListen("::1"));
}

/**
 * A port that nobody listens on and none of `taken`, below those that systems give to outgoing connections: none of these takes it before it
 * is used. Whoever chooses beside others, and listens later, chooses from a range of its own.
 */
export async function freePort({ from = 20_000, to = 32_000, taken = [] as number[] } = {}): Promise<number> {
  for (;;) {
    const port = randomInt(from, to);
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
}

interface Process {
  pid: number;
  parent: number;
  command: string;
}

function listProcesses(): Process[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,command="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }] : [];
  });
}

interface Generation {
  starter: Process | undefined;
  processes: Process[];
}

/** Writes down every process below this one, so that the next start can end those that a `kill -9` left behind. */
export function recordProcesses(): void {
  const all = listProcesses();
  const below = (pid: number): Process[] => all.filter((one) => one.parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  const generation: Generation = { starter: all.find((one) => one.pid === process.pid), processes: below(process.pid) };
  writeFileSync(paths.pids, JSON.stringify(generation));
}

/** Ends what an earlier start of this state folder left behind: its own process gone, theirs alive under the same pid and command. */
export async function endLeftovers(): Promise<void> {
  if (!existsSync(paths.pids)) return;
  const { starter, processes } = JSON.parse(readFileSync(paths.pids, "utf8")) as Generation;
  const running = new Map(listProcesses().map((one) => [one.pid, one.command]));
  if (starter && running.get(starter.pid) === starter.command) return;
  const left = processes.filter((one) => running.get(one.pid) === one.command);
  for (const { pid } of left) process.kill(pid, "SIGKILL");
  if (left.length) await new Promise((resolve) => setTimeout(resolve, 300));
}
