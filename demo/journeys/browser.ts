// A person at a real browser: pages, screenshots for whoever wants to look, and axe.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Locator, type Page, type Request } from "playwright-core";
import { BROWSER_FLAGS, findBrowser } from "../../scripts/browser.ts";
import { heard } from "./product.ts";

const SHOTS = join(import.meta.dirname, "screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One person's browser window. `requests` is every address that its pages asked for; `faults` what went wrong in them. */
export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly requests: string[] = [];
  readonly faults: string[] = [];
  /** Calls of the API that are not answered yet, streams apart. */
  readonly calls = new Set<Request>();
  readonly #browser: Browser;

  private constructor(browser: Browser, context: BrowserContext, page: Page) {
    this.#browser = browser;
    this.context = context;
    this.page = page;
    context.on("request", (request) => this.requests.push(request.url()));
    context.on("request", (request) => {
      if (/\/v1\/(?!.*stream)/.test(request.url())) this.calls.add(request);
    });
    context.on("requestfinished", (request) => this.calls.delete(request));
    context.on("response", (response) => {
      const url = response.url();
      const keep = (text: string) => void heard.push(`${url} ${text}`);
      // Of a page that has been left, an answer can no longer be read.
      if (/\/v1\/(?!.*stream)/.test(url)) response.text().then(keep, () => undefined);
    });
    context.on("requestfailed", (request) => this.calls.delete(request));
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) this.faults.push(message.text());
    });
  }

  /** A window of its own, with no cookies. `options` are those of Playwright's contexts. Popups outside a click are blocked as for anybody. */
  static async arrive(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Person> {
    const executablePath = findBrowser();
    if (!executablePath) throw new Error("No browser: npm test finds or installs one.");
    const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS, ignoreDefaultArgs: ["--disable-popup-blocking"] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    return new Person(browser, context, await context.newPage());
  }

  async leave(): Promise<void> {
    await this.#browser.close();
  }

  /** The element that the host placed. */
  get widget(): Locator {
    return this.page.locator("inlay-marketplace");
  }

  button(name: string | RegExp): Locator {
    return this.widget.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** What has the focus, through shadow roots: `tag[role] words`. */
  async focused(page: Page = this.page): Promise<string> {
    return page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element) return "";
      const labels = [...((element as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent).join(" ");
      const words = element.getAttribute("aria-label") || labels || element.textContent || "";
      return `${element.getAttribute("role") ?? element.localName} ${words.replace(/\s+/g, " ").trim().slice(0, 80)}`;
    });
  }

  /** Presses Tab (backwards: Shift+Tab) until the focus is on what `words` match, and then `key`. Throws with all that was passed. */
  async tabTo(words: RegExp, key?: string, { page = this.page, back = false }: { page?: Page; back?: boolean } = {}): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press(back ? "Shift+Tab" : "Tab");
      const now = await this.focused(page);
      if (words.test(now)) return key ? page.keyboard.press(key) : undefined;
      passed.push(now);
    }
    throw new Error(`The Tab key does not lead to ${words}, but to: ${passed.join(" · ")}`);
  }

  /** Clicks what opens a popup, and answers the popup once it has loaded. */
  async popup(click: () => Promise<void>): Promise<Page> {
    const [popup] = await Promise.all([this.context.waitForEvent("page"), click()]);
    await popup.waitForURL(/\/oauth\/authorize|\/sign-in|\/login/);
    return popup;
  }

  /** Closes a popup once the page has had time to see it: nobody closes one within the tenth of a second in which it came. */
  async closePopup(popup: Page): Promise<void> {
    await this.page.waitForTimeout(1_000);
    await popup.close();
  }

  /** Keeps the names and details of public events from now on; `events` answers those so far. */
  async recordEvents(names: string[]): Promise<void> {
    await this.page.evaluate((all) => {
      const seen: { type: string; detail: unknown }[] = [];
      Object.assign(globalThis, { seenEvents: seen });
      for (const name of all) document.addEventListener(name, (event) => seen.push({ type: name, detail: (event as CustomEvent).detail }));
    }, names);
  }

  async events(): Promise<{ type: string; detail: Record<string, unknown> }[]> {
    return this.page.evaluate(
      () => (globalThis as unknown as { seenEvents: { type: string; detail: Record<string, unknown> }[] }).seenEvents,
    );
  }

  /** A picture in a folder that git ignores. */
  async picture(name: string, page: Page = this.page): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true, animations: "disabled" });
  }

  /** What axe finds inside the element, by WCAG 2.2 A and AA; with `rules` by these alone. */
  async axe(selector = "inlay-marketplace", rules?: string[]): Promise<string[]> {
    if (!(await this.page.evaluate(() => "axe" in globalThis))) await this.page.evaluate(AXE);
    return this.page.evaluate(
      async ([inside, only]) => {
        const { axe } = globalThis as unknown as {
          axe: { run(where: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }> };
        };
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
        const runOnly = only ? { type: "rule", values: only } : { type: "tag", values: tags };
        const { violations } = await axe.run({ include: [inside] }, { runOnly });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => JSON.stringify(target)).join(", ")}`);
      },
      [selector, rules] as const,
    );
  }
}
