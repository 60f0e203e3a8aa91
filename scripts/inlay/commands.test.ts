import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ROOT } from "../settings.ts";
import { COMMANDS } from "./commands.ts";

const inlay = (...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "scripts/inlay.ts"), ...args], { cwd: ROOT, encoding: "utf8", input: "" });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("each command", () => {
  it.each(COMMANDS)("$name has a help, and refuses an option that is none", async (command) => {
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    expect(await command.run(["--help"])).toBe(0);
    expect(print.mock.calls.join()).toContain(`Usage: inlay ${command.usage[0]}`);
    await expect(command.run(["--frobnicate"])).rejects.toThrow("Unknown option '--frobnicate'");
  });
});

describe("inlay test", () => {
  it("passes over every flow that comes with the product, code steps in the sandbox among them", () => {
    const { status, stdout } = inlay("test", "demo/catalogue", "edge/catalogue", "--json");
    const result = JSON.parse(stdout) as { passed: number; files: { flow: string; tests: { ok: boolean; faults: object[] }[] }[] };
    expect(result.files.flatMap(({ tests }) => tests.flatMap(({ faults }) => faults))).toEqual([]);
    expect([status, result.files.length]).toEqual([0, 13]);
    expect(result.passed).toBeGreaterThan(30);
  });

  it("is wrong use with an option that is none, refused where there is nothing to run", () => {
    expect(inlay("test", "--ony", "x")).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage: inlay test") });
    expect(inlay("test", "docs")).toMatchObject({ status: 1, stderr: expect.stringContaining("There are no flow tests in docs") });
  });
});
