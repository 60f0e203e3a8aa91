// The command line of Inlay. Exit codes: 0 done, 1 refused or failed, 2 wrong use.
import { CommandError } from "./edge-access.ts";
import { UsageError } from "./inlay/command.ts";
import { COMMANDS } from "./inlay/commands.ts";

const lines = COMMANDS.map(({ usage, about }) => `${usage.map((one) => `  ${one}`).join("\n")}\n      ${about}`);
const USAGE = `Usage: npx inlay COMMAND\n\n${lines.join("\n")}\n\nnpx inlay COMMAND --help tells more of each.`;

function fail(code: 1 | 2, message: string): void {
  console.error(message);
  process.exitCode = code;
}

const given = process.argv.slice(2);
const [name, ...args] = given[0] === "help" && given[1] !== undefined ? [given[1], "--help"] : given;
const command = COMMANDS.find((one) => one.name === name);
try {
  if (command) process.exitCode = await command.run(args);
  else if (name === "help" || name === "--help" || name === "-h") console.log(USAGE);
  else fail(2, name === undefined ? USAGE : `There is no command “${name}”.\n\n${USAGE}`);
} catch (error) {
  if (error instanceof UsageError) fail(2, `${error.message}\n\n${command?.help ?? USAGE}`);
  else if (error instanceof CommandError) fail(1, error.message);
  else fail(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
}
