import { spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { freePort, isPortFree } from "../../scripts/child.ts";
import { Caller, Product } from "./product.ts";

const ROOT = join(import.meta.dirname, "../..");
let product: Product | undefined;
let blocker: Server | undefined;

afterEach(async () => {
  await product?.stop();
  blocker?.close();
  product = undefined;
  blocker = undefined;
});

const run = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("exit", (code) => resolve({ code, output }));
  });

describe("npm start", () => {
  it("says in one line that a port is taken, and starts nothing", async () => {
    blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker?.once("listening", resolve));
    const address = blocker.address();
    const port = String(address && typeof address === "object" ? address.port : 0);
    const { code, output } = await run(["scripts/start.ts"], { INLAY_PORT: port, INLAY_STATE: join(ROOT, ".inlay-never") });
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toEqual([`Port ${port} (the edge) is taken: stop what uses it, or set INLAY_PORT to a free port.`]);
  });

  it("says in one line that two of its servers are given one port", async () => {
    const port = String(await freePort());
    const env = {
      INLAY_PORT: port,
      INLAY_PIPELINE_PORT: port,
      INLAY_DEMO_PORT: String(Number(port) + 1),
      INLAY_STATE: join(ROOT, ".inlay-never"),
    };
    const { code, output } = await run(["scripts/start.ts"], env);
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toEqual([
      `Port ${port} is given to both the edge (INLAY_PORT) and Pipeline (INLAY_PIPELINE_PORT): set one of them to another.`,
    ]);
  });

  it("ends every process on SIGTERM, and starting again keeps all data", async () => {
    product = new Product({}, { isNew: true });
    const dev = await product.start();
    const ada = Caller.asUser(dev, "ada");
    const made = await ada.ask<{ id: string }>("POST", "/v1/integrations", {
      flow: "orders-to-anywhere",
      values: { url: "https://example.com/x" },
    });
    await product.end();
    for (const url of [dev.edgeUrl, dev.demoUrl, dev.pipelineUrl, dev.postboxUrl])
      expect(await isPortFree(Number(new URL(url).port))).toBe(true);
    expect(await product.start()).toEqual(dev);
    const { items } = await ada.ask<{ items: { id: string }[] }>("GET", "/v1/integrations");
    expect(items.map(({ id }) => id)).toEqual([made.id]);
  });
});

describe("npx inlay", () => {
  it("says what to do where nothing was started, and what it takes where it is used wrongly", async () => {
    const never = { INLAY_STATE: join(ROOT, ".inlay-never") };
    expect(await run(["scripts/inlay.ts", "dev", "--json"], never)).toMatchObject({
      code: 1,
      output: expect.stringContaining("npm start"),
    });
    expect(await run(["scripts/inlay.ts", "frobnicate"])).toMatchObject({ code: 2, output: expect.stringContaining("Usage") });
    const flow = "demo/catalogue/orders-to-anywhere.flow.yaml";
    expect(await run(["scripts/inlay.ts", "validate", flow])).toMatchObject({ code: 0 });
    expect(await run(["scripts/inlay.ts", "validate", "package.json"])).toMatchObject({
      code: 1,
      output: expect.stringMatching(/package\.json:\d+:\d+/),
    });
  });
});
