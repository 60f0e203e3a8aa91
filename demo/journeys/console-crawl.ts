// Every view of the console: the addresses come from its own table of views, their parts from the tabs that each shows.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Person } from "./browser.ts";
import type { Caller, DevInfo } from "./product.ts";
import { until } from "./product.ts";

const VIEWS = readFileSync(join(import.meta.dirname, "../../widget/console/app/views.ts"), "utf8");

/** The paths of all views, as the console's table has them. */
export const VIEW_PATHS = [...VIEWS.matchAll(/^ {4}path: "([^"]+)"/gm)].map(([, path = ""]) => path);

/** A view's address with things that there are. Throws where nothing is known for a part, so that no view is left out. */
export function fillIn(path: string, things: Readonly<Record<string, string>>): string {
  return path
    .split("/")
    .filter((part) => !part.endsWith("?"))
    .map((part) => {
      if (!part.startsWith(":")) return part;
      const thing = things[part.slice(1)];
      if (thing === undefined) throw new Error(`Nothing is known to fill ${part} of ${path} in: give the walk one.`);
      return encodeURIComponent(thing);
    })
    .join("/");
}

/** Opens a view and waits until it stands there. */
export async function visit(person: Person, dev: DevInfo, path: string): Promise<void> {
  const { page } = person;
  await page.goto(`${dev.edgeUrl}/console${path === "/" ? "" : path}`);
  await page.locator("inlay-console main").waitFor();
  await page.waitForLoadState("domcontentloaded");
  await isShown(person, path);
}

/** Goes on to a view from another one, as a link in the console does, without loading the page anew. */
export async function goOn(person: Person, path: string): Promise<void> {
  await person.page.evaluate((to) => {
    history.pushState(null, "", `/console${to === "/" ? "" : to}`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await isShown(person, path);
}

const isShown = ({ page, calls }: Person, path: string) =>
  until(`${path} is shown`, async () => !calls.size && !(await page.evaluate(isBusy)) && !calls.size);

/** Whether something is on its way, through all shadow roots. Runs in the page. */
async function isBusy(): Promise<boolean> {
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
  const roots: (Document | ShadowRoot)[] = [document];
  let hasMain = false;
  for (const root of roots) {
    if (root.querySelector('[aria-busy="true"]')) return true;
    const main = root.querySelector("main");
    if (main && root !== document)
      hasMain = [...main.children].some((child) => child.localName.startsWith("inlay-console-") || child.className === "empty");
    for (const element of root.querySelectorAll("*")) {
      if (element.localName.startsWith("inlay-") && !customElements.get(element.localName)) return true;
      if (element.shadowRoot) roots.push(element.shadowRoot);
    }
  }
  return !hasMain;
}

/** Addresses of the parts of the view that is shown, below the console's page. Runs in the page. */
const tabsOf = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    const found: string[] = [];
    for (const root of roots) {
      for (const link of root.querySelectorAll(".tabs a")) found.push((link.getAttribute("href") ?? "").replace(/^\/console/, "") || "/");
      for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
    }
    return found;
  });

/** All views and their parts, each once. */
export async function allAddresses(person: Person, things: Readonly<Record<string, string>>): Promise<string[]> {
  const found = new Set<string>();
  for (const path of VIEW_PATHS.map((one) => fillIn(one, things) || "/")) {
    found.add(path);
    await goOn(person, path);
    for (const tab of await tabsOf(person)) found.add(tab);
  }
  return [...found];
}

/** Lists of the view that is shown whose columns do not all fit, and the part that is shown, where its tab is out of sight. */
export const cutOff = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    const found: string[] = [];
    for (const root of roots) {
      const isList = root instanceof ShadowRoot && root.host.localName === "inlay-console-rows";
      const tab = root.querySelector(".tabs a[aria-current]")?.getBoundingClientRect();
      if (tab && (tab.left < 0 || tab.right > innerWidth)) found.push("the tab of its part is out of sight");
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        const isScrolled = /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth;
        if (isList && isScrolled) found.push(`the list “${root.host.getAttribute("label")}” is wider than the view`);
      }
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
    return found;
  });

/** What the view that is shown offers to press: the names of its buttons, of links that look like them, and of what its menus hold. */
export const offeredBy = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [];
    const top = document.querySelector("inlay-console")?.shadowRoot?.querySelector("main");
    for (const element of top?.querySelectorAll("*") ?? []) if (element.shadowRoot) roots.push(element.shadowRoot);
    const names = new Set<string>();
    for (const root of roots) {
      if ((root as ShadowRoot).host.localName.startsWith("wa-")) continue;
      const menu = (root as ShadowRoot).host as HTMLElement & { items?: { label: string; disabled?: boolean }[] };
      if (menu.localName === "inlay-menu") {
        for (const { label, disabled } of menu.items ?? []) if (!disabled) names.add(label);
        continue;
      }
      for (const button of root.querySelectorAll<HTMLButtonElement>("button, a.button, input[type=checkbox], input[type=file]")) {
        if (button.disabled || !button.checkVisibility()) continue;
        const label = [...(button.labels ?? [])].map(({ textContent }) => textContent).join(" ");
        names.add((button.getAttribute("aria-label") || label || button.textContent || "").replace(/\s+/g, " ").trim());
      }
      for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
    }
    return [...names].filter(Boolean);
  });

const FLOW = (key: string, version: number) => `inlay: 1
key: ${key}
name: Walked over
description: Has one of everything that the console shows.
category: Automation
tags: [walk]
labels: [stable]
docs: |
  # Walked over

  Ask **Grace** before you change it.
accounts:
  news: { app: postbox, optional: true }
setup:
  pages:
    - { key: p, title: Where, fields: [{ key: url, type: url, label: Endpoint, required: true }] }
blocks:
  - key: received
    name: Something has run low
    trigger: { webhook: {} }
    steps:
      - { key: tell, http: { method: POST, url: "{{ setup.url }}", body: { item: "{{ trigger.body.item }}", version: ${version} } } }
  - key: nightly
    name: Every few seconds
    trigger: { schedule: { cron: "*/20 * * * * *" } }
    steps: [{ key: say, value: 1 }]
`;

/** Fills a workspace with one of everything, and answers what to fill the addresses of views in with. */
export async function furnish(dev: DevInfo, host: Caller, ada: Caller, sinkUrl: string): Promise<Record<string, string>> {
  const file = async (path: string, text: string, type = "application/yaml", method = "POST") => {
    const headers = { authorization: `Bearer ${dev.apiToken}`, "content-type": type };
    const answer = await fetch(`${dev.edgeUrl}/v1/workspace/${path}`, { method, headers, body: text });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  };
  const at = "/v1/workspace";
  await file("flows", FLOW("walked", 1));
  await host.ask("POST", `${at}/flows/walked/versions`, { note: "The first" });
  const fields = { key: dev.postboxKey };
  await ada.ask("POST", "/v1/accounts", { app: "postbox", auth: "api_key", fields });
  await host.ask("POST", `${at}/accounts`, { app: "postbox", auth: "api_key", fields, key: "ours", label: "Our postbox" });
  const made = { flow: "walked", name: "Alerts of ada", accounts: {}, values: { url: sinkUrl } };
  const integration = await ada.ask<{ id: string; blocks: { url?: string }[] }>("POST", "/v1/integrations", made);
  const url = integration.blocks.find((block) => block.url)?.url ?? "";
  await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ item: "paper" }) });
  const error = await until("the run has failed", async () => {
    const { items } = await host.ask<{ items: { id: string }[] }>("GET", `${at}/errors`);
    return items[0]?.id;
  });
  const { items: runs } = await host.ask<{ items: { id: string }[] }>("GET", `${at}/runs?status=failed`);
  await file("flows/walked/file", FLOW("walked", 2), "application/yaml", "PUT");
  await host.ask("POST", `${at}/flows/walked/versions`, { note: "The second", labels: ["stable"] });
  await host.ask("POST", `${at}/flows/walked/clone`, { key: "gone", name: "Gone" });
  await host.ask("DELETE", `${at}/flows/gone?confirm=Gone`);
  await host.ask("POST", `${at}/flows/walked/deploy`, { user: { id: "lin", name: "Lin", org: "south" }, values: {} });
  await host.ask("POST", `${at}/templates`, { flow: "walked" });
  await file("flows/walked/attachments?name=plan.txt", "What is planned", "application/octet-stream");
  await host.ask("PUT", `${at}/secrets/WALKED`, { value: "not shown" });
  await host.ask("PUT", `${at}/variables/WALKED`, { value: "shown" });
  await host.ask("POST", `${at}/notifications/webhooks`, { url: sinkUrl, types: ["account.expired"] });
  await host.ask("POST", `${at}/sign-in-providers`, { label: "Corp", issuer: dev.edgeUrl, clientId: "inlay", domains: ["example.com"] });
  await host.ask("POST", `${at}/folders`, { name: "Warehouse" });
  await host.ask("POST", `${at}/invitations`, { email: "guest@example.com", role: "viewer" });
  return { flow: "walked", integration: integration.id, run: runs[0]?.id ?? "", error, app: "postbox", user: "ada" };
}

/** Signs a new member in with this role. */
export async function signIn(person: Person, host: Caller, role: string): Promise<void> {
  const { url } = await host.ask<{ url: string }>("POST", "/v1/workspace/sign-in-links", { email: `${role}@example.com`, role });
  await person.page.goto(url);
  await person.page.getByRole("button", { name: "Sign in" }).click();
  await person.page.locator("inlay-console main").waitFor();
}
