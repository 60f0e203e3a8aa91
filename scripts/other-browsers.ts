// Browsers that are not Chromium, driven by what they bring themselves: Firefox by WebDriver BiDi, WebKit by its WebDriver.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./child.ts";

/** One window. `run` evaluates an expression in the page, which may be a promise of JSON; `click` and `type` are what a person's hands do. */
export interface Window {
  goTo(url: string): Promise<unknown>;
  run<T>(expression: string): Promise<T>;
  click(x: number, y: number): Promise<unknown>;
  type(text: string): Promise<unknown>;
  picture(path: string): Promise<void>;
  close(): Promise<void>;
}

const SIZE = { width: 1280, height: 900 };
/** WebKit's own time for a page that is slow; the driver of a window that hangs would never answer. */
const PATIENCE = 30_000;
const DISPLAY = ":77";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const json = (expression: string) => `(async () => JSON.stringify((await (${expression})) ?? null))()`;
const click = (x: number, y: number) => [
  { type: "pointer", id: "mouse", actions: [{ type: "pointerMove", x, y }, pressed("pointerDown"), pressed("pointerUp")] },
];
const pressed = (type: string) => ({ type, button: 0 });
const keys = (text: string) => [
  {
    type: "key",
    id: "keys",
    actions: [...text].flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]),
  },
];

async function until<T>(attempt: () => Promise<T>, what: string): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > 60) throw new Error(`${what} does not start: ${error instanceof Error ? error.message : error}`);
      await pause(500);
    }
  }
}

/** Firefox, as `firefox` or `firefox-esr` on the path. Undefined where there is none. */
export async function openFirefox(): Promise<Window | undefined> {
  const command = ["firefox", "firefox-esr"].find((name) => (process.env.PATH ?? "").split(":").some((at) => existsSync(join(at, name))));
  if (!command) return undefined;
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), "inlay-firefox-"));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", String(port), "about:blank"];
  const child = spawn(command, args, { stdio: "ignore" });
  const socket = await until(
    () =>
      new Promise<WebSocket>((resolve, reject) => {
        const made = new WebSocket(`ws://127.0.0.1:${port}/session`);
        made.onopen = () => resolve(made);
        made.onerror = () => reject(new Error("no answer"));
      }),
    command,
  );
  const waiting = new Map<number, PromiseWithResolvers<Record<string, never>>>();
  socket.onmessage = ({ data }) => {
    const { id, type, result, error, message } = JSON.parse(String(data));
    const asked = waiting.get(id);
    waiting.delete(id);
    if (type === "error") asked?.reject(new Error(`${error}: ${message}`));
    else asked?.resolve(result);
  };
  const send = (method: string, params: object) => {
    const id = waiting.size + Math.floor(Math.random() * 1e9);
    const asked = Promise.withResolvers<Record<string, never>>();
    waiting.set(id, asked);
    socket.send(JSON.stringify({ id, method, params }));
    return asked.promise;
  };
  await send("session.new", { capabilities: {} });
  const { contexts } = (await send("browsingContext.getTree", {})) as unknown as { contexts: { context: string }[] };
  const context = contexts[0]?.context;
  await send("browsingContext.setViewport", { context, viewport: SIZE });
  return {
    goTo: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    run: async (expression) => {
      const asked = { expression: json(expression), target: { context }, awaitPromise: true, userActivation: true };
      const { result, exceptionDetails } = (await send("script.evaluate", asked)) as Record<string, { value: string; text: string }>;
      if (!result) throw new Error(exceptionDetails?.text);
      return JSON.parse(result.value);
    },
    click: (x, y) => send("input.performActions", { context, actions: click(x, y) }),
    type: (text) => send("input.performActions", { context, actions: keys(text) }),
    picture: async (path) => {
      const { data } = await send("browsingContext.captureScreenshot", { context });
      await writeFile(path, Buffer.from(data ?? "", "base64"));
    },
    close: async () => {
      socket.close();
      child.kill("SIGKILL");
    },
  };
}

/** WebKitGTK, whose engine is Safari's, on a display of its own. Undefined where it, or Xvfb, is not there. */
export async function openWebKit(): Promise<Window | undefined> {
  const [binary] = globSync("/usr/lib/*/webkit2gtk-4.*/MiniBrowser");
  if (!binary || !existsSync("/usr/bin/WebKitWebDriver") || !existsSync("/usr/bin/Xvfb")) return undefined;
  const port = await freePort();
  const language = { LANG: "en_US.UTF-8", LC_ALL: "en_US.UTF-8" };
  const env = { ...process.env, ...language, DISPLAY, LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
  const children: ChildProcess[] = [spawn("Xvfb", [DISPLAY, "-screen", "0", "1400x1000x24"], { stdio: "ignore" })];
  await pause(1_000);
  children.push(spawn("WebKitWebDriver", [`--port=${port}`], { stdio: "ignore", env }));
  const send = async (method: string, path: string, body?: object) => {
    const request = { method, ...(body ? { body: JSON.stringify(body) } : {}), signal: AbortSignal.timeout(PATIENCE) };
    const { value } = (await (await fetch(`http://127.0.0.1:${port}${path}`, request)).json()) as { value: Record<string, string> };
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const browser = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
  const { sessionId } = await until(() => send("POST", "/session", { capabilities: { alwaysMatch: browser } }), "WebKit");
  const at = `/session/${sessionId}`;
  await send("POST", `${at}/window/rect`, { x: 0, y: 0, ...SIZE });
  return {
    goTo: (url) => send("POST", `${at}/url`, { url }),
    run: async (expression) => {
      const script = `const done = arguments[0]; ${json(expression)}.then(done, (error) => done(JSON.stringify({ thrown: String(error) })))`;
      const value = JSON.parse(String(await send("POST", `${at}/execute/async`, { script, args: [] })));
      if (value?.thrown) throw new Error(value.thrown);
      return value;
    },
    click: (x, y) => send("POST", `${at}/actions`, { actions: click(x, y) }),
    type: (text) => send("POST", `${at}/actions`, { actions: keys(text) }),
    picture: async (path) => writeFile(path, Buffer.from(String(await send("GET", `${at}/screenshot`)), "base64")),
    close: async () => {
      await send("DELETE", at).catch(() => undefined);
      for (const child of children.reverse()) child.kill();
    },
  };
}
