#!/usr/bin/env node
// Runs `with-node.mjs SCRIPT.ts [arguments]` on the Node that this project pins, after installing what is missing.
// Plain JavaScript without dependencies: it runs before anything is installed, on any Node from 20 on.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";
const [script = "", ...args] = process.argv.slice(2);

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(
    `Inlay needs Node 20 or newer to start, this is ${process.versions.node}. Install one from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

const installed = join(root, "node_modules/.package-lock.json");
const lockfile = join(root, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
  console.log("Installing dependencies …");
  const npm = spawnSync(windows ? "npm.cmd" : "npm", ["ci", "--loglevel=error"], { cwd: root, stdio: "inherit", shell: windows });
  if (npm.status !== 0) {
    console.error("npm ci failed: the lines above say why. Nothing was started.");
    process.exit(1);
  }
}

const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}${windows ? ";" : ":"}${process.env.PATH ?? ""}` };
const child = spawn(join(bin, windows ? "node.cmd" : "node"), [join(root, script), ...args], {
  cwd: process.cwd(),
  stdio: "inherit",
  env,
  shell: windows,
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

// Whoever started this may be killed without a word: then the child must not stay behind. npm starts scripts through a shell,
// which outlives it: where /proc tells, the shell's parent is watched.
const parent = process.ppid;
const read = (name) => {
  try {
    return readFileSync(`/proc/${parent}/${name}`, "utf8");
  } catch {
    return "";
  }
};
const isShellOfNpm = read("cmdline").includes("with-node.mjs");
const starter = () => (isShellOfNpm ? read("stat").split(") ").at(-1)?.split(" ")[1] : undefined);
const first = starter();
setInterval(() => (process.ppid !== parent || starter() !== first) && child.kill("SIGTERM"), 500).unref();
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
