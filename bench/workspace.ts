// A workspace of a bench's own on an Inlay that `startInlay` has started, for what needs more hands than one.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";

/** How many set-up calls are under way at a time. */
const AT_ONCE = 12;

export interface Workspace {
  /** Publishes a flow file's text. */
  publish(source: string): Promise<void>;
  /** Sets up `count` integrations of `flow` for one user; answers their ids and the addresses of their first webhook block. */
  integrate(flow: string, count: number, values: Record<string, unknown>): Promise<{ id: string; url: string }[]>;
  /** Raises a host event; resolves with the answer's status when it is accepted. */
  raise(type: string, data: unknown): Promise<number>;
  /** The due times of an integration: how each ended. */
  slots(integration: string): Promise<{ outcome: string; lateness: number | null }[]>;
}

/** Makes a workspace on the Inlay at `url`, whose state folder is `state`. */
export async function makeWorkspace(url: string, state: string): Promise<Workspace> {
  const { bootstrapToken } = JSON.parse(readFileSync(join(state, "secrets.json"), "utf8")) as { bootstrapToken: string };
  const made = await ask<{ id: string; apiToken: string }>(`${url}/v1/workspaces`, bootstrapToken, "POST", {
    name: "Bench",
    email: "bench@example.com",
  });
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  const workspace = `${url}/v1/workspace`;
  await ask(`${workspace}/keys/scale`, made.apiToken, "PUT", { alg: "ES256", publicJwk: { kty, crv, x, y } });
  const userToken = () =>
    new SignJWT({ jti: crypto.randomUUID(), org: "north" })
      .setProtectedHeader({ alg: "ES256", kid: "scale" })
      .setIssuer(made.id)
      .setAudience("inlay")
      .setSubject("ada")
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);
  const setUp = async (flow: string, values: Record<string, unknown>) => {
    const body = { flow, accounts: {}, values };
    const one = await ask<{ id: string; blocks: { url?: string }[] }>(`${url}/v1/integrations`, await userToken(), "POST", body);
    return { id: one.id, url: one.blocks.find((block) => block.url)?.url ?? "" };
  };
  return {
    async publish(source) {
      const flow = await ask<{ key: string }>(`${workspace}/flows`, made.apiToken, "POST", source, "application/yaml");
      await ask(`${workspace}/flows/${flow.key}/versions`, made.apiToken, "POST", {});
    },
    async integrate(flow, count, values) {
      const list: { id: string; url: string }[] = [];
      let begun = 0;
      const work = async () => {
        while (begun++ < count) list.push(await setUp(flow, values));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return list;
    },
    async raise(type, data) {
      const headers = { authorization: `Bearer ${made.apiToken}`, "content-type": "application/json" };
      const answer = await fetch(`${workspace}/events`, { method: "POST", headers, body: JSON.stringify({ type, data }) });
      await answer.text();
      return answer.status;
    },
    async slots(integration) {
      const list = await ask<{ items: { outcome: string; lateness: number | null }[] }>(
        `${url}/v1/integrations/${integration}/slots`,
        await userToken(),
        "GET",
      );
      return list.items;
    },
  };
}

async function ask<T>(url: string, token: string, method: string, body?: unknown, type = "application/json"): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": type }) };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: text }) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${answer}`);
  return (answer ? JSON.parse(answer) : undefined) as T;
}
