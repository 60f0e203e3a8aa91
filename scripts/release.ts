// A release of the widget: the script at an address of its version that never changes, the hash that a page may demand of each of its files,
// and `releases.json`, which lists them. See docs/decisions/0050-releases-of-the-widget.md.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { ROOT } from "./settings.ts";

/** One version of the widget. Paths are those on the edge; hashes are what `integrity` takes (W3C SRI, SHA-384). */
export interface Release {
  version: string;
  /** The script's own address, such as `/inlay@1.2.0.js`. */
  script: string;
  /** The asset that answers there: one with an `@` in its name would be answered by a redirect to `%40` first. */
  file: string;
  integrity: string;
  /** Every chunk that the script loads, now or on demand, with its hash. */
  chunks: Record<string, string>;
}

/** `releases.json`, newest first. */
export interface Releases {
  releases: Release[];
}

/** The version that a build makes: that of package.json. */
export const readVersion = (): string => (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;

/** The hash of a file's bytes as `integrity` takes it. */
export const hashBytes = (bytes: Uint8Array): string => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

interface Output {
  type: "chunk" | "asset";
  fileName: string;
  imports?: string[];
  dynamicImports?: string[];
}

/** The chunks that `entry` leads to, by file name. */
function chunksBehind(entry: string, bundle: Readonly<Record<string, Output>>, seen = new Set<string>()): Set<string> {
  const { imports = [], dynamicImports = [] } = bundle[entry] ?? {};
  for (const name of [...imports, ...dynamicImports])
    if (!seen.has(name) && bundle[name]?.type === "chunk") chunksBehind(name, bundle, seen.add(name));
  return seen;
}

/** Reads what a build has left in `folder` for `inlay.js` and the chunks behind it. */
export function describeRelease(folder: string, version: string, chunks: Iterable<string>): Release {
  const hashOf = (name: string) => hashBytes(readFileSync(join(folder, name)));
  return {
    version,
    script: `/inlay@${version}.js`,
    file: `/inlay-${version}.js`,
    integrity: hashOf("inlay.js"),
    chunks: Object.fromEntries([...chunks].sort().map((name) => [`/${name}`, hashOf(name)])),
  };
}

/** Writes the script once more under its version, and `releases.json`, beside what has been built. `written` is told of the release. */
export function releasePlugin(written: (folder: string, release: Release) => Promise<void>): Plugin {
  return {
    name: "inlay-release",
    apply: "build",
    async writeBundle({ dir = "" }, bundle) {
      const release = describeRelease(dir, readVersion(), chunksBehind("inlay.js", bundle as Record<string, Output>));
      writeFileSync(join(dir, release.file), readFileSync(join(dir, "inlay.js")));
      writeReleases(dir, [release]);
      await written(dir, release);
    },
  };
}

/** Writes `releases.json`, and the rewrites that lead from each script's address to its file. */
export function writeReleases(folder: string, releases: Release[]): void {
  writeFileSync(join(folder, "releases.json"), `${JSON.stringify({ releases } satisfies Releases, null, 2)}\n`);
  writeFileSync(join(folder, "_redirects"), releases.map(({ script, file }) => `${script} ${file} 200\n`).join(""));
}
