// The npm package of the elements: ES modules with lit left to the host's bundler, declarations, and a manifest that is ready to be
// published with provenance.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { makeTypes } from "./package-types.ts";
import { ROOT } from "./settings.ts";

export const PACKAGE = "@inlay/widget";

interface RootPackage {
  version: string;
  description: string;
  license: string;
  repository?: unknown;
  homepage?: string;
  dependencies: Record<string, string>;
}

/** Builds the package into `folder`. */
export async function buildPackage(folder: string): Promise<void> {
  const built = await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      minify: false,
      modulePreload: false,
      reportCompressedSize: false,
      lib: { entry: { index: "widget/package/elements.ts", define: "widget/embed.ts" }, formats: ["es"] },
      rollupOptions: {
        external: [/^lit($|\/)/, /^@lit\//],
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name].js" },
      },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunks = output && "output" in output ? output.output.filter((one) => one.type === "chunk") : [];
  for (const [name, text] of Object.entries(makeTypes())) writeFileSync(join(folder, name), text);
  copyFileSync(join(ROOT, "widget/custom-elements.json"), join(folder, "custom-elements.json"));
  copyFileSync(join(ROOT, "widget/package/README.md"), join(folder, "README.md"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifestOf(readRoot(), actingFiles(chunks)), null, 2)}\n`);
}

const readRoot = () => JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as RootPackage;

/**
 * The files that act when they are loaded. Those that `index.js` needs at once do not count: whoever uses no class of theirs wants none of
 * the inner elements that they define either.
 */
function actingFiles(chunks: readonly { fileName: string; imports: readonly string[] }[]): string[] {
  const atOnce = new Set(["index.js"]);
  for (const name of atOnce) for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) atOnce.add(next);
  return chunks
    .map(({ fileName }) => fileName)
    .filter((name) => !atOnce.has(name))
    .sort()
    .map((name) => `./${name}`);
}

function manifestOf({ version, description, license, repository, homepage, dependencies }: RootPackage, sideEffects: string[]) {
  const range = (name: string) => `^${dependencies[name] ?? ""}`;
  return {
    name: PACKAGE,
    version,
    description,
    license,
    ...(repository === undefined ? {} : { repository }),
    ...(homepage === undefined ? {} : { homepage }),
    keywords: ["web-components", "custom-elements", "lit", "integrations", "embedded-ipaas"],
    type: "module",
    main: "./index.js",
    types: "./index.d.ts",
    customElements: "./custom-elements.json",
    sideEffects,
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./define": { types: "./define.d.ts", default: "./define.js" },
      ...Object.fromEntries(
        ["react", "react-18", "preact", "solid", "vue", "svelte"].map((name) => [`./${name}`, { types: `./${name}.d.ts` }]),
      ),
      "./custom-elements.json": "./custom-elements.json",
      "./package.json": "./package.json",
    },
    dependencies: { "@lit/context": range("@lit/context"), lit: range("lit") },
    publishConfig: { access: "public", provenance: true },
  };
}
