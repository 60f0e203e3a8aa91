// Starts the product as a newcomer would, on ports and a state folder of its own, and speaks to it over HTTP alone.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/child.ts";
import { findSecrets, sweepFolder } from "./canaries.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The ports of this worker of the tests begin here: another's product, which starts at the same moment, takes none of them. */
const FIRST_PORT = 20_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 12) * 1_000;

const PORTS = ["INLAY_PORT", "INLAY_DEMO_PORT", "INLAY_PIPELINE_PORT", "INLAY_POSTBOX_PORT"];

/** Every answer that callers and browsers have had of the API, in this file's tests. */
export const heard: string[] = [];

/** What `npx inlay dev --json` prints. */
export interface DevInfo {
  edgeUrl: string;
  demoUrl: string;
  workspaceId: string;
  apiToken: string;
  pipelineUrl: string;
  pipelineToken: string;
  postboxUrl: string;
  postboxKey: string;
  users: string[];
}

/** A started product. `kill` is `kill -9` of every process of it; `start` again keeps all data. */
export class Product {
  readonly state = mkdtempSync(join(tmpdir(), "inlay-journey-"));
  /** Where its code is: another release may go on with the same data. */
  root = ROOT;
  readonly #settings: Record<string, string>;
  /** State of a product that was seeded before: this one begins with a copy. */
  readonly #prepared: string | undefined;
  #process: ChildProcess | undefined;
  #output = "";

  /** `settings`: variables of its environment; ports that are left out are free ones. `isNew`: it starts from nothing, whatever was prepared. */
  constructor(settings: Record<string, string> = {}, { isNew = false } = {}) {
    this.#settings = { ...settings };
    this.#prepared = isNew ? undefined : process.env.INLAY_PREPARED;
    if (this.#prepared) cpSync(this.#prepared, this.state, { recursive: true });
  }

  /** Resolves once the addresses are printed; throws with what was printed where that does not come. */
  async start(): Promise<DevInfo> {
    for (const name of PORTS) {
      const taken = PORTS.map((other) => Number(this.#settings[other]));
      this.#settings[name] ??= String(await freePort({ from: FIRST_PORT, to: FIRST_PORT + 1_000, taken }));
    }
    const env = { ...process.env, ...this.#settings, INLAY_STATE: this.state, INLAY_WATCH: "false" };
    if (this.#prepared) Object.assign(env, { INLAY_WIDGET: "false" });
    this.#output = "";
    const child = spawn(process.execPath, [join(this.root, "scripts/start.ts")], {
      cwd: this.root,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.#output += chunk.toString();
        if (this.#output.includes("Ctrl-C ends everything")) resolve();
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${this.#output}`)));
    });
    return this.dev;
  }

  get dev(): DevInfo {
    return JSON.parse(readFileSync(join(this.state, "dev.json"), "utf8")) as DevInfo;
  }

  /** Everything printed since the last start. */
  get output(): string {
    return this.#output;
  }

  /** Ends it as Ctrl-C does. */
  async end(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** {@link end}, and forgets its data. Throws where a secret that it was started with lies open in what it leaves, or was told to anybody. */
  async stop(): Promise<void> {
    await this.end();
    const found = existsSync(join(this.state, "storage")) ? this.#sweep() : [];
    this.forget();
    if (found.length) throw new Error(`Secrets lie open:\n${found.join("\n")}`);
  }

  /** Removes its data; it has ended. */
  forget(): void {
    rmSync(this.state, { recursive: true, force: true });
  }

  #sweep(): string[] {
    const { demo, bootstrapToken, masterKey, hostPrivateJwk } = JSON.parse(readFileSync(join(this.state, "secrets.json"), "utf8"));
    const { PIPELINE_CLIENT_ID: _public, ...credentials } = demo;
    const keys = Object.fromEntries(masterKey.split(",").map((key: string) => key.split(":")));
    const secrets = { ...credentials, ...keys, bootstrapToken, hostKey: hostPrivateJwk.d, apiToken: this.dev.apiToken };
    const told = [this.#output, ...heard].flatMap((text) => findSecrets(text, secrets).map((name) => `${text.slice(0, 300)}: ${name}`));
    return [...sweepFolder(join(this.state, "storage"), secrets), ...told];
  }

  /** `kill -9` of every process at once. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    process.kill(signal === "SIGKILL" ? -child.pid : child.pid, signal);
    await ended;
  }
}

/** A caller of the edge's API as one of the demo's users, or with the API token. */
export class Caller {
  readonly #base: string;
  readonly #token: () => Promise<string>;

  constructor(base: string, token: () => Promise<string>) {
    this.#base = base;
    this.#token = token;
  }

  /** The demo's user `user`, by tokens that the host's backend signs. */
  static asUser(dev: DevInfo, user: string): Caller {
    return new Caller(dev.edgeUrl, async () => {
      const response = await fetch(`${dev.demoUrl}/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ user }),
      });
      return ((await response.json()) as { token: string }).token;
    });
  }

  static asHost(dev: DevInfo): Caller {
    return new Caller(dev.edgeUrl, async () => dev.apiToken);
  }

  /** The status and JSON body of an answer, whatever it is. A `body` that is text is a file (YAML). */
  async send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const type = typeof body === "string" ? "application/yaml" : "application/json";
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.#token()}`, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    heard.push(`${method} ${path} ${JSON.stringify([...response.headers])} ${text}`);
    if (text.startsWith("<")) throw new Error(`${method} ${path} answered ${response.status} with a page: ${text.slice(0, 2_000)}`);
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  /** The body of a successful answer; throws with the refusal otherwise. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
}

/** Waits until `check` answers something other than undefined or false. */
export async function until<T>(what: string, check: () => Promise<T | undefined | false>, ms = 15_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
