// `npm run serve`: the edge alone, on workerd without wrangler's development proxy (which costs two thirds of the speed), over the same
// state folder as `npm start`: what was set up there is served here. INLAY_PORT, PUBLIC_URL and the secrets come from the environment,
// else from the state folder.
import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import type { Miniflare } from "miniflare";
import { build } from "vite";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { endLeftovers, isPortFree, recordProcesses, startChild, stopChild } from "./child.ts";
import { ensureSecrets, writeEdgeEnv } from "./secrets.ts";
import { paths, QUIET_WRANGLER, ROOT, settings } from "./settings.ts";
import { watchHealth } from "./watch-health.ts";

const { edgePort } = settings;
const edgeUrl = process.env.PUBLIC_URL ?? `http://localhost:${edgePort}`;
const bundle = join(settings.state, "bundle");
const ownRequire = createRequire(import.meta.url);
const wranglerPackage = ownRequire.resolve("wrangler/package.json");
const wrangler = wranglerPackage.replace(/package\.json$/, "bin/wrangler.js");
const MINUTE = 60_000;

/** Runs wrangler; ends this process with what it printed where it fails. */
async function run(what: string, args: string[]): Promise<void> {
  const lines: string[] = [];
  const child = startChild(process.execPath, [wrangler, ...args], { ...QUIET_WRANGLER, CI: "true" }, (line) => lines.push(line));
  const end = () => void stopChild(child).then(() => process.exit(0));
  process.once("SIGTERM", end).once("SIGINT", end);
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  process.off("SIGTERM", end).off("SIGINT", end);
  if (code === 0) return;
  console.error(`${lines.join("\n")}\n${what} failed: the lines above say why.`);
  process.exit(1);
}

/** The Worker as wrangler bundles it for deployment, on the storage that `npm start` uses. */
async function startWorkerd(): Promise<Miniflare> {
  const { Miniflare, convertV4MiniflareOptions } = createRequire(wranglerPackage)("miniflare") as typeof import("miniflare");
  const { workerOptions } = workerOptionsOf(join(ROOT, "wrangler.toml"), undefined, { overrides: { assets: { directory: paths.assets } } });
  const modules = readdirSync(bundle)
    .filter((name) => name.endsWith(".wasm"))
    .map((name) => ({ type: "CompiledWasm" as const, path: join(bundle, name) }));
  const options = convertV4MiniflareOptions({
    ...workerOptions,
    name: "inlay",
    modulesRoot: bundle,
    modules: [{ type: "ESModule", path: join(bundle, "worker.js") }, ...modules],
    bindings: variables(),
    // Straight to the Worker: miniflare's own entry and its router for assets cost more than the Worker does.
    unsafeDirectSockets: [{ host: process.env.INLAY_HOST ?? "localhost", port: edgePort, entrypoint: "direct" }],
    host: "127.0.0.1",
    port: 0,
    ...(process.env.INLAY_INSPECTOR_PORT ? { inspectorPort: Number(process.env.INLAY_INSPECTOR_PORT) } : {}),
    cf: false,
    logRequests: false,
    unsafeTriggerHandlers: true,
  });
  return new Miniflare({ ...options, resourcePersistencePath: join(paths.storage, "v3"), telemetry: { enabled: false } });
}

/** The edge's variables: those of the state folder, unless the environment sets them itself. */
function variables(): Record<string, string> {
  const kept = parseEnv(readFileSync(paths.edgeEnv, "utf8"));
  const names = [
    "PUBLIC_URL",
    "INLAY_MASTER_KEY",
    "INLAY_BOOTSTRAP_TOKEN",
    "INLAY_LOCAL_HOSTS",
    "INLAY_ONE_THREAD",
    "INLAY_LIMITS",
    "INLAY_RESOLVER",
    "INLAY_ALLOWED_HOSTS",
    "INLAY_RUN_DAYS",
  ];
  return Object.fromEntries(names.flatMap((name) => [[name, process.env[name] ?? kept[name] ?? ""]]));
}

await endLeftovers();
if (!(await isPortFree(edgePort))) {
  console.error(`Port ${edgePort} is taken: stop what uses it, or set INLAY_PORT to a free port.`);
  process.exit(1);
}
mkdirSync(settings.state, { recursive: true });
const isNew = !existsSync(paths.secrets);
writeEdgeEnv(ensureSecrets(), edgeUrl);
if (process.env.INLAY_WIDGET !== "false")
  await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { outDir: paths.assets, emptyOutDir: true } });
mkdirSync(paths.assets, { recursive: true });
await run("Bundling the Worker", ["deploy", "--dry-run", "--outdir", bundle, "--assets", paths.assets]);
await run("Migrating the database", ["d1", "migrations", "apply", "DB", "--local", "--persist-to", paths.storage]);
let edge = await startWorkerd();
const stop = () => void edge.dispose().then(() => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop(), 500).unref();
await edge.ready;
recordProcesses();
// Not by `getWorker()`: its stub blocks this process until workerd answers, and workerd waits for it where it has much to print.
setInterval(() => void edge.dispatchFetch("http://inlay/cdn-cgi/local/scheduled?cron=*+*+*+*+*").catch(() => undefined), MINUTE).unref();
async function restart(): Promise<void> {
  await edge.dispose().catch(() => undefined);
  edge = await startWorkerd();
  await edge.ready;
  recordProcesses();
}
watchHealth(`http://localhost:${edgePort}/health`, { restart });
// Changed variables (`inlay keys rotate`) are those of the next workerd.
let hasChanged: NodeJS.Timeout | undefined;
watch(settings.state, (_, name) => {
  if (name !== basename(paths.edgeEnv)) return;
  clearTimeout(hasChanged);
  hasChanged = setTimeout(() => void restart(), 200);
});
console.log(`\n  Inlay  ${edgeUrl}\n\n  Ctrl-C ends it; all data stays in ${settings.state}.`);
if (isNew) console.log("  This folder is new: npm start fills it with a workspace and the demo's flows, or POST /v1/workspaces makes one.");
