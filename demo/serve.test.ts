import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const FREE = { LEDGERLY_PORT: "0", PIPELINE_PORT: "0", POSTBOX_PORT: "0" };

let folder: ReturnType<typeof temporaryFolder>;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  child?.kill("SIGKILL");
  folder.remove();
});

/** Runs the script and gathers what it prints until `isEnough`. */
async function serve(settings: Record<string, string>, isEnough: (text: string) => boolean) {
  const env = { ...process.env, ...FREE, INLAY_STATE: folder.path, ...settings };
  const process_ = spawn(process.execPath, [fileURLToPath(new URL("./serve.ts", import.meta.url))], { env });
  child = process_;
  const exit = once(process_, "exit");
  let text = "";
  await new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      text += chunk;
      if (isEnough(text)) resolve();
    };
    process_.stdout.on("data", read);
    process_.stderr.on("data", read);
    void exit.then(() => resolve());
  });
  return { process: process_, exit, text: () => text };
}

test("starts all three, prints their addresses, and ends on SIGTERM", async () => {
  const run = await serve({}, (text) => text.includes("Postbox"));
  const addresses = run.text().match(/http:\/\/localhost:\d+/g) ?? [];
  expect(addresses).toHaveLength(3);
  for (const address of addresses) expect((await fetch(address)).status).toBe(200);
  run.process.kill("SIGTERM");
  expect(await run.exit).toEqual([0, null]);
});

test("a taken port ends it with one line that names the port and the setting", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const port = String((other.address() as AddressInfo).port);
  const run = await serve({ POSTBOX_PORT: port }, () => false);
  expect(await run.exit).toEqual([1, null]);
  expect(run.text().trim()).toBe(
    `Postbox cannot start: port ${port} is taken. Stop what uses it, or choose another with POSTBOX_PORT=PORT.`,
  );
  other.close();
});

test("a setting that cannot be used ends it with one line", async () => {
  const run = await serve({ LEDGERLY_PORT: "many" }, () => false);
  expect(await run.exit).toEqual([1, null]);
  expect(run.text().trim()).toBe("LEDGERLY_PORT must be a port number, not “many”.");
});
