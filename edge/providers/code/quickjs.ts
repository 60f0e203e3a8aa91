// The interpreter for code steps: QuickJS as WebAssembly, with a fuel gauge in it (scripts/meter-wasm.ts), so that its budget holds on a
// laptop as it does at the edge, and inside a single call of a native function as well as between two of them.
import release from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, type QuickJSSyncVariant, type QuickJSWASMModule } from "quickjs-emscripten-core";
import { CODE_LIMITS } from "../../engine/limits.ts";
import wasmModule from "./quickjs-metered.wasm";

const PAGE = 65_536;
/** What the interpreter itself has of its memory (bytes): its stack, its constants, the bounds of what it hands out. */
const OWN = 8 * 1_024 * 1_024;

/** `fuel.value` is what is left: out of it, the interpreter traps, and has to be forgotten. */
export interface Interpreter {
  quickjs: QuickJSWASMModule;
  fuel: WebAssembly.Global;
  /** Has a maximum. It never shrinks: an interpreter whose memory has grown is to be forgotten. */
  memory: WebAssembly.Memory;
}

let loading: Promise<Interpreter> | undefined;

/** The interpreter, loaded once an isolate. */
export function loadQuickJs(): Promise<Interpreter> {
  loading ??= load();
  loading.catch(forgetQuickJs);
  return loading;
}

/** After a fault of the interpreter itself: the next step gets a fresh one. */
export function forgetQuickJs(): void {
  loading = undefined;
}

async function load(): Promise<Interpreter> {
  let fuel: WebAssembly.Global | undefined;
  // The limit of a runtime sees what is asked for at once; what stays allocated, it does not count in WebAssembly.
  const memory = new WebAssembly.Memory({ initial: CODE_LIMITS.memory / PAGE, maximum: (CODE_LIMITS.memory + OWN) / PAGE });
  const metered: QuickJSSyncVariant = {
    ...release,
    importModuleLoader: async () => {
      const imported = await release.importModuleLoader();
      const start = typeof imported === "function" ? imported : loaderIn(imported.default);
      return (options) =>
        start({
          ...options,
          wasmMemory: memory,
          instantiateWasm: async (imports, onSuccess) => {
            const instance = await WebAssembly.instantiate(wasmModule, imports);
            const gauge = instance.exports.fuel;
            if (gauge instanceof WebAssembly.Global) fuel = gauge;
            onSuccess(instance);
            return instance.exports;
          },
        });
    },
  };
  const quickjs = await newQuickJSWASMModuleFromVariant(metered);
  if (!fuel) throw new Error("the interpreter has no fuel gauge: npm run meter writes it anew");
  return { quickjs, fuel, memory };
}

/** Bundlers differ in how many `default`s they put around a module. */
const loaderIn = <T>(module: T | { default: T }): T =>
  module !== null && typeof module === "object" && "default" in module ? module.default : module;
