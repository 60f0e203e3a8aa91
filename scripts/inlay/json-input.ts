import { readFileSync } from "node:fs";
import { CommandError } from "../edge-access.ts";
import { readInput } from "./ask-user.ts";

/** What an option gives as JSON: as it stands, of a file (`@FILE`), or piped in (`-`). Throws `CommandError` where it is none. */
export async function readJson(given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined;
  const text = given === "-" ? await readInput("Input, as JSON: ") : given.startsWith("@") ? readText(given.slice(1)) : given;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandError(`The input is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new CommandError(`There is no file ${path} that can be read.`);
  }
}
