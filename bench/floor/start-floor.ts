import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const workerd = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json")).resolve("workerd/bin/workerd");

/** A started floor: its address and the process whose CPU time counts. */
export interface Floor {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts bare workerd with `floor.js` on `port`, its objects' storage in `folder`. */
export async function startFloor(port: number, folder: string): Promise<Floor> {
  const storage = join(folder, "objects");
  mkdirSync(storage, { recursive: true });
  const config = join(folder, "floor.capnp");
  copyFileSync(join(import.meta.dirname, "floor.js"), join(folder, "floor.js"));
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .floor),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "storage", disk = (path = "${storage}", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const floor :Workerd.Worker = (
  modules = [(name = "floor.js", esModule = embed "floor.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "Floor", uniqueKey = "floor", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [(name = "FLOOR", durableObjectNamespace = "Floor")],
);
`,
  );
  const child: ChildProcess = spawn(workerd, ["serve", config], { stdio: ["ignore", "ignore", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 100; i++) {
    const isUp = await fetch(`${url}/none`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    if (child.exitCode !== null || i === 99) throw new Error("the floor does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 3_000).unref();
    });
  return { url, pid: child.pid ?? 0, stop };
}
