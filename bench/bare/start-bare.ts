import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const workerd = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json")).resolve("workerd/bin/workerd");

export interface Bare {
  url: string;
  pid: number;
  /** Calls `path` of the bare Worker. Throws where it does not answer 200. */
  call(path: string, body?: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** Starts workerd with `worker.js` on `port`, its objects' storage in `folder`. */
export async function startBare(port: number, folder: string): Promise<Bare> {
  const storage = join(folder, "objects");
  mkdirSync(storage, { recursive: true });
  copyFileSync(join(import.meta.dirname, "worker.js"), join(folder, "worker.js"));
  const config = join(folder, "bare.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .bare),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "storage", disk = (path = "${storage}", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const bare :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  durableObjectNamespaces = [(className = "Bare", uniqueKey = "bare", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [(name = "BARE", durableObjectNamespace = "Bare")],
);
`,
  );
  const child: ChildProcess = spawn(workerd, ["serve", config], { stdio: ["ignore", "ignore", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(`${url}/none`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; !(await isUp()); tries++) {
    if (child.exitCode !== null || tries === 200) throw new Error("the bare Worker does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    pid: child.pid ?? 0,
    async call(path, body) {
      const answer = await fetch(`${url}${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      await answer.text();
    },
    stop: () =>
      new Promise<void>((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
        setTimeout(() => child.kill("SIGKILL"), 3_000).unref();
      }),
  };
}
