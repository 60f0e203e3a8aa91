// `npm run check`: types, lint and format, the size budget, and that a deployment would bundle.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./settings.ts";

const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
const checks: [string, string, string[]][] = [
  ["types", bin("tsc"), ["-b"]],
  ["lint and format", bin("biome"), ["ci", "."]],
  ["manifest", process.execPath, ["scripts/manifest.ts", "--check"]],
  ["size", process.execPath, ["scripts/size.ts"]],
  ["deployment", process.execPath, ["scripts/deploy.ts", "--dry-run"]],
];

let failed = 0;
for (const [what, command, args] of checks) {
  const since = Date.now();
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) failed++;
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${what} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
}
process.exit(failed ? 1 : 0);
