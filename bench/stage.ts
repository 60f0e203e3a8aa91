import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bare, startBare } from "./bare/start-bare.ts";
import { type Inlay, startInlay } from "./inlay.ts";
import { Target } from "./target.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

/** What benches of scale measure: Inlay with an empty workspace, bare objects, and what both post to. */
export interface Stage {
  inlay: Inlay;
  bare: Bare;
  workspace: Workspace;
  target: Target;
  url: string;
}

/** Sets the stage on `port` and the next one, lets `act` play, and clears up whatever happens. */
export async function onStage<T>(port: number, act: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "inlay-bench-"));
  const target = new Target();
  const url = await target.start();
  const bare = await startBare(port, join(folder, "bare"));
  const inlay = await startInlay(port + 1, join(folder, "inlay"));
  try {
    return await act({ inlay, bare, target, url, workspace: await makeWorkspace(inlay.url, join(folder, "inlay")) });
  } finally {
    await Promise.all([inlay.stop(), bare.stop()]);
    target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Calls `work` for 0 … count-1, `atOnce` at a time. */
export async function many(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Waits until `isSo`; false where it is not within `milliseconds`. */
export async function until(isSo: () => boolean, milliseconds: number): Promise<boolean> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await pause(5)) if (isSo()) return true;
  return isSo();
}
