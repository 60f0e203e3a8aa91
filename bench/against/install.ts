// Rivals come from npm when they are asked for, into a cache folder of the user's, never into this repository.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A rival cannot be installed or started; the message says why. */
export class RivalError extends Error {
  override readonly name = "RivalError";
}

/** The folder that holds `packages` (name → exact version), installed once. Rejects with RivalError where npm cannot. */
export async function install(rival: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const versions = Object.values(packages).join("-");
  const folder = join(cache, "inlay-bench", `${rival}-${versions}`);
  const mark = join(folder, "installed");
  if (existsSync(mark)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies: packages }));
  console.log(`Installing ${rival} into ${folder}, once …`);
  try {
    await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, timeout: 900_000, maxBuffer: 10_000_000 });
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr).slice(-800) : String(error);
    throw new RivalError(`${rival} cannot be installed from npm here: ${words}`);
  }
  writeFileSync(mark, "");
  return folder;
}
