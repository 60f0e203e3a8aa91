// `npm run meter`: writes the interpreter of code steps anew, from the package, with a fuel gauge in it. A Worker may not compile
// WebAssembly while it runs, so the result stands in the repository; a test compares it with what this makes.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { meterWasm } from "./meter-wasm.ts";

/** Where the metered interpreter stands. */
export const METERED = join(import.meta.dirname, "../edge/providers/code/quickjs-metered.wasm");

/** The installed interpreter, metered. */
export function meterQuickJs(): Uint8Array {
  const variant = createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync");
  return meterWasm(readFileSync(join(variant, "../emscripten-module.wasm")));
}

if (process.argv[1] === import.meta.filename) writeFileSync(METERED, meterQuickJs());
