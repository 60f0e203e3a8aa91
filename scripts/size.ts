// What a host page loads before the first cards show, in bytes of brotli. Builds, prints, and refuses what is over the budget.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";
import { ROOT } from "./settings.ts";

/** Bytes of brotli until the first cards show. */
const FIRST_CARDS = 25_000;
/** Bytes of brotli of all that browsing, connecting and setting up load, with a form like that of the demo. */
const JOURNEY = 70_000;
const ON_THE_WAY =
  /\/(form|setup-frame|flow-view|connect|popup|dialog|mapping-field|setup-preview|stream|skeleton|contexts|connect-error|card-keys|focus-keeper)-/;
/** Bytes of brotli of any one chunk that is loaded later. */
const CHUNK = 20_000;

const outDir = mkdtempSync(join(tmpdir(), "inlay-size-"));
await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { outDir, emptyOutDir: true } });

const brotli = (path: string) =>
  brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length;

/** `entry` and everything that it imports statically, and what the marketplace's element imports on its first view. */
function loadedAtOnce(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(join(outDir, entry), "utf8");
  for (const [, path = ""] of text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
    loadedAtOnce(join(entry, "..", path), seen);
  }
  return seen;
}

const first = [...loadedAtOnce("inlay.js")].map((path) => ({ path, size: brotli(join(outDir, path)) }));
const chunks = readdirSync(join(outDir, "chunks")).filter((name) => name.endsWith(".js"));
const later = chunks
  .filter((name) => !first.some(({ path }) => basename(path) === name))
  .map((name) => ({ path: `chunks/${name}`, size: brotli(join(outDir, "chunks", name)) }))
  .sort((a, b) => b.size - a.size);
/** Checks are the edge's: a browser that loads them has been given a value where its type was meant. */
const withChecks = chunks.filter((name) => readFileSync(join(outDir, "chunks", name), "utf8").includes("_zod"));
const sumOf = (files: { size: number }[]) => files.reduce((sum, { size }) => sum + size, 0);
const total = sumOf(first);
rmSync(outDir, { recursive: true, force: true });
const journey = total + sumOf(later.filter(({ path }) => ON_THE_WAY.test(path)));

const show = ({ path, size }: { path: string; size: number }) => console.log(`  ${String(size).padStart(7)}  ${path}`);
console.log(`Before the first cards: ${total} bytes of brotli (budget ${FIRST_CARDS})`);
first.forEach(show);
console.log("On demand:");
later.slice(0, 12).forEach(show);
console.log(`Browsing, connecting and setting up: ${journey} bytes of brotli (budget ${JOURNEY})`);
const tooLarge = later.filter(({ size, path }) => size > CHUNK && !path.includes("console"));
for (const { path, size } of tooLarge) console.error(`${path} has ${size} bytes, more than ${CHUNK}`);
for (const name of withChecks) console.error(`chunks/${name} brings zod: import types alone from shared/api`);
if (total > FIRST_CARDS) console.error(`The script until the first cards is ${total - FIRST_CARDS} bytes over its budget`);
if (journey > JOURNEY) console.error(`The journey is ${journey - JOURNEY} bytes over its budget`);
process.exit(tooLarge.length > 0 || withChecks.length > 0 || total > FIRST_CARDS || journey > JOURNEY ? 1 : 0);
