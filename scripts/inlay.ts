// The command line of Inlay. Exit codes: 0 done, 1 refused or failed, 2 wrong use.
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { verifyAudit } from "./audit.ts";
import { CommandError } from "./edge-access.ts";
import { printKey, rotateMasterKey, showKeys } from "./keys.ts";
import { paths } from "./settings.ts";
import { validateFiles } from "./validate.ts";

const USAGE = `Usage: npx inlay COMMAND

  dev [--json]        what scripts need to reach the local Inlay that npm start serves
  validate FILE …     checks flow and app files; every fault with its line and column
  audit verify [--head NUMBER:CODE] [--url URL]
                      checks that no entry of the workspace's audit log was changed or removed (INLAY_TOKEN: an admin's API token)
  keys [--url URL]    which master keys the deployment has, and how many workspaces need each (INLAY_BOOTSTRAP_TOKEN)
  keys rotate         wraps every workspace's key by the newest master key, while all is serving
  keys make           prints a fresh master key
`;

function fail(code: 1 | 2, message: string): never {
  console.error(message);
  process.exit(code);
}

function dev(args: string[]): void {
  const { values } = parseArgs({ args, options: { json: { type: "boolean" } } });
  if (!existsSync(paths.dev)) fail(1, "No local Inlay has been started yet: run npm start, then ask again.");
  const text = readFileSync(paths.dev, "utf8");
  if (values.json) return void process.stdout.write(text);
  const info = JSON.parse(text) as Record<string, unknown>;
  for (const [name, value] of Object.entries(info)) console.log(`${name.padEnd(14)} ${Array.isArray(value) ? value.join(", ") : value}`);
}

async function keys(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { url: { type: "string" } } });
  const [verb, more] = positionals;
  if (more !== undefined) throw new Error(`inlay keys ${verb} takes nothing more.`);
  if (verb === undefined) await showKeys(values.url);
  else if (verb === "rotate") await rotateMasterKey(values.url);
  else if (verb === "make") printKey();
  else throw new Error(`There is no inlay keys ${verb}.`);
}

async function audit(args: string[]): Promise<void> {
  const options = { url: { type: "string" }, head: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (positionals.join(" ") !== "verify") throw new Error("The command is inlay audit verify.");
  await verifyAudit(values);
}

const [command, ...args] = process.argv.slice(2);
try {
  if (command === "dev") dev(args);
  else if (command === "validate" && args.length) process.exitCode = validateFiles(args) ? 0 : 1;
  else if (command === "keys") await keys(args);
  else if (command === "audit") await audit(args);
  else if (command === "help" || command === "--help") console.log(USAGE);
  else fail(2, USAGE);
} catch (error) {
  if (error instanceof CommandError) fail(1, error.message);
  fail(2, `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
}
