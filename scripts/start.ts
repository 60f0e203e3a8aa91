// `npm start`: builds, migrates, serves the edge and the demo, seeds, and prints the addresses. Ends everything on one signal.
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, utimesSync, watch } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build } from "vite";
import { endLeftovers, freePort, isPortFree, recordProcesses, startChild, stopChild } from "./child.ts";
import { publishBuild } from "./publish-build.ts";
import { ensureSecrets, writeEdgeEnv } from "./secrets.ts";
import { CATALOGUE, seed } from "./seed.ts";
import { paths, QUIET_WRANGLER, ROOT, settings } from "./settings.ts";
import { watchHealth } from "./watch-health.ts";

const { edgePort, demoPort, pipelinePort, postboxPort } = settings;
const edgeUrl = `http://localhost:${edgePort}`;
const wrangler = createRequire(import.meta.url)
  .resolve("wrangler/package.json")
  .replace(/package\.json$/, "bin/wrangler.js");
const children: ChildProcess[] = [];
let stopping = false;

/** Ends every process, then this one. */
async function stop(code: number, why?: string): Promise<never> {
  if (!stopping) {
    stopping = true;
    if (why) console.error(why);
    await Promise.race([Promise.all(children.map(stopChild)), new Promise((resolve) => setTimeout(resolve, 8_000))]);
  }
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
const parent = process.ppid;
setInterval(() => process.ppid !== parent && void stop(0), 500).unref();

/** Ends within which a process may fail again and again before it is given up. */
const PATIENCE = 60_000;
const MAX_FAILURES = 5;

interface Served {
  name: string;
  args: string[];
  env: Record<string, string>;
  onLine(line: string): void;
  onStart?(child: ChildProcess): void;
}

/**
 * Starts a process that belongs to the product. One that ends by itself is started again (a source saved half-way, a crash);
 * after five failures within a minute everything ends.
 */
function serve(served: Served, failures: number[] = []): void {
  const { name, args, env, onLine, onStart } = served;
  const child = startChild(process.execPath, args, env, onLine);
  children.push(child);
  onStart?.(child);
  child.on("exit", (code) => {
    children.splice(children.indexOf(child), 1);
    if (stopping) return;
    const recent = [...failures, Date.now()].filter((at) => at > Date.now() - PATIENCE);
    if (recent.length >= MAX_FAILURES)
      return void stop(1, `${name} keeps ending by itself. The lines above say why; npm start again keeps all data.`);
    console.error(`${name} ended by itself (exit code ${code}); starting it again.`);
    setTimeout(() => {
      if (stopping) return;
      serve(served, recent);
      setTimeout(recordProcesses, 5_000).unref();
    }, 1_000);
  });
}

async function checkPorts(): Promise<void> {
  const named: [string, string, number][] = [
    ["the edge", "INLAY_PORT", edgePort],
    ["the demo host app", "INLAY_DEMO_PORT", demoPort],
    ["Pipeline", "INLAY_PIPELINE_PORT", pipelinePort],
    ["Postbox", "INLAY_POSTBOX_PORT", postboxPort],
  ];
  for (const [index, [what, variable, port]] of named.entries()) {
    const other = named.slice(0, index).find((one) => one[2] === port);
    if (other)
      await stop(1, `Port ${port} is given to both ${other[0]} (${other[1]}) and ${what} (${variable}): set one of them to another.`);
    if (!(await isPortFree(port))) await stop(1, `Port ${port} (${what}) is taken: stop what uses it, or set ${variable} to a free port.`);
  }
}

/** Builds the elements aside, serves them, and keeps doing so as their sources change. Resolves after the first build. INLAY_WIDGET=false serves those that are there. */
async function buildWidget(): Promise<void> {
  if (process.env.INLAY_WIDGET === "false") return;
  const isWatching = process.env.INLAY_WATCH !== "false";
  const result = await build({
    configFile: join(ROOT, "vite.config.ts"),
    logLevel: "error",
    build: { outDir: paths.built, watch: isWatching ? {} : null, emptyOutDir: true },
  });
  if (!("on" in result)) return publishBuild(paths.built, paths.assets, { forgets: true });
  let builds = 0;
  await new Promise<void>((resolve, reject) => {
    result.on("event", (event) => {
      if (event.code === "BUNDLE_END") void event.result.close();
      if (event.code === "END") {
        const own = ++builds;
        const areSeen = async (chunks: string[]) => {
          await waitForChunks(chunks);
          return own === builds;
        };
        publishBuild(paths.built, paths.assets, own === 1 ? { forgets: true } : { areSeen }).then(resolve, (error: Error) => {
          console.error(`What was built is not served: ${error.message}`);
          reject(error);
        });
      }
      if (event.code === "ERROR") {
        console.error(`The widget does not build: ${event.error.message}`);
        reject(event.error);
      }
    });
  });
}

/** Applies the migrations that local storage lacks. */
async function migrate(): Promise<void> {
  const lines: string[] = [];
  const args = [wrangler, "d1", "migrations", "apply", "DB", "--local", "--persist-to", paths.storage];
  const child = startChild(process.execPath, args, { ...QUIET_WRANGLER, CI: "true" }, (line) => lines.push(line));
  children.push(child);
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  if (code !== 0 && !stopping) await stop(1, `${lines.join("\n")}\nThe database could not be migrated: the lines above say why.`);
}

const logEdge = (line: string) => line.trim() && console.error(`edge: ${line}`);

function edgeCommand(port: number): string[] {
  const args = [wrangler, "dev", "--local", "--ip", "localhost", "--port", String(port), "--inspector-port", "0"];
  args.push("--persist-to", paths.storage, "--env-file", paths.edgeEnv, "--assets", paths.assets);
  return [...args, "--show-interactive-dev-session=false", "--log-level", process.env.INLAY_LOG_LEVEL ?? "error"];
}

/** Wrangler goes on without a word where its proxy, a process of its own, has died: then it is ended, and started again as whatever ends. */
function watchEdge(child: ChildProcess): void {
  const isOver = () => stopping || !children.includes(child);
  watchHealth(`${edgeUrl}/health`, { isOver, restart: () => stopChild(child) });
}

function serveEdge(): void {
  const env = { ...QUIET_WRANGLER, CI: "true" };
  serve({ name: "The edge", args: edgeCommand(edgePort), env, onLine: logEdge, onStart: watchEdge });
}

/** The first time, the edge is filled at another port: whoever waits for its own port finds the demo whole. */
async function seedFirst(): ReturnType<typeof seed> {
  const port = await freePort({ taken: [edgePort, demoPort, pipelinePort, postboxPort] });
  const child = startChild(process.execPath, edgeCommand(port), { ...QUIET_WRANGLER, CI: "true" }, logEdge);
  children.push(child);
  await waitFor("The edge", `http://localhost:${port}/health`);
  const seeded = await seed(edgeUrl, `http://localhost:${port}`).catch((error: Error) => stop(1, `Seeding failed: ${error.message}`));
  children.splice(children.indexOf(child), 1);
  await stopChild(child);
  return seeded;
}

function serveDemo(): void {
  const env = {
    ...secrets.demo,
    LEDGERLY_PORT: String(demoPort),
    PIPELINE_PORT: String(pipelinePort),
    POSTBOX_PORT: String(postboxPort),
    INLAY_EDGE_URL: edgeUrl,
    INLAY_STATE: paths.demo,
    LEDGERLY_CONFIG: paths.ledgerly,
    NODE_NO_WARNINGS: "1",
  };
  const isWatching = process.env.INLAY_WATCH !== "false";
  const args = [...(isWatching ? ["--watch-path=demo", "--watch-preserve-output"] : []), join(ROOT, "demo/serve.ts")];
  const onLine = (line: string) => void (/error/i.test(line) && console.error(`demo: ${line}`));
  serve({ name: "The demo", args, env, onLine });
}

/** Cron triggers do not tick under `wrangler dev`: the sweep is asked for here, once a minute as in production. */
function tickCron(): void {
  setInterval(() => {
    fetch(`${edgeUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`).catch(() => undefined);
  }, 60_000).unref();
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** Waits until the edge has noticed new chunks, at most 5 s: what names them comes after. */
async function waitForChunks(names: string[]): Promise<void> {
  const until = Date.now() + 5_000;
  for (const name of names)
    while (!(await isAnswering(`${edgeUrl}/${name}`)) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Waits until `url` answers 200, at most two minutes. */
async function waitFor(what: string, url: string): Promise<void> {
  const until = Date.now() + 120_000;
  while (!(await isAnswering(url))) {
    if (stopping) return;
    if (Date.now() > until) await stop(1, `${what} does not answer at ${url}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Brings changed variables to the edge while it serves (`inlay keys rotate`): wrangler reads them anew when its configuration was touched. */
function watchVariables(): void {
  watch(settings.state, (_, name) => {
    const now = new Date();
    if (name === basename(paths.edgeEnv)) utimesSync(join(ROOT, "wrangler.toml"), now, now);
  });
}

/** Publishes flow and app files again as they are edited. */
function watchCatalogue(): void {
  let timer: NodeJS.Timeout | undefined;
  watch(CATALOGUE, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      seed(edgeUrl).then(
        ({ changed }) => changed.length && console.log(`Published ${changed.join(", ")}`),
        (error: Error) => console.error(error.message),
      );
    }, 200);
  });
}

await endLeftovers();
await checkPorts();
mkdirSync(settings.state, { recursive: true });
const isFirst = !existsSync(paths.dev);
console.log(isFirst ? "Building, migrating and seeding …" : "Starting …");
const secrets = ensureSecrets();
writeEdgeEnv(secrets, edgeUrl);
await Promise.all([buildWidget().catch(() => stop(1, "The widget has to build before anything is served.")), migrate()]);
const first = isFirst ? await seedFirst() : undefined;
serveEdge();
serveDemo();
await Promise.all([waitFor("The edge", `${edgeUrl}/health`), waitFor("The demo", `http://localhost:${demoPort}/`)]);
const seeded = first ?? (await seed(edgeUrl).catch((error: Error) => stop(1, `Seeding failed: ${error.message}`)));
tickCron();
watchVariables();
if (process.env.INLAY_WATCH !== "false") watchCatalogue();
console.log(`
  Host app       http://localhost:${demoPort}
  Console        ${edgeUrl}/console
  Sign in        ${seeded.signInUrl}
  API document   ${edgeUrl}/docs
  Pipeline       http://localhost:${pipelinePort}   (demo CRM)
  Postbox        http://localhost:${postboxPort}   (demo newsletter)

  Ctrl-C ends everything; npm start again keeps all data; npm run reset forgets it.
`);
recordProcesses();
