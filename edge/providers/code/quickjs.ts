// The interpreter for code steps: QuickJS as WebAssembly, so that its budgets hold on a laptop as they do at the edge.
import release from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from "quickjs-emscripten-core";
import wasmModule from "../../../node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm";

let loading: Promise<QuickJSWASMModule> | undefined;

/** The interpreter, loaded once an isolate. */
export function loadQuickJs(): Promise<QuickJSWASMModule> {
  loading ??= newQuickJSWASMModuleFromVariant(newVariant(release, { wasmModule }));
  loading.catch(forgetQuickJs);
  return loading;
}

/** After a fault of the interpreter itself: the next step gets a fresh one. */
export function forgetQuickJs(): void {
  loading = undefined;
}
