// What every command is made of: how it is called, what its options mean, and what it does.
import { type ParseArgsOptionDescriptor, parseArgs } from "node:util";

/** Wrong use: said with the command's help. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An option, and what it means; `value` names what it takes. */
type Option = ParseArgsOptionDescriptor & { about: string; value?: string };
type Options = Record<string, Option>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>["values"];

/** A command as the table of all commands knows it. `run` answers the exit code, and throws `UsageError` and `CommandError`. */
export interface Command {
  name: string;
  usage: readonly string[];
  about: string;
  help: string;
  run(args: readonly string[]): Promise<0 | 1>;
}

interface Definition<T extends Options> {
  /** Each way to call it, without `inlay`. */
  usage: readonly [string, ...string[]];
  about: string;
  /** What its help says besides. */
  more?: string;
  options: T;
  run(values: Values<T>, positionals: string[]): Promise<boolean | undefined> | Promise<void> | boolean | undefined | void;
}

/** Makes a command. `run` answers false where it was refused or has failed. */
export function defineCommand<const T extends Options>({ usage, about, more, options, run }: Definition<T>): Command {
  const name = usage[0].split(" ")[0] ?? "";
  const all: Options = { ...options, help: { type: "boolean", short: "h", about: "this help" } };
  const lines = Object.entries(all).map(([key, { short, value, about: meaning }]) => {
    const flag = `${short === undefined ? "    " : `-${short}, `}--${key}${value === undefined ? "" : ` ${value}`}`;
    return `  ${flag.padEnd(28)} ${meaning}`;
  });
  const calls = usage.map((one, index) => `${index === 0 ? "Usage: " : "       "}inlay ${one}`).join("\n");
  const help = `${calls}\n\n${about}\n${more === undefined ? "" : `\n${more.trim()}\n`}\n${lines.join("\n")}\n\nExit codes: 0 done, 1 refused or failed, 2 wrong use.`;
  return {
    ...{ name, usage, about, help },
    async run(args) {
      const parsed = parseOptions(args, all);
      if (parsed.values.help) console.log(help);
      else if ((await run(parsed.values as Values<T>, parsed.positionals)) === false) return 1;
      return 0;
    },
  };
}

function parseOptions(args: readonly string[], options: Options): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(words.split(". To specify")[0] ?? words);
  }
}

/** `positionals` where there are as many as `names`; those that end in `?` may be left out. */
export function expectPositionals(positionals: readonly string[], names: readonly string[]): string[] {
  const missing = names.find((name, index) => !name.endsWith("?") && positionals[index] === undefined);
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const extra = positionals[names.length];
  if (extra !== undefined) throw new UsageError(`“${extra}” is one word too many.`);
  return [...positionals];
}
