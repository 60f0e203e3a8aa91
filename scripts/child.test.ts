import { expect, test, vi } from "vitest";
import { startChild, stopChild } from "./child.ts";

test("a child's lines are told until it is stopped: what it says in ending is not", async () => {
  const script =
    'process.on("SIGTERM", () => { console.error("fatal error"); process.exit(0); }); setInterval(() => console.log("here"), 20);';
  const lines: string[] = [];
  const child = startChild(process.execPath, ["-e", script], {}, (line) => lines.push(line));
  await vi.waitFor(() => expect(lines).toContain("here"), 5_000);
  const closed = new Promise((done) => child.once("close", done));
  await stopChild(child);
  await closed;
  expect(new Set(lines)).toEqual(new Set(["here"]));
});
