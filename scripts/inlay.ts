// The command line of Inlay. Exit codes: 0 done, 1 refused or failed, 2 wrong use.
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { paths } from "./settings.ts";
import { validateFiles } from "./validate.ts";

const USAGE = `Usage: npx inlay COMMAND

  dev [--json]        what scripts need to reach the local Inlay that npm start serves
  validate FILE …     checks flow and app files; every fault with its line and column
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

const [command, ...args] = process.argv.slice(2);
try {
  if (command === "dev") dev(args);
  else if (command === "validate" && args.length) process.exitCode = validateFiles(args) ? 0 : 1;
  else if (command === "help" || command === "--help") console.log(USAGE);
  else fail(2, USAGE);
} catch (error) {
  fail(2, `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
}
