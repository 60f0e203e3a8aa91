// Inlay as `npm run serve` serves it, with a workspace of the bench's own.
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";

const ROOT = join(import.meta.dirname, "..");

export interface Integration {
  id: string;
  url: string;
}

export interface Inlay {
  url: string;
  pid: number;
  /** Publishes a flow file's text. */
  publish(source: string): Promise<void>;
  /** Sets up integrations of `flow`, and answers the addresses of their first webhook block. */
  integrate(flow: string, count: number, values: Record<string, unknown>): Promise<Integration[]>;
  remove(integrations: readonly Integration[]): Promise<void>;
  stop(): Promise<void>;
}

/** Serves Inlay from a new state folder on `port`. Throws with what was printed where it does not start. */
export async function startInlay(port: number, state: string): Promise<Inlay> {
  const env = { ...process.env, INLAY_STATE: state, INLAY_PORT: String(port), INLAY_WIDGET: "false", INLAY_LIMITS: "off" };
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, "scripts/serve.ts")], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => child.kill("SIGTERM"));
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes("Ctrl-C ends it")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(printed)));
  });
  const url = `http://localhost:${port}`;
  const { bootstrapToken } = JSON.parse(readFileSync(join(state, "secrets.json"), "utf8")) as { bootstrapToken: string };
  const made = await ask<{ id: string; apiToken: string }>(`${url}/v1/workspaces`, bootstrapToken, "POST", {
    name: "Bench",
    email: "bench@example.com",
  });
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  const workspace = `${url}/v1/workspace`;
  await ask(`${workspace}/keys/bench`, made.apiToken, "PUT", { alg: "ES256", publicJwk: { kty, crv, x, y } });
  const userToken = () =>
    new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "ES256", kid: "bench" })
      .setIssuer(made.id)
      .setAudience("inlay")
      .setSubject("ada")
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);
  return {
    url,
    pid: child.pid ?? 0,
    async publish(source) {
      const flow = await ask<{ key: string }>(`${workspace}/flows`, made.apiToken, "POST", source, "application/yaml");
      await ask(`${workspace}/flows/${flow.key}/versions`, made.apiToken, "POST", {});
    },
    async integrate(flow, count, values) {
      const list: Integration[] = [];
      for (let i = 0; i < count; i++) {
        const one = await ask<{ id: string; blocks: { url?: string }[] }>(`${url}/v1/integrations`, await userToken(), "POST", {
          flow,
          accounts: {},
          values,
        });
        list.push({ id: one.id, url: one.blocks.find((block) => block.url)?.url ?? "" });
      }
      return list;
    },
    async remove(integrations) {
      for (const { id } of integrations) await ask(`${url}/v1/integrations/${id}`, await userToken(), "DELETE");
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

async function ask<T>(url: string, token: string, method: string, body?: unknown, type = "application/json"): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": type }) };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  // A connection of its own: one that was kept may just be closing.
  const response = await fetch(url, {
    method,
    headers: { ...headers, connection: "close" },
    ...(body === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${answer}`);
  return (answer ? JSON.parse(answer) : undefined) as T;
}
