// The cases H (and T20) of bad input: pages that make it hard for a guest. Each by its number.
import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import { refusal } from "../testing/fake-edge.ts";
import { CONTACTS, makeAccount, tokenFor } from "../testing/fixtures.ts";
import { eventually, hear, place, reads, startEdge } from "../testing/place.ts";

const card = () => page.getByRole("button", { name: "Contacts to newsletter" });

/** Faults that reach the page: the widget may cause none. */
function hearFaults(): unknown[] {
  const faults: unknown[] = [];
  const listener = (event: ErrorEvent | PromiseRejectionEvent) => faults.push("reason" in event ? event.reason : event.error);
  for (const name of ["error", "unhandledrejection"] as const) window.addEventListener(name, listener);
  onTestFinished(() => {
    for (const name of ["error", "unhandledrejection"] as const) window.removeEventListener(name, listener);
  });
  return faults;
}

/** The element that the page holds, of something inside its shadow roots. */
function hostOf(inner: Element): Element {
  let host = inner;
  for (let root = host.getRootNode(); root instanceof ShadowRoot; root = host.getRootNode()) host = root.host;
  return host;
}

/** Every element inside `root`'s shadow, at any depth. */
function insideOf(root: Element): Element[] {
  return [...(root.shadowRoot?.querySelectorAll("*") ?? [])].flatMap((one) => [one, ...insideOf(one)]);
}

function addStyle(css: string): void {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  onTestFinished(() => style.remove());
}

test("H01 an element that is taken out and put back while connecting begins anew, and the account that came meanwhile is there", async () => {
  const edge = startEdge();
  const faults = hearFaults();
  const popup = { closed: false, location: { replace: vi.fn() }, close: vi.fn(), focus: vi.fn() };
  const open = vi.spyOn(window, "open").mockReturnValue(popup as unknown as Window);
  onTestFinished(() => open.mockRestore());
  const element = place("inlay-marketplace", { flow: CONTACTS.key });
  await page.getByRole("button", { name: "Connect: Pipeline" }).click();
  await expect.element(page.getByText("Finish in the Pipeline window")).toBeVisible();
  const parent = element.parentElement;
  element.remove();
  const account = makeAccount("acc_9", "pipeline", { label: "Ada’s Pipeline" });
  edge.accounts = [account];
  edge.attempt = { status: "connected", account, existed: false };
  await new Promise((done) => setTimeout(done, 30));
  parent?.append(element);
  await expect.element(page.getByText("Ada’s Pipeline")).toBeVisible();
  expect(page.getByRole("dialog").elements()).toEqual([]);
  expect(faults).toEqual([]);
});

test("H02 two widgets with two tokens on one page ask each for its own, and show each its own", async () => {
  const edge = startEdge();
  const [ada, grace] = [tokenFor("ada"), tokenFor("grace")];
  const of = (token: string) => (call: { headers: Headers }) => call.headers.get("authorization") === `Bearer ${token}`;
  edge.on("GET /v1/flows", (call) => (of(grace)(call) ? { body: { items: [], nextCursor: null } } : undefined));
  const first = place("inlay-marketplace", { token: ada });
  place("inlay-marketplace", { token: grace });
  await eventually(() => expect(edge.callsOf("GET /v1/flows")).toHaveLength(2));
  await expect.element(card()).toBeVisible();
  expect(hostOf(card().element())).toBe(first);
  const asked = new Set(edge.calls.map(({ headers }) => headers.get("authorization")));
  expect(asked).toEqual(new Set([`Bearer ${ada}`, `Bearer ${grace}`]));
});

test("H08 in a sandboxed frame, whose origin is null, the elements work", async () => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  const script = new URL("../embed.ts", import.meta.url).href;
  const token = tokenFor("ada");
  frame.srcdoc = `<!doctype html><body><script type="module">
    const tell = (what) => parent.postMessage({ inlay: what }, "*");
    addEventListener("error", (event) => tell("fault: " + event.message));
    addEventListener("unhandledrejection", (event) => tell("fault: " + event.reason));
    const flow = { key: "a", name: "A flow", description: "", icon: null, category: null, tags: [], version: 1, instances: "many", apps: [], accounts: [], installed: 0 };
    globalThis.fetch = async (input) => {
      const { pathname } = new URL(new Request(input).url);
      if (pathname === "/v1/stream") return new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
      return Response.json({ items: pathname === "/v1/flows" ? [flow] : [], nextCursor: null });
    };
    document.addEventListener("inlay-flows-loaded", (event) => tell("loaded " + event.detail.count + " at " + origin));
    const element = document.createElement("inlay-marketplace");
    element.setAttribute("token", ${JSON.stringify(token)});
    element.setAttribute("api", "https://edge.example");
    document.body.append(element);
    import(${JSON.stringify(script)}).catch((error) => tell("unloadable: " + error.message));
  </script></body>`;
  const told: string[] = [];
  const listener = ({ data }: MessageEvent) => data?.inlay && told.push(data.inlay);
  window.addEventListener("message", listener);
  onTestFinished(() => {
    window.removeEventListener("message", listener);
    frame.remove();
  });
  document.body.append(frame);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), { timeout: 15_000 });
  expect(told[0]).toBe("loaded 1 at null");
});

test("H10 a page that resets all, piles things up and transforms its parents changes nothing inside", async () => {
  startEdge();
  const element = place("inlay-marketplace");
  await expect.element(card()).toBeVisible();
  const button = card().element() as HTMLElement;
  const look = () => {
    const { display, fontSize, cursor, visibility, pointerEvents, zIndex } = getComputedStyle(button);
    return { display, cursor, visibility, pointerEvents, zIndex, size: Number.parseFloat(fontSize) > 0 };
  };
  const before = look();
  addStyle(
    "* { all: unset !important; } button, span { z-index: 2147483647 !important; position: fixed !important; display: none !important; }",
  );
  addStyle("button { visibility: hidden !important; pointer-events: none !important; font-size: 0 !important; }");
  expect(look()).toEqual(before);
  const parent = document.createElement("div");
  parent.style.transform = "rotate(1deg) scale(0.9)";
  parent.style.setProperty("display", "block", "important");
  document.body.append(parent);
  onTestFinished(() => parent.remove());
  parent.append(element);
  await expect.element(card()).toBeVisible();
  (card().element() as HTMLElement).click();
  await expect.element(page.getByRole("button", { name: "Set up" })).toBeVisible();
});

test.each([
  { api: "not an address" },
  { api: "javascript:alert(1)" },
  { lang: "xx-not-a-locale-zz" },
  { lang: "__proto__" },
  { theme: "neon" },
  { layout: "spiral" },
  { view: "elsewhere" },
  { tag: "((((" },
  { tag: "+ - +" },
  { category: "<img src=x onerror=alert(1)>" },
  { search: "x".repeat(10_000) },
  { flow: "../../../etc/passwd" },
  { token: "no token" },
  { token: "{}.{}.{}" },
])("H11 the attributes %j end in words or in the default, and in no fault of the page", async (attributes: Record<string, string>) => {
  const edge = startEdge();
  const faults = hearFaults();
  const element = place("inlay-marketplace", attributes);
  await eventually(() => expect((element.shadowRoot?.textContent ?? "").trim().length).toBeGreaterThan(10));
  expect(element.shadowRoot?.querySelector("img[onerror]")).toBeNull();
  for (const { path } of edge.calls) expect(path).toMatch(/^\/v1\//);
  expect(faults).toEqual([]);
});

test.each([
  [400, "bad_request"],
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "not_found"],
  [409, "conflict"],
  [422, "invalid"],
  [429, "rate_limited"],
  [500, "internal"],
  [503, "unavailable"],
])("H13 an answer of %i is shown, told to the host, and can be tried again", async (status, code) => {
  for (const tag of ["inlay-marketplace", "inlay-integrations", "inlay-accounts"] as const) {
    const edge = startEdge();
    const [faults, errors] = [hearFaults(), hear("inlay-error")];
    let isUp = false;
    for (const path of ["flows", "integrations", "accounts"])
      edge.on(`GET /v1/${path}`, () => (isUp ? undefined : refusal(status, code, "The words of the edge.")));
    const element = place(tag);
    await reads(page.getByRole("alert").first(), /\w{3}/);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors[0]).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\w{3}/) });
    isUp = true;
    const again = page.getByRole("button", { name: "Try again" });
    if (again.elements().length) await again.first().click();
    else element.refresh();
    await expect.element(page.getByRole("alert")).not.toBeInTheDocument();
    expect(faults).toEqual([]);
    element.remove();
    edge.stop();
  }
});

test("H13 a call that never ends is waited for in sight, and an answer that is no JSON is told in words", async () => {
  const edge = startEdge();
  edge.on("GET /v1/flows", () => new Promise(() => undefined));
  const waiting = place("inlay-marketplace");
  await eventually(() => expect(insideOf(waiting).some((one) => one.getAttribute("aria-busy") === "true")).toBe(true));
  waiting.remove();
  const real = globalThis.fetch;
  globalThis.fetch = async () => new Response("<html>a proxy's page</html>", { headers: { "content-type": "text/html" } });
  onTestFinished(() => {
    globalThis.fetch = real;
  });
  place("inlay-marketplace");
  await reads(page.getByRole("alert").first(), /\w{3}/);
});

test("H14 a page that comes back from the back/forward cache goes on: what has changed is shown", async () => {
  const edge = startEdge();
  const faults = hearFaults();
  place("inlay-marketplace");
  await expect.element(card()).toBeVisible();
  await eventually(() => expect(edge.openStreams).toBe(1));
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  edge.breakStreams();
  window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await card().click();
  await expect.element(page.getByRole("button", { name: "Set up" })).toBeVisible();
  await eventually(() => expect(edge.callsOf("GET /v1/stream").length).toBeGreaterThan(1));
  expect(faults).toEqual([]);
});

test.each([
  ["HTML", async () => "<html>sign in</html>"],
  ["nothing", async () => ""],
  ["no text", async () => ({ token: "x" }) as unknown as string],
  ["never", () => new Promise<string>(() => undefined)],
  [
    "a fault at once",
    () => {
      throw new Error("the host is down");
    },
  ],
])("T20 a getToken that answers %s asks nothing with it, and causes no fault of the page", async (_, getToken) => {
  const edge = startEdge();
  edge.on("GET /v1/", ({ headers }) =>
    headers.get("authorization")?.includes(tokenFor("ada")) ? undefined : refusal(401, "unauthenticated", "Send a user token."),
  );
  const faults = hearFaults();
  const element = place("inlay-marketplace", { token: "" });
  element.getToken = getToken;
  await new Promise((done) => setTimeout(done, 100));
  expect(edge.calls.every(({ headers }) => !(headers.get("authorization") ?? "").includes("undefined"))).toBe(true);
  element.getToken = async () => tokenFor("ada");
  element.refresh();
  await expect.element(card()).toBeVisible();
  expect(faults).toEqual([]);
});

test("an element whose page asks how wide it wants to be has a width, and keeps none from shrinking", async () => {
  startEdge();
  const around = document.createElement("div");
  document.body.append(around);
  onTestFinished(() => around.remove());
  const widthIn = async (html: string) => {
    around.innerHTML = html;
    const element = place("inlay-accounts");
    around.querySelector("[data-here]")?.append(element);
    await element.updateComplete;
    return element.getBoundingClientRect().width;
  };
  for (const html of [
    "<dialog open data-here></dialog>",
    '<div style="display: flex" data-here></div>',
    '<div style="display: flex; flex-direction: column; align-items: flex-start" data-here></div>',
    '<div style="display: inline-block; white-space: nowrap" data-here></div>',
  ])
    expect(await widthIn(html), html).toBeGreaterThan(250);
  const narrow =
    '<div style="display: grid; grid-template-columns: 100px 1fr; inline-size: 300px; white-space: nowrap"><i></i><div><div data-here></div></div></div>';
  expect(await widthIn(narrow)).toBe(200);
});

test("a description that is one long word breaks on its card", async () => {
  const edge = startEdge();
  edge.flows = edge.flows.map((flow) => ({ ...flow, description: "X".repeat(200) }));
  place("inlay-marketplace");
  await expect.element(card()).toBeVisible();
  const text = page.getByText(/^X+$/).first().element();
  expect(text.scrollWidth).toBeLessThanOrEqual(text.clientWidth);
});
