// The command line of Inlay. Exit codes: 0 done, 1 refused or failed, 2 wrong use.
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { verifyAudit } from "./audit.ts";
import { CommandError } from "./edge-access.ts";
import { diff } from "./inlay/diff.ts";
import { fromOpenApi } from "./inlay/from-openapi.ts";
import { login } from "./inlay/login.ts";
import { pull } from "./inlay/pull.ts";
import { push } from "./inlay/push.ts";
import { openWorkspace } from "./inlay/workspace-access.ts";
import { printKey, rotateMasterKey, showKeys } from "./keys.ts";
import { paths } from "./settings.ts";
import { validateFiles } from "./validate.ts";

const USAGE = `Usage: npx inlay COMMAND

  dev [--json]        what scripts need to reach the local Inlay that npm start serves
  login --url URL     keeps an API token, typed or piped in, for the commands below (else INLAY_URL and INLAY_TOKEN, else the local Inlay)
  pull [FOLDER] [--only KEY …]
                      writes the workspace's flows and apps into a folder, byte for byte; asks before it overwrites (--yes)
  push [PATH …] [--publish] [--note TEXT]
                      shows what would change in the workspace, asks (--yes), and stores it; refuses credentials
  diff [PATH …]       what folder and workspace differ in; exit code 1 where they do
  validate PATH …     checks flow and app files; every fault with its line and column
  app from-openapi DOCUMENT [--key KEY] [--operations ID,…] [--out FILE] [--list]
                      makes an app file of an OpenAPI 3.x or Swagger 2.0 document
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

/** The commands that work on a folder and a workspace. Answers the exit code. */
async function folder(command: "pull" | "push" | "diff", args: string[]): Promise<0 | 1> {
  const options = {
    url: { type: "string" },
    yes: { type: "boolean", short: "y" },
    publish: { type: "boolean" },
    note: { type: "string" },
    only: { type: "string", multiple: true },
  } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const access = openWorkspace(values.url);
  const paths = positionals.length ? positionals : ["."];
  const yes = values.yes === true;
  if (command === "diff") return (await diff(access, paths)) ? 0 : 1;
  if (command === "push") return (await push(access, paths, { yes, publish: values.publish === true, note: values.note })) ? 0 : 1;
  if (paths.length > 1) throw new Error("inlay pull takes one folder.");
  return (await pull(access, paths[0] ?? ".", { yes, only: values.only ?? [] })) ? 0 : 1;
}

async function app(args: string[]): Promise<void> {
  const text = { type: "string" } as const;
  const options = { key: text, operations: text, out: text, list: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [verb, document, more] = positionals;
  if (verb !== "from-openapi" || document === undefined || more !== undefined)
    throw new Error("The command is inlay app from-openapi DOCUMENT.");
  await fromOpenApi(document, values);
}

const [command, ...args] = process.argv.slice(2);
try {
  if (command === "dev") dev(args);
  else if (command === "validate" && args.length) process.exitCode = validateFiles(args) ? 0 : 1;
  else if (command === "login") await login(parseArgs({ args, options: { url: { type: "string" } } }).values.url);
  else if (command === "pull" || command === "push" || command === "diff") process.exitCode = await folder(command, args);
  else if (command === "app") await app(args);
  else if (command === "keys") await keys(args);
  else if (command === "audit") await audit(args);
  else if (command === "help" || command === "--help") console.log(USAGE);
  else fail(2, USAGE);
} catch (error) {
  if (error instanceof CommandError) fail(1, error.message);
  fail(2, `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
}
