// `npm run check:browsers`: the main journey in Firefox and in WebKit, where they are installed, against the Inlay that npm start serves. It uses
// the demo's user grace, whose accounts and integrations it removes. What it saw last is kept as a picture where a step fails.
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFirefox, openWebKit, type Window } from "./other-browsers.ts";
import { paths } from "./settings.ts";

const PATIENCE = 15_000;
const USER = "grace";

if (!existsSync(paths.dev)) {
  console.error("No local Inlay has been started yet: run npm start beside this.");
  process.exit(1);
}
const dev = JSON.parse(readFileSync(paths.dev, "utf8")) as Record<
  "edgeUrl" | "demoUrl" | "apiToken" | "pipelineToken" | "postboxKey",
  string
>;

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${dev.apiToken}`, ...(body ? { "content-type": "application/json" } : {}) };
  const response = await fetch(`${dev.edgeUrl}/v1/workspace/${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function forgetAll(): Promise<void> {
  for (const kind of ["integrations", "accounts"]) {
    const { items = [] } = await ask<{ items?: { id: string }[] }>("GET", `users/${USER}/${kind}`);
    for (const { id } of items) await ask("DELETE", `users/${USER}/${kind}/${id}`);
  }
}

/** Something for the graphs: an order that is too small, and so is stopped at once. */
async function makeRun(): Promise<void> {
  const setup = { flow: "orders-to-anywhere", accounts: {}, values: { url: "https://example.com/", minimum: 10 } };
  const { blocks } = await ask<{ blocks: { url?: string }[] }>("POST", `users/${USER}/integrations`, setup);
  const order = { id: "1", lines: [{ price: 1, quantity: 1 }], customer: { email: "ada@example.com" } };
  const hook = blocks.find(({ url }) => url !== undefined)?.url ?? "";
  await fetch(hook, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(order) });
}

/** The middle of the first element that is seen, of those that `selector` and the words match, through shadow roots; scrolled to. */
const placeOf = (selector: string, words: RegExp) => `(() => {
  const wordsOf = (e) => (e.getAttribute("aria-label") || [...(e.labels ?? [])].map((l) => l.textContent).join(" ") || e.textContent || "").replace(/\\s+/g, " ").trim();
  const find = (root) => {
    for (const e of root.querySelectorAll("*")) {
      const { width, height } = e.getBoundingClientRect();
      if (width && height && e.matches(${JSON.stringify(selector)}) && ${words}.test(wordsOf(e))) return e;
      const inside = e.shadowRoot && find(e.shadowRoot);
      if (inside) return inside;
    }
  };
  const found = find(document);
  found?.scrollIntoView({ block: "center" });
  const box = found?.getBoundingClientRect();
  if (!box) return null;
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  let top = document.elementFromPoint(x, y);
  for (let inner = top; inner; inner = inner?.shadowRoot?.elementFromPoint(x, y)) { if (inner === top && inner !== document.elementFromPoint(x, y)) break; top = inner; }
  return found.contains(top) || top?.contains(found) || found.shadowRoot ? { x, y } : null;
})()`;

const HAS_CUT_DIALOG = `(() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  return all(document).some((e) => e.matches("dialog[open] .body") && e.scrollHeight > e.clientHeight + 1);
})()`;

async function see(window: Window, selector: string, words: RegExp): Promise<{ x: number; y: number }> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const place = await window.run<{ x: number; y: number } | null>(placeOf(selector, words));
    if (place) return place;
    if (Date.now() > end) throw new Error(`no ${selector} with ${words} can be seen and reached`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function click(window: Window, selector: string, words: RegExp): Promise<void> {
  await see(window, selector, words);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const { x, y } = await see(window, selector, words);
  await window.click(x, y);
}

async function fill(window: Window, words: RegExp, text: string): Promise<void> {
  await click(window, "input", words);
  await window.type(text);
}

const STEPS: [string, (window: Window) => Promise<unknown>][] = [
  [
    "the marketplace is there",
    async (w) => {
      await w.goTo(`${dev.demoUrl}/integrations`);
      await click(w, "button", /Grace Hopper/);
      await see(w, "button", /^Contacts to newsletter/);
    },
  ],
  ["search narrows it", (w) => fill(w, /Search/, "contacts")],
  ["a flow's page opens", (w) => click(w, "button", /^Contacts to newsletter/)],
  ["setting up begins", (w) => click(w, "button", /^Set up/)],
  [
    "a key connects Postbox",
    async (w) => {
      await click(w, "button", /^Connect Postbox/);
      await fill(w, /API key/, dev.postboxKey);
      await click(w, "button", /^Connect$/);
    },
  ],
  [
    "a token connects Pipeline",
    async (w) => {
      await click(w, "button", /^Connect Pipeline/);
      await click(w, "button", /token/i);
      await fill(w, /token/i, dev.pipelineToken);
      await click(w, "button", /^Connect$/);
    },
  ],
  ["the next page opens", (w) => click(w, "button", /^Continue/)],
  [
    "a choice is made",
    async (w) => {
      await click(w, "[role=combobox]", /Audience/);
      await click(w, "[role=option]", /Product news/);
    },
  ],
  ["fields are matched", (w) => click(w, "button", /^Match \d+ by name/)],
  ["the last page opens", (w) => click(w, "button", /^Continue/)],
  [
    "it is turned on",
    async (w) => {
      await click(w, "button", /^Turn on/);
      await click(w, "button", /^See it run/);
    },
  ],
  [
    "its menu opens, and the dialog behind it is whole",
    async (w) => {
      await click(w, "button", /^(?:More|Actions|Options)/);
      await click(w, "[role=menuitem]", /^Rename/);
      await see(w, "input", /Name/);
      if (await w.run<boolean>(HAS_CUT_DIALOG)) throw new Error("the dialog is smaller than what is in it");
    },
  ],
  [
    "the console signs a member in",
    async (w) => {
      await w.goTo((await ask<{ url: string }>("POST", "sign-in-links", { email: "owner@ledgerly.example" })).url);
      await click(w, "button", /Sign in/);
      await see(w, "a", /^Analytics/);
    },
  ],
  [
    "its palette lists commands",
    async (w) => {
      await click(w, "button", /^Search/);
      await see(w, "[role=option]", /Connections/);
    },
  ],
  [
    "its graphs are drawn",
    async (w) => {
      await w.goTo(`${dev.edgeUrl}/console/analytics`);
      await see(w, ".u-over", /^$/);
    },
  ],
  [
    "its editor is there",
    async (w) => {
      await w.goTo(`${dev.edgeUrl}/console/flows/contacts-to-newsletter`);
      await see(w, ".cm-line", /^key: contacts/);
    },
  ],
];

let failed = 0;
for (const [name, open] of [
  ["Firefox", openFirefox],
  ["WebKit", openWebKit],
] as const) {
  const window = await open();
  if (!window) {
    console.log(`${name} is not here. On Debian: apt-get install ${name === "Firefox" ? "firefox-esr" : "webkit2gtk-driver xvfb"}`);
    continue;
  }
  await forgetAll();
  await makeRun();
  for (const [what, step] of STEPS) {
    try {
      await step(window);
      console.log(`${name}: ${what}`);
    } catch (error) {
      failed += 1;
      const picture = join(mkdtempSync(join(tmpdir(), "inlay-browser-")), "failed.png");
      await window.picture(picture).catch(() => undefined);
      console.error(`${name}: NOT ${what}: ${error instanceof Error ? error.message : error} (${picture})`);
      break;
    }
  }
  await window.close();
}
await forgetAll();
process.exit(failed ? 1 : 0);
