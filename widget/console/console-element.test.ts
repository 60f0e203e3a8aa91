import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import "./console.ts";
import type { ConsoleElement } from "./console-element.ts";

const ME = {
  workspace: { id: "ws_1", name: "Northlight" },
  member: { id: "mem_1", name: "Ada", email: "ada@example.com", role: "owner", scopes: ["admin"] },
};
const EMPTY = { items: [], nextCursor: null };
let isSignedIn = true;

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** What the edge answers to a workspace that has nothing yet. */
function answer(path: string): Response {
  if (!isSignedIn) return json({ code: "unauthenticated", status: 401, title: "no" }, 401);
  if (path === "/v1/workspace") return json(ME);
  if (path === "/v1/workspace/home") return json({ view: "tiles", order: [], pins: [] });
  if (path === "/v1/workspace/variables") return json({});
  return json(EMPTY);
}

beforeEach(() => {
  isSignedIn = true;
  location.hash = "";
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) =>
    answer(new URL(String(input instanceof Request ? input.url : input), location.origin).pathname),
  );
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

async function place(): Promise<ConsoleElement> {
  const element = document.createElement("inlay-console");
  document.body.append(element);
  await vi.waitFor(() => expect(element.shadowRoot?.querySelector("main")).not.toBeNull());
  return element;
}

/** All text inside, through every shadow root. */
const textOf = (root: ParentNode): string =>
  [...root.querySelectorAll("*")].reduce(
    (text, one) => (one.shadowRoot ? `${text} ${textOf(one.shadowRoot)}` : text),
    root.textContent ?? "",
  );
const says = (element: ConsoleElement, text: string) =>
  vi.waitFor(() => expect(textOf(element.shadowRoot as ShadowRoot)).toContain(text), 5_000);

test("whoever is not signed in is told how to", async () => {
  isSignedIn = false;
  await says(await place(), "Sign in to the console");
});

test("a new workspace is welcomed, and told what to do first", async () => {
  const element = await place();
  await says(element, "Welcome to Inlay");
  await vi.waitFor(() => expect(document.title).toBe("Home · Northlight"));
  await expectAccessible(element);
});

test("a console that has left the page no longer names it, whatever still arrives for it", async () => {
  isSignedIn = false;
  const before = await place();
  await says(before, "Sign in to the console");
  before.remove();
  isSignedIn = true;
  const element = await place();
  await says(element, "Welcome to Inlay");
  before.requestUpdate();
  await before.updateComplete;
  expect(document.title).toBe("Home · Northlight");
  document.title = "Elsewhere";
  document.body.append(before);
  await vi.waitFor(() => expect(document.title).toBe("Home · Northlight"));
});

test("every section has its address, and a way to begin where it is empty", async () => {
  const element = await place();
  await says(element, "Welcome to Inlay");
  const sections = {
    flows: "Build your first flow",
    runs: "Nothing has run yet",
    errors: "No open errors",
    connections: "No app is connected yet",
    users: "No user has come yet",
    apps: "Teach Inlay an app",
  };
  for (const [path, words] of Object.entries(sections)) {
    location.hash = `#/${path}`;
    await says(element, words);
    expect(element.shadowRoot?.querySelector("nav [aria-current]")?.getAttribute("href")).toBe(`#/${path}`);
  }
});

test("what is typed right after Ctrl-K, while the palette is on its way, stands in its field and is no shortcut", async () => {
  const element = await place();
  await says(element, "Welcome to Inlay");
  const press = (key: string, ctrlKey = false) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
  press("k", true);
  for (const key of "gfx") press(key);
  press("Backspace");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await expect.element(field).toHaveValue("gf");
  expect(location.hash).not.toContain("flows");
  await field.fill("runs");
  await expect.element(field).toHaveValue("runs");
  await userEvent.keyboard("{Escape}");
});

test("an address that leads nowhere says so", async () => {
  const element = await place();
  for (const path of ["nowhere/at/all", "flows/hello/nothing", "users/usr_1/nothing"]) {
    location.hash = `#/${path}`;
    await says(element, "There is nothing here");
    location.hash = "#/runs";
    await says(element, "Runs");
  }
});

test("a session that ends while one works asks to sign in again", async () => {
  const element = await place();
  await says(element, "Welcome to Inlay");
  isSignedIn = false;
  location.hash = "#/runs";
  await says(element, "Sign in to the console");
});

test("Ctrl-K finds, and goes there", async () => {
  const element = await place();
  await says(element, "Welcome to Inlay");
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
  const palette = await vi.waitFor(() => {
    const found = element.shadowRoot?.querySelector("inlay-console-palette")?.shadowRoot?.querySelector("input");
    expect(found).toBeTruthy();
    return found as HTMLInputElement;
  });
  palette.value = "conn";
  palette.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  await vi.waitFor(() => expect(textOf(palette.getRootNode() as ShadowRoot)).toContain("Connections"));
  palette.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
  await vi.waitFor(() => expect(location.hash).toBe("#/connections"));
});
