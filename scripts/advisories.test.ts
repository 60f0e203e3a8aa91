import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./settings.ts";

const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, { version?: string }>;
};
const isAtLeast = (version: string, wanted: string) => version.localeCompare(wanted, "en", { numeric: true }) >= 0;

describe("a library with an advisory", () => {
  it.each([
    ["hono", "4.12.25", "CVE-2026-54290 and those before it (edge/testing/hono-advisories.test.ts asks for each)"],
    ["@hono/node-server", "1.19.13", "GHSA-92pp-h63x-v22m: serveStatic; the demo alone uses it"],
  ])("%s is at least %s, in every copy: %s", (name, wanted) => {
    const copies = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    expect(copies.length).toBeGreaterThan(0);
    for (const [path, { version = "0" }] of copies) expect(isAtLeast(version, wanted), `${path} ${version}`).toBe(true);
  });
});
