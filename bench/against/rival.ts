import { type ChildProcess, spawn } from "node:child_process";
import { RivalError } from "./install.ts";

/** A started rival: where orders are posted to, and what it keeps of them. */
export interface Rival {
  name: string;
  keeps: string;
  url: string;
  pids: number[];
  stop(): Promise<void>;
}

/** What starts a rival whose flow posts to `target`, on `port` and the ones behind it, with `folder` for its state. */
export type StartRival = (options: { port: number; folder: string; target: string }) => Promise<Rival>;

/** Starts a process; what it prints is kept for the error where it ends too soon. */
export function startProcess(command: string, args: readonly string[], env: Record<string, string>, cwd: string) {
  const child: ChildProcess = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-2_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  process.once("exit", () => child.kill("SIGKILL"));
  return {
    pid: child.pid ?? 0,
    /** Resolves when `isUp`; rejects with RivalError where the process ends before, or after two minutes. */
    async ready(isUp: () => Promise<boolean>): Promise<void> {
      for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
        if (child.exitCode !== null) throw new RivalError(`${command} ended with ${child.exitCode}: ${printed}`);
        if (await isUp().catch(() => false)) return;
      }
      throw new RivalError(`${command} is not up after two minutes: ${printed}`);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), 3_000).unref();
      }),
  };
}

/** Whether `url` takes an order. */
export async function takes(url: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ id: "probe", lines: [], customer: { email: "ada@example.com" } });
  const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5_000) });
  await answer.text();
  return answer.ok;
}
