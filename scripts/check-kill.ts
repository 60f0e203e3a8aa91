// `npm run check:kill [-- --rounds 50 --senders 64]`: the started product under load, killed with -9 every one to three seconds. What was
// answered 202 must arrive; what arrives twice must have been under way at a kill, and come under its first key.
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { Caller, Product, until } from "../demo/journeys/product.ts";

const { values } = parseArgs({ options: { rounds: { type: "string" }, senders: { type: "string" }, integrations: { type: "string" } } });
const rounds = Number(values.rounds ?? 50);
const senders = Number(values.senders ?? 64);
const integrations = Number(values.integrations ?? 8);
const TARGET_DELAY = 20;

/** The effect keys under which each order arrived. */
const arrivals = new Map<string, string[]>();
const acknowledged = new Set<string>();
/** How often each order's call was under way when everything was killed. */
const underWay = new Map<string, number>();
const otherKeys: string[] = [];

/** The endpoint that orders are posted to. */
const target = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    const { id } = JSON.parse(body) as { id: string };
    const key = String(request.headers["idempotency-key"] ?? "");
    const before = arrivals.get(id) ?? [];
    if (key === "" || before.some((one) => one !== key)) otherKeys.push(id);
    arrivals.set(id, [...before, key]);
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end("{}"), TARGET_DELAY);
  });
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function post(url: string, id: string): Promise<boolean> {
  const body = JSON.stringify({ id, lines: [{ price: 2, quantity: 5 }], customer: { email: "ADA@EXAMPLE.COM" } });
  const headers = { "content-type": "application/json", "x-order-id": id };
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await response?.text().catch(() => undefined);
  return response?.status === 202;
}

let isOver = false;
let isUp = true;
let count = 0;

/** Posts orders one after another, each until it is answered 202. */
async function send(urls: readonly string[], sender: number): Promise<void> {
  const url = urls[sender % urls.length] ?? "";
  while (!isOver) {
    const id = `o${++count}`;
    while (!(await post(url, id))) {
      if (isOver) return;
      await pause(isUp ? 50 : 300);
    }
    acknowledged.add(id);
  }
}

/** After a kill: runs that were being driven and whose call is not in their journal, as the objects' own databases have it. */
function noteUnderWay(state: string): number {
  const copy = mkdtempSync(join(tmpdir(), "inlay-kill-"));
  cpSync(join(state, "storage/v3/do/inlay-IntegrationObject"), copy, { recursive: true });
  let sum = 0;
  for (const name of readdirSync(copy).filter((file) => file.endsWith(".sqlite"))) {
    const db = new DatabaseSync(join(copy, name));
    const isObject = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'journal'").all().length > 0;
    const rows = isObject ? db.prepare(UNDER_WAY).all() : [];
    for (const { input } of rows) {
      const { id } = (JSON.parse(String(input)) as { body: { id: string } }).body;
      underWay.set(id, (underWay.get(id) ?? 0) + 1);
      sum++;
    }
    db.close();
  }
  rmSync(copy, { recursive: true });
  return sum;
}

const UNDER_WAY = `SELECT input FROM run WHERE status = 'running'
  AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.run = run.id AND body LIKE '%"status":"succeeded"%')`;

const product = new Product();
await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
const targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
let failed = true;
try {
  const dev = await product.start();
  const ada = Caller.asUser(dev, "ada");
  const made: { id: string; blocks: { key: string; url?: string }[] }[] = [];
  for (let i = 0; i < integrations; i++)
    made.push(
      await ada.ask("POST", "/v1/integrations", {
        flow: "orders-to-anywhere",
        accounts: {},
        values: { url: targetUrl, minimum: 0 },
      }),
    );
  const urls = made.map(({ blocks }) => blocks.find(({ key }) => key === "received")?.url ?? "");
  const working = Array.from({ length: senders }, (_, sender) => send(urls, sender));
  for (let round = 1; round <= rounds; round++) {
    await pause(1_000 + Math.random() * 2_000);
    isUp = false;
    const at = Date.now();
    await product.kill();
    const cut = noteUnderWay(product.state);
    await product.start();
    isUp = true;
    console.log(
      `round ${round}: ${acknowledged.size} acknowledged, ${cut} calls under way, up again after ${((Date.now() - at) / 1_000).toFixed(1)} s`,
    );
  }
  const started = Date.now();
  await pause(1_000);
  isOver = true;
  await Promise.all(working);
  const isEnded = async () => {
    for (const { id } of made)
      for (const status of ["queued", "running", "waiting"]) {
        const { items } = await ada.ask<{ items: unknown[] }>("GET", `/v1/integrations/${id}/runs?status=${status}&limit=1`);
        if (items.length) return false;
      }
    return true;
  };
  const isInTime = await until("every run ends", isEnded, 60_000).catch(() => false);
  const lost = [...acknowledged].filter((id) => !arrivals.has(id));
  const repeated = [...arrivals.values()].reduce((sum, list) => sum + list.length - 1, 0);
  const wrong = [...arrivals].filter(([id, list]) => list.length - 1 > (underWay.get(id) ?? 0)).map(([id]) => id);
  const allUnderWay = [...underWay.values()].reduce((sum, times) => sum + times, 0);
  console.log(`acknowledged           ${acknowledged.size}`);
  console.log(`lost                   ${lost.length} ${lost.slice(0, 5).join(" ")}`);
  console.log(`repeated               ${repeated}, of ${allUnderWay} calls under way at a kill`);
  console.log(`repeated without cause ${wrong.length} ${wrong.slice(0, 5).join(" ")}`);
  console.log(`under another key      ${otherKeys.length} ${otherKeys.slice(0, 5).join(" ")}`);
  console.log(
    `every run terminal     ${isInTime ? `${((Date.now() - started) / 1_000).toFixed(1)} s after the last start` : "no: not within 60 s"}`,
  );
  failed = lost.length > 0 || wrong.length > 0 || otherKeys.length > 0 || !isInTime;
} finally {
  isOver = true;
  await product.stop();
  target.closeAllConnections();
  target.close();
}
process.exit(failed ? 1 : 0);
