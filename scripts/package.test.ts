// The package as a stranger gets it: packed, unpacked into a folder of its own, built with, typed against, imported on a server.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPackage, PACKAGE } from "./build-package.ts";
import { ROOT } from "./settings.ts";

const work = mkdtempSync(join(tmpdir(), "inlay-package-"));
const host = join(work, "host");
const installed = join(host, "node_modules", PACKAGE);
const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
const HOSTS = join(ROOT, "demo/hosts");

/** Lets `folder` resolve packages of ours, some under another name. */
function link(folder: string, names: Record<string, string>): void {
  for (const [name, target] of Object.entries(names)) {
    const at = join(folder, "node_modules", name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", target), at);
  }
}

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));

function run(cwd: string, command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${stdout}${stderr}`);
  }
}

const typeCheck = (folder: string, file: string, ...options: string[]) => {
  const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022,dom,dom.iterable"];
  return run(folder, bin("tsc"), [...strict, "--module", "esnext", "--moduleResolution", "bundler", "--types", "", ...options, file]);
};

beforeAll(async () => {
  const built = join(work, "package");
  await buildPackage(built);
  const packed = run(built, "npm", ["pack", "--silent", "--pack-destination", work]).trim().split("\n").at(-1) ?? "";
  mkdirSync(installed, { recursive: true });
  run(work, "tar", ["-xzf", join(work, packed), "-C", installed, "--strip-components", "1"]);
  link(host, same("lit", "@lit/context", "@lit/reactive-element", "react", "react-dom", "@types/react", "@types/react-dom", "preact"));
  link(host, same("vue", "@vitejs/plugin-vue", "vite", "solid-js", "svelte"));
  cpSync(HOSTS, host, { recursive: true });
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

test("it carries modules, types and the manifest, and no source, test or lit", () => {
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: PACKAGE, type: "module", publishConfig: { access: "public", provenance: true } });
  expect(Object.keys(manifest.dependencies)).toEqual(["@lit/context", "lit"]);
  for (const { types, default: file } of Object.values(manifest.exports as Record<string, { types?: string; default?: string }>))
    for (const path of [types, file]) if (path) expect(readFileSync(join(installed, path), "utf8")).not.toBe("");
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => /(?<!\.d)\.ts$|test/.test(name))).toEqual([]);
  const chunks = files.filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(installed, name), "utf8"));
  expect(chunks.some((text) => /from "lit/.test(text))).toBe(true);
  expect(chunks.filter((text) => /litElementVersions|reactiveElementVersions/.test(text))).toEqual([]);
});

test.each(["index.js", "define.js"])("%s is imported on a server, where there is no window", (name) => {
  const script = `await import(${JSON.stringify(join(installed, name))}); if (typeof window !== "undefined") throw new Error("a window"); console.log("imported")`;
  expect(run(host, process.execPath, ["--input-type=module", "-e", script])).toContain("imported");
});

test.each(["react", "vue", "html"])("the %s example builds", (name) => {
  run(join(host, name), process.execPath, [bin("vite"), "build", "--logLevel", "error"]);
  const files = readdirSync(join(host, name, "dist"), { recursive: true, encoding: "utf8" });
  const scripts = files.filter((file) => file.endsWith(".js")).map((file) => readFileSync(join(host, name, "dist", file), "utf8"));
  expect(scripts.some((text) => text.includes("inlay-marketplace"))).toBe(true);
});

test("a host that imports a class and does not use it carries none of the widget", () => {
  const folder = join(host, "unused");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), '<script type="module" src="./main.js"></script>');
  writeFileSync(join(folder, "main.js"), 'import { MarketplaceElement } from "@inlay/widget"; document.title = "nothing else";');
  run(folder, process.execPath, [bin("vite"), "build", "--logLevel", "error"]);
  const script = readdirSync(join(folder, "dist/assets")).find((name) => name.startsWith("index-")) ?? "";
  const text = readFileSync(join(folder, "dist/assets", script), "utf8");
  expect(text).toContain("nothing else");
  expect(text).not.toMatch(/import|inlay/);
});

test.each([
  ["dom.ts", []],
  ["react.tsx", ["--jsx", "react-jsx"]],
  ["preact.tsx", ["--jsx", "react-jsx", "--jsxImportSource", "preact"]],
  ["solid.tsx", ["--jsx", "preserve", "--jsxImportSource", "solid-js"]],
  ["vue.ts", ["--skipLibCheck"]],
  ["svelte.ts", ["--skipLibCheck"]],
])("types hold in %s", (file, options) => {
  typeCheck(join(host, "types"), file, ...options);
});

test("types hold in React 18", () => {
  const folder = join(work, "host-18");
  mkdirSync(join(folder, "node_modules/@inlay"), { recursive: true });
  cpSync(installed, join(folder, "node_modules", PACKAGE), { recursive: true });
  link(folder, { ...same("lit", "@lit/reactive-element"), "@types/react": "types-react-18" });
  cpSync(join(HOSTS, "types/react-18.tsx"), join(folder, "react-18.tsx"));
  typeCheck(folder, "react-18.tsx", "--jsx", "react-jsx");
});

test("the React example holds to its own tsconfig", () => {
  run(join(host, "react"), bin("tsc"), ["-p", "."]);
});
