// `npm run seed:large`: a workspace with 2,000 flows, 20,000 integrations, 200,000 runs, 5,000 open errors and 6,000 accounts, in a
// state folder of its own, and how long the console's reads take over it: the median of each is printed, and the command fails where
// one is over 200 ms.
// With `--serve` it goes on serving them, to be looked at in the console, until Ctrl-C.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Miniflare } from "miniflare";
import { build as buildElements } from "vite";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { runIdOf, runTime } from "../edge/objects/integration/rpc.ts";
import type { LedgerEntry } from "../edge/objects/ledger/rpc.ts";
import { FlowFile } from "../shared/flow/flow-file.ts";
import { startChild } from "./child.ts";
import { makeMasterKey } from "./secrets.ts";
import { QUIET_WRANGLER, ROOT, settings } from "./settings.ts";

const SIZE = { flows: 2_000, integrations: 20_000, runs: 200_000, errors: 5_000, users: 1_000, accounts: 6_000, days: 30 };
const LIMIT = 200;
const ROUNDS = 15;
const DAY = 86_400_000;
const state = join(settings.state, "large");
const port = Number(process.env.INLAY_PORT ?? 8797);
const url = `http://localhost:${port}`;
const isServing = process.argv.includes("--serve");
const bootstrap = "seed-large";
const wranglerPackage = createRequire(import.meta.url).resolve("wrangler/package.json");

/** Runs wrangler; throws with what it printed where it fails. */
async function run(args: string[]): Promise<void> {
  const lines: string[] = [];
  const wrangler = wranglerPackage.replace(/package\.json$/, "bin/wrangler.js");
  const child = startChild(process.execPath, [wrangler, ...args], { ...QUIET_WRANGLER, CI: "true" }, (line) => lines.push(line));
  const code = await new Promise<number | null>((done) => child.on("exit", done));
  if (code !== 0) throw new Error(lines.join("\n"));
}

const bundle = join(state, "bundle");
const masterKey = makeMasterKey();

/** Bundles the Worker as for deployment, and makes a database of the newest schema. */
async function build(): Promise<void> {
  rmSync(state, { recursive: true, force: true });
  mkdirSync(join(state, "assets"), { recursive: true });
  writeFileSync(join(state, "assets/robots.txt"), "");
  if (isServing)
    await buildElements({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { outDir: join(state, "assets") } });
  await run(["deploy", "--dry-run", "--outdir", bundle, "--assets", join(state, "assets")]);
  await run(["d1", "migrations", "apply", "DB", "--local", "--persist-to", join(state, "storage")]);
}

async function startWorkerd(): Promise<Miniflare> {
  const { Miniflare, convertV4MiniflareOptions } = createRequire(wranglerPackage)("miniflare") as typeof import("miniflare");
  const overrides = { assets: { directory: join(state, "assets") } };
  const { workerOptions } = workerOptionsOf(join(ROOT, "wrangler.toml"), undefined, { overrides });
  const wasm = readdirSync(bundle).filter((name) => name.endsWith(".wasm"));
  const options = convertV4MiniflareOptions({
    ...workerOptions,
    name: "inlay",
    modulesRoot: bundle,
    modules: [
      { type: "ESModule", path: join(bundle, "worker.js") },
      ...wasm.map((name) => ({ type: "CompiledWasm" as const, path: join(bundle, name) })),
    ],
    bindings: {
      PUBLIC_URL: url,
      INLAY_MASTER_KEY: masterKey,
      INLAY_BOOTSTRAP_TOKEN: bootstrap,
      INLAY_LOCAL_HOSTS: "",
      INLAY_LIMITS: "off",
    },
    ...{ host: "localhost", port, cf: false, logRequests: false },
  });
  const workerd = new Miniflare({ ...options, resourcePersistencePath: join(state, "storage", "v3"), telemetry: { enabled: false } });
  await workerd.ready;
  return workerd;
}

const pad = (number: number, length = 5) => String(number).padStart(length, "0");
const CATEGORIES = ["Sales", "Marketing", "Support", "Finance", "Operations"];
const APPS = ["crm", "chat", "mail", "sheets", "payments"];
const flowKey = (index: number) => `flow-${pad(index)}`;
/** Accounts go round the users as integrations do. */
const userOf = (index: number) => `usr_${pad(index % SIZE.users)}`;
const flowOf = (index: number): FlowFile =>
  FlowFile.parse({
    inlay: 1,
    key: flowKey(index),
    name: `Flow ${pad(index)} ${APPS[index % 5]}`,
    description: `Number ${index} of many, for ${CATEGORIES[index % 5]}.`,
    category: CATEGORIES[index % 5],
    tags: [`t${index % 20}`],
    labels: [`l${index % 10}`],
    blocks: [{ key: "go", name: "Go", trigger: { manual: {} }, steps: [{ key: "a", value: 1 }] }],
  });

type Row = (string | number | null)[];
/** The database's file, which nobody has open now. */
function openDatabase(): DatabaseSync {
  const folder = join(state, "storage/v3/d1/miniflare-D1DatabaseObject");
  const [file] = readdirSync(folder).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));
  if (!file) throw new Error(`There is no database in ${folder}.`);
  return new DatabaseSync(join(folder, file));
}

/** Inserts rows in one transaction. */
function insert(db: DatabaseSync, table: string, columns: string[], rows: Row[]): void {
  const names = columns.map((name) => `"${name}"`).join(", ");
  const statement = db.prepare(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => "?").join(", ")})`);
  db.exec("BEGIN");
  for (const row of rows) statement.run(...row);
  db.exec("COMMIT");
}

function seedCatalogue(workspace: string, now: number): void {
  const db = openDatabase();
  const flows = Array.from({ length: SIZE.flows }, (_, index) => flowOf(index));
  insert(
    db,
    "flows",
    [
      "id",
      "workspace",
      "key",
      "draft",
      "published",
      "name",
      "description",
      "category",
      "tags",
      "labels",
      "apps",
      "created_at",
      "updated_at",
    ],
    flows.map((flow, index) => [
      ...[`flw_${pad(index)}`, workspace, flow.key, JSON.stringify(flow), 1, flow.name, flow.description, flow.category ?? null],
      ...[JSON.stringify(flow.tags), JSON.stringify(flow.labels), JSON.stringify([APPS[index % 5]]), now, now - index * 1_000],
    ]),
  );
  insert(
    db,
    "flow_versions",
    ["id", "workspace", "flow", "number", "source", "file", "labels", "created_at"],
    flows.map((flow, index) => [
      `ver_${pad(index)}`,
      workspace,
      `flw_${pad(index)}`,
      1,
      JSON.stringify(flow),
      JSON.stringify(flow),
      "[]",
      now,
    ]),
  );
  insert(
    db,
    "users",
    ["id", "workspace", "external_id", "org", "created_at", "seen_at", "attributes"],
    Array.from({ length: SIZE.users }, (_, index) => [
      `usr_${pad(index)}`,
      workspace,
      `user-${pad(index)}`,
      `org-${index % 50}`,
      now,
      now,
      "{}",
    ]),
  );
  insert(
    db,
    "integrations",
    [
      "id",
      "workspace",
      "user",
      "flow",
      "version",
      "name",
      "enabled",
      "attention",
      "created_at",
      "updated_at",
      "accounts",
      "values",
      "secret_fields",
    ],
    Array.from({ length: SIZE.integrations }, (_, index) => [
      ...[`int_${pad(index)}`, workspace, userOf(index), `flw_${pad(index % SIZE.flows)}`, 1, `Integration ${index}`],
      ...[
        index % 10 === 5 ? 0 : 1,
        index % 50 ? "[]" : '[{"code":"account_expired","message":"Connect again"}]',
        now - index,
        now,
        "{}",
        "{}",
        "[]",
      ],
    ]),
  );
  insert(
    db,
    "accounts",
    ["id", "workspace", "user", "app", "auth", "label", "external_id", "owner", "status", "scopes", "created_at", "updated_at"],
    Array.from({ length: SIZE.accounts }, (_, index) => [
      ...[`acc_${pad(index)}`, workspace, userOf(index), APPS[index % 5] ?? "", "api_key", `Account ${pad(index)}`, `ext_${index}`],
      ...["user", index % 40 ? "connected" : "expired", "[]", now - index * 1_000, now],
    ]),
  );
  // Every account is used by some integrations of its user.
  insert(
    db,
    "integration_accounts",
    ["workspace", "integration", "account", "slot"],
    Array.from({ length: SIZE.integrations }, (_, index) => [workspace, `int_${pad(index)}`, `acc_${pad(index % SIZE.accounts)}`, "a"]),
  );
  db.close();
}

const MESSAGES = [
  "Contact c_%n has no address",
  "Row %n of 200 is too long",
  "GET https://api.example/%n answered 500",
  "Order #%n exists already",
];

function runOf(index: number, now: number): LedgerEntry {
  const isFailed = index % (SIZE.runs / SIZE.errors) === 0;
  const accepted = now - Math.floor((SIZE.days * DAY * index) / SIZE.runs);
  const at = (time: number) => new Date(time).toISOString();
  const message = (MESSAGES[(index / 40) % 4] ?? "").replace("%n", String(index));
  const error = { code: "http_422", class: "invalid", message, retryable: false, step: `each[${index % 7}].send` };
  const integration = index % SIZE.integrations;
  return {
    user: `usr_${pad(integration % SIZE.users)}`,
    message: {
      type: "run",
      run: {
        id: runIdOf(`int_${pad(integration)}`, `${runTime(accepted)}${pad(index, 8)}`),
        integration: `int_${pad(integration)}`,
        flow: flowKey(integration % SIZE.flows),
        ...{ version: 1, block: "go", trigger: { type: "webhook" }, status: isFailed ? "failed" : "succeeded", tasks: index % 9 },
        ...{ acceptedAt: at(accepted), startedAt: at(accepted + 20), endedAt: at(accepted + 20 + (index % 900)) },
        ...(isFailed ? { reason: message, error } : {}),
      },
    },
  };
}

interface Ledgers {
  getByName(name: string): { publish(entries: LedgerEntry[]): Promise<void> };
}

async function seedRuns(mf: Miniflare, workspace: string, now: number): Promise<void> {
  const ledger = ((await mf.getDurableObjectNamespace("LEDGERS")) as unknown as Ledgers).getByName(workspace);
  const batch = 1_000;
  for (let at = SIZE.runs - batch; at >= 0; at -= batch)
    await ledger.publish(Array.from({ length: batch }, (_, index) => runOf(at + batch - 1 - index, now)));
}

/** How long each of the console's reads takes (ms, median). */
async function measure(token: string, now: number): Promise<{ path: string; median: number; bytes: number }[]> {
  const from = (days: number) => encodeURIComponent(new Date(now - days * DAY).toISOString());
  const paths: string[] = [
    ...[
      "home",
      "folders",
      "flows?limit=100",
      "flows?limit=500",
      "flows?search=01999",
      "flows?tag=t7&category=Support",
      "flows?health=attention",
    ],
    ...[
      "flows?health=errors",
      "flows/flow-00042",
      "flows/flow-00042/fallout",
      "integrations?limit=100",
      "users?limit=100",
      "runs?limit=100",
    ],
    ...["accounts?limit=100", "accounts?limit=100&status=expired", "accounts?limit=100&app=mail", "accounts?user=user-00042"],
    ...[
      "errors?limit=100",
      "errors?search=address",
      "errors?flow=flow-00000",
      `analytics?from=${from(7)}&by=flow`,
      `analytics?from=${from(30)}&by=flow`,
    ],
    ...[
      `analytics?from=${from(30)}&by=block`,
      `analytics?from=${from(30)}&by=user`,
      `analytics?from=${from(1)}&unit=hour`,
      `analytics?from=${from(30)}&flow=flow-00042`,
    ],
  ];
  const rows = [];
  for (const path of paths) {
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const response = await fetch(`${url}/v1/workspace/${path}`, { headers: { authorization: `Bearer ${token}` } });
      bytes = (await response.text()).length;
      times.push(performance.now() - start);
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    }
    times.sort((a, b) => a - b);
    rows.push({ path: decodeURIComponent(path), median: times[Math.floor(ROUNDS / 2)] ?? 0, bytes });
  }
  return rows;
}

/** Prints a sign-in link, and resolves at Ctrl-C. */
async function serve(token: string): Promise<void> {
  const response = await fetch(`${url}/v1/workspace/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ email: "owner@example.com" }),
  });
  const link = (await response.json()) as { url: string };
  console.log(`\nSign in: ${link.url}\nCtrl-C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
}

await build();
const now = Date.now();
const first = await startWorkerd();
const made = await fetch(`${url}/v1/workspaces`, {
  method: "POST",
  headers: { authorization: `Bearer ${bootstrap}`, "content-type": "application/json" },
  body: JSON.stringify({ name: "Large", email: "owner@example.com" }),
});
const { id, apiToken } = (await made.json()) as { id: string; apiToken: string };
await first.dispose();
console.log(
  `Seeding ${SIZE.flows} flows, ${SIZE.integrations} integrations, ${SIZE.runs} runs, ${SIZE.errors} open errors, ${SIZE.accounts} accounts …`,
);
seedCatalogue(id, now);
const mf = await startWorkerd();
try {
  await seedRuns(mf, id, now);
  console.log(`Seeded in ${Math.round((Date.now() - now) / 1_000)} s. Medians of ${ROUNDS} reads:\n`);
  const rows = await measure(apiToken, now);
  for (const { path, median, bytes } of rows) console.log(`${median.toFixed(0).padStart(6)} ms  ${String(bytes).padStart(8)} B  ${path}`);
  const slow = rows.filter(({ median }) => median > LIMIT);
  console.log(slow.length ? `\n${slow.length} over ${LIMIT} ms` : `\nAll under ${LIMIT} ms`);
  process.exitCode = slow.length ? 1 : 0;
  if (isServing) await serve(apiToken);
} finally {
  await mf.dispose();
}
