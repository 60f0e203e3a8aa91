import { registerHooks } from "node:module";
import type { RunCode } from "./run-test.ts";

/** A bundler makes a WebAssembly.Module of an imported .wasm file; Node is told here how to. */
const asModule = (url: string) =>
  `import { readFileSync } from "node:fs"; export default new WebAssembly.Module(readFileSync(new URL(${JSON.stringify(url)})));`;

let loading: Promise<RunCode> | undefined;

/** The edge's sandbox for code steps, loaded when the first code step comes. */
export const nodeRunCode: RunCode = async (source, scope, options) => {
  loading ??= load();
  return (await loading)(source, scope, options);
};

async function load(): Promise<RunCode> {
  registerHooks({
    load: (url, context, next) =>
      url.endsWith(".wasm") ? { format: "module", shortCircuit: true, source: asModule(url) } : next(url, context),
  });
  return (await import("../../../edge/providers/code/run-code.ts")).runCode;
}
