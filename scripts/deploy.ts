// `npm run deploy`: everything that a deployment to Cloudflare needs. `--dry-run` checks what can be checked without an account.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";
import { keepReleases } from "./keep-releases.ts";
import { makeMasterKey } from "./secrets.ts";
import { QUIET_WRANGLER, ROOT } from "./settings.ts";

const { values } = parseArgs({ options: { "dry-run": { type: "boolean" }, url: { type: "string" } } });
/** Names are looked up here before they are called. */
const RESOLVER = "https://cloudflare-dns.com/dns-query";
const wrangler = createRequire(import.meta.url)
  .resolve("wrangler/package.json")
  .replace(/package\.json$/, "bin/wrangler.js");
const work = mkdtempSync(join(tmpdir(), "inlay-deploy-"));
const config = join(ROOT, ".wrangler.deploy.toml");

function run(args: string[], input?: string): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [wrangler, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...QUIET_WRANGLER },
    ...(input === undefined ? {} : { input }),
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

function must(what: string, args: string[], input?: string): string {
  console.log(`${what} …`);
  const { ok, output } = run(args, input);
  if (ok) return output;
  console.error(`${output}\n${what} failed: the lines above say why. Nothing after it was done; run the command again when it is mended.`);
  clean();
  process.exit(1);
}

function clean(): void {
  rmSync(work, { recursive: true, force: true });
  rmSync(config, { force: true });
}

/** The database's id: of the one that is there, else of a new one. */
function ensureDatabase(): string {
  const listed = JSON.parse(must("Looking for the database", ["d1", "list", "--json"])) as { name: string; uuid: string }[];
  const found = listed.find(({ name }) => name === "inlay");
  if (found) return found.uuid;
  const made = must("Creating the database", ["d1", "create", "inlay"]);
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(made)?.[0];
  if (!id) throw new Error(`wrangler named no database id:\n${made}`);
  return id;
}

/** The bucket of the flows' attachments, made where it is not there yet. */
function ensureBucket(): void {
  if (!run(["r2", "bucket", "info", "inlay-files"]).ok) must("Creating the bucket", ["r2", "bucket", "create", "inlay-files"]);
}

/** Makes the secrets that are not there yet. One that is there is never replaced: accounts could not be opened any more. */
function ensureSecrets(args: string[]): string | undefined {
  const { ok, output } = run(["secret", "list", ...args]);
  // After a rotation the master key's setting may have a number.
  const has = (name: string) => ok && new RegExp(`"${name}(?:_\\d+)?"`).test(output);
  if (!has("INLAY_MASTER_KEY")) must("Setting the master key", ["secret", "put", "INLAY_MASTER_KEY", ...args], makeMasterKey());
  if (has("INLAY_BOOTSTRAP_TOKEN")) return undefined;
  const token = randomBytes(24).toString("base64url");
  must("Setting the bootstrap token", ["secret", "put", "INLAY_BOOTSTRAP_TOKEN", ...args], token);
  return token;
}

await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error" });
if (values["dry-run"]) {
  must("Bundling the Worker", ["deploy", "--dry-run", "--outdir", work]);
  console.log("The Worker bundles. A real deployment also creates the database and the bucket, migrates, and sets the secrets.");
  clean();
  process.exit(0);
}
if (!values.url?.startsWith("https://")) {
  console.error("Usage: npm run deploy -- --url https://inlay.example.com   (the address under which hosts will reach this edge)");
  process.exit(2);
}
const kept = await keepReleases(values.url, join(ROOT, "dist/assets"));
if (!kept.ok) {
  console.error(kept.message);
  process.exit(1);
}
if (kept.versions.length) console.log(`Earlier releases of the widget that stay: ${kept.versions.join(", ")}`);
ensureBucket();
const toml = readFileSync(join(ROOT, "wrangler.toml"), "utf8").replace(/database_id = "[^"]*"/, `database_id = "${ensureDatabase()}"`);
writeFileSync(config, toml);
const args = ["--config", config];
must("Migrating the database", ["d1", "migrations", "apply", "DB", "--remote", ...args]);
console.log(must("Deploying", ["deploy", "--var", `PUBLIC_URL:${values.url}`, "--var", `INLAY_RESOLVER:${RESOLVER}`, ...args]));
const token = ensureSecrets(args);
if (token) console.log(`Bootstrap token, shown this once (it creates workspaces: POST ${values.url}/v1/workspaces): ${token}`);
clean();
