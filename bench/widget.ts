// How fast the widget is in Chromium, against a bare Lit list of the same cards in the same browser and run. `node bench/widget.ts` runs it alone.
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { build, loadConfigFromFile, mergeConfig } from "vite";
import { BROWSER_FLAGS, findBrowser } from "../scripts/browser.ts";
import { ROOT } from "../scripts/settings.ts";
import { median } from "./load.ts";
import { figure, judged, type Row, runBench } from "./row.ts";

const CARDS = 500;
const ROUNDS = 9;
const KEY_ROUNDS = 3;
const OPENS = 1_000;
const TOKEN = `e30.${Buffer.from(JSON.stringify({ iss: "ws_1", sub: "ada", exp: 4_102_444_800 })).toString("base64url")}.x`;
const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="#46f"/></svg>')}`;

const apps = ["Pipeline", "Postbox", "Ledgerly", "Parcel"].map((name) => ({ key: name.toLowerCase(), name, icon: ICON }));
const flow = (index: number) => {
  const used = [apps[index % 4], apps[(index + 1) % 4]];
  return {
    ...{
      key: `flow-${index}`,
      name: `Flow number ${index}`,
      icon: null,
      category: ["Sales", "Marketing", "Finance"][index % 3],
      tags: [`t${index % 7}`],
    },
    ...{
      description: `Keeps the records of ${used[0]?.name} and ${used[1]?.name} in step, every few minutes and as they change.`,
      version: 1,
    },
    ...{ instances: "many", apps: used, accounts: [], installed: 0, setup: { pages: [] }, blocks: [], appDetails: [] },
  };
};
const FIELDS = ["text", "number", "toggle", "date", "textarea"].map((type) => ({
  key: type,
  type,
  label: type,
  required: false,
  secret: false,
}));
const FLOWS = JSON.stringify({ items: Array.from({ length: CARDS }, (_, index) => flow(index)), nextCursor: null });
const FORM = JSON.stringify({ ...flow(0), setup: { pages: [{ key: "p", title: "Page", fields: FIELDS }] } });
const DRAFT = JSON.stringify({ accounts: {}, values: {}, savedAt: null, form: { pages: {}, fields: {} } });
const NOTHING = JSON.stringify({ items: [], nextCursor: null });

const page = (body: string, script: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="module" src="${script}"></script></head><body>${body}</body></html>`;
const PAGES: Record<string, string> = {
  "/floor": page("<bench-floor></bench-floor>", "/floor.js"),
  "/widget": page(`<inlay-marketplace token="${TOKEN}"></inlay-marketplace>`, "/inlay.js"),
  "/above": page(
    `<style>inlay-marketplace { display: block; min-block-size: 100dvb }</style><h1>Integrations</h1>
    <inlay-marketplace token="${TOKEN}"></inlay-marketplace><h2>Below</h2><p>${"What the host says beneath. ".repeat(40)}</p>`,
    "/inlay.js",
  ),
  "/setup": page(`<inlay-setup token="${TOKEN}"></inlay-setup>`, "/inlay.js"),
};

/** What the edge answers, at once or after `wait` ms. */
function answerApi(path: string, response: ServerResponse, wait: number): void {
  const body = path === "/v1/flows" ? FLOWS : path.endsWith("/draft") ? DRAFT : path.startsWith("/v1/flows/") ? FORM : NOTHING;
  response.setHeader("content-type", path === "/v1/stream" ? "text/event-stream" : "application/json");
  if (path === "/v1/stream") response.write(": open\n\n");
  else setTimeout(() => response.end(body), wait);
}

/** Serves the build in `folder`, the pages, and what an edge would answer. `pace.wait` delays its answers. */
async function serve(folder: string, pace: { wait: number }) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const file = join(folder, path);
    if (path.startsWith("/v1/")) return answerApi(path, response, pace.wait);
    const html = PAGES[path];
    if (html) return response.writeHead(200, { "content-type": "text/html" }).end(html);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader("content-type", "text/javascript");
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function buildPages(folder: string): Promise<void> {
  const loaded = await loadConfigFromFile({ command: "build", mode: "production" }, join(ROOT, "vite.config.ts"));
  const input = { inlay: "widget/embed.ts" };
  const config = mergeConfig(loaded?.config ?? {}, { configFile: false, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  config.build.rollupOptions.input = input;
  await build(config);
  config.plugins = [];
  config.build.emptyOutDir = false;
  config.build.rollupOptions.input = { floor: "widget/bench/floor.ts" };
  await build(config);
}

/** Milliseconds from the navigation until all cards have been painted. */
async function timeToCards(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const tab = await context.newPage();
  await tab.addInitScript((count) => {
    const cardsIn = (root: ParentNode): number => {
      const own = root.querySelectorAll(".card").length;
      return [...root.querySelectorAll("bench-floor, inlay-marketplace, inlay-browse-view")].reduce(
        (sum, element) => sum + (element.shadowRoot ? cardsIn(element.shadowRoot) : 0),
        own,
      );
    };
    const look = () => {
      if (cardsIn(document) < count) return void requestAnimationFrame(look);
      requestAnimationFrame(() => Object.assign(window, { paintedAt: performance.now() }));
    };
    requestAnimationFrame(look);
  }, CARDS);
  await tab.goto(url);
  const painted = await tab.waitForFunction(() => (window as unknown as { paintedAt?: number }).paintedAt, undefined, { timeout: 30_000 });
  const time = Number(await painted.jsonValue());
  await context.close();
  return time;
}

/** Median milliseconds from a key in the search box, among all cards, until its consequences are laid out. */
async function timePerKey(browser: Browser, url: string): Promise<number> {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.goto(url);
  await tab
    .locator("inlay-marketplace .card")
    .nth(CARDS - 1)
    .waitFor({ state: "attached" });
  await tab.locator("inlay-marketplace input[type=search]").first().focus();
  await tab.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    const channel = new MessageChannel();
    let since = 0;
    channel.port1.onmessage = () => {
      document.body.getBoundingClientRect();
      times.push(performance.now() - since);
    };
    addEventListener(
      "keydown",
      () => {
        since = performance.now();
        channel.port2.postMessage(0);
      },
      { capture: true },
    );
  });
  for (const key of "flow number 499 again and on") await tab.keyboard.press(key === " " ? "Space" : key, { delay: 5 });
  const times = await tab.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
  await tab.close();
  return median(times);
}

/** The sum of layout shifts, unprompted by the user, while the page fills slowly. */
async function layoutShift(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    let sum = 0;
    Object.assign(window, { shiftSum: () => sum });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await tab.goto(url);
  await tab
    .locator("inlay-marketplace .card")
    .nth(CARDS - 1)
    .waitFor({ state: "attached" });
  await tab.waitForTimeout(500);
  const sum = await tab.evaluate(() => (window as unknown as { shiftSum: () => number }).shiftSum());
  await context.close();
  return sum;
}

/** Opens and closes the form; answers what a thousand of them leave behind, once a hundred have warmed up: kilobytes and DOM nodes. */
async function leftByOpens(browser: Browser, url: string): Promise<{ kilobytes: number; nodes: number }> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(`${url}/setup`);
  const session = await context.newCDPSession(tab);
  await session.send("HeapProfiler.enable");
  const open = (times: number) =>
    tab.evaluate(async (count) => {
      const element = document.querySelector("inlay-setup");
      if (!element) throw new Error("no element");
      const setup = element as HTMLElement & { open(flow: string): void; close(): void; updateComplete: Promise<unknown> };
      const isShown = () => setup.shadowRoot?.querySelector("inlay-setup-frame")?.shadowRoot?.querySelector("inlay-setup-view") != null;
      for (let i = 0; i < count; i++) {
        setup.open("flow-0");
        while (!isShown()) await new Promise((done) => setTimeout(done, 1));
        setup.close();
        await setup.updateComplete;
      }
      // What a frame, a timer or a collector still holds is no leak.
      await new Promise((done) => setTimeout(done, 1_000));
    }, times);
  const weigh = async () => {
    for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { nodes } = await session.send("Memory.getDOMCounters");
    return { bytes: usedSize, nodes };
  };
  await open(100);
  const before = await weigh();
  await open(OPENS);
  const after = await weigh();
  await context.close();
  return { kilobytes: (after.bytes - before.bytes) / 1024, nodes: after.nodes - before.nodes };
}

/** First paint, typing, memory and layout shift of the widget; what counts are ratios, taken in one browser in turn. */
export async function measureWidget(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "inlay-bench-widget-"));
  const pace = { wait: 0 };
  await buildPages(folder);
  const { server, url } = await serve(folder, pace);
  const executablePath = findBrowser();
  if (!executablePath) throw new Error("No browser: npm test finds or installs one.");
  const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  try {
    const times: Record<"floor" | "widget", number[]> = { floor: [], widget: [] };
    for (const kind of ["floor", "widget"] as const) await timeToCards(browser, `${url}/${kind}`);
    for (let round = 0; round < ROUNDS; round++)
      for (const kind of ["floor", "widget"] as const) times[kind].push(await timeToCards(browser, `${url}/${kind}`));
    // The best of each: whatever else the machine does only adds.
    const [floor, ours] = [Math.min(...times.floor), Math.min(...times.widget)];
    const keys: number[] = [];
    for (let round = 0; round < KEY_ROUNDS; round++) keys.push(await timePerKey(browser, `${url}/widget`));
    const key = Math.min(...keys);
    pace.wait = 300;
    const shift = await layoutShift(browser, `${url}/widget`);
    const shiftAbove = await layoutShift(browser, `${url}/above`);
    pace.wait = 0;
    const left = await leftByOpens(browser, url);
    return [
      figure(`bare Lit list, ${CARDS} cards painted`, floor, "ms"),
      figure(`marketplace, ${CARDS} cards painted`, ours, "ms"),
      judged("  ratio to the bare list", ours / floor, "", ours / floor <= 1.5, "≤ 1.50"),
      judged(`a key in the search among ${CARDS} cards, median`, key, "ms", key < 16, "< 16"),
      judged("layout shift while a slow page fills", shift, "", shift < 0.02, "< 0.02"),
      judged("layout shift above other content, its place reserved", shiftAbove, "", shiftAbove < 0.02, "< 0.02"),
      judged(`heap left by ${OPENS} opens of the form`, left.kilobytes, "kB", left.kilobytes < 500, "< 500"),
      judged(`DOM nodes left by ${OPENS} opens of the form`, left.nodes, "", left.nodes < 200, "< 200"),
    ];
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await runBench(measureWidget);
