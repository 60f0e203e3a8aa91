// A workspace for the fuzzer alone, with something of everything in it: what it breaks is nobody's.
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const APP = `inlay: 1
key: desk
name: Desk
baseUrl: https://desk.invalid
auth: [{ key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }]
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `inlay: 1
key: odd
name: Odd
tags: [odd]
accounts: { desk: { app: desk, optional: true } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: name, type: text, label: Name }
        - { key: pick, type: select, label: Pick, options: { query: desk.me, value: id, label: id } }
        - { key: pin, type: secret, label: Pin }
        - { key: list, type: list, label: List, fields: [{ key: a, type: number, label: A, when: "{{ item.a }}" }] }
        - { key: map, type: mapping, label: Map, from: [a, b], to: [c, d] }
blocks:
  - { key: go, name: Go, trigger: { manual: { input: [{ key: say, type: text }] } }, steps: [{ key: say, value: "{{ trigger.say }}" }, { key: odd, code: "export default ({ trigger }) => trigger" }] }
  - { key: hook, name: Hook, trigger: { webhook: { respond: true, dedupe: "{{ body.id }}" } }, steps: [{ key: say, respond: { status: 200, body: "{{ trigger.body }}" } }] }
  - { key: ask, name: Ask, trigger: { api: { input: [{ key: a, type: number }] } }, steps: [{ key: say, respond: { status: 200, body: "{{ trigger }}" } }] }
  - { key: happened, name: Happened, trigger: { event: odd.happened }, steps: [{ key: say, value: "{{ trigger.data }}" }] }
`;

export interface FuzzWorld {
  url: string;
  bootstrapToken: string;
  apiToken: string;
  userToken(): Promise<string>;
  /** Names and ids that mean something to the routes. */
  known: string[];
  hook: string;
}

async function ask<T>(url: string, token: string, method: string, body?: unknown): Promise<T> {
  const isText = typeof body === "string";
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": isText ? "application/yaml" : "application/json" },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Makes it at `url`, with the deployment's bootstrap token. */
export async function makeFuzzWorld(url: string, bootstrapToken: string): Promise<FuzzWorld> {
  const { id, apiToken } = await ask<{ id: string; apiToken: string }>(`${url}/v1/workspaces`, bootstrapToken, "POST", {
    name: "Fuzz",
    email: "fuzz@example.com",
  });
  const api = `${url}/v1/workspace`;
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  await ask(`${api}/keys/fuzz`, apiToken, "PUT", { alg: "ES256", publicJwk: await exportJWK(publicKey) });
  await ask(`${api}/apps`, apiToken, "POST", APP);
  await ask(`${api}/flows`, apiToken, "POST", FLOW);
  await ask(`${api}/flows/odd/versions`, apiToken, "POST", {});
  const userToken = () =>
    new SignJWT({ org: "north" })
      .setProtectedHeader({ alg: "ES256", kid: "fuzz" })
      .setIssuer(id)
      .setAudience("inlay")
      .setSubject("ada")
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);
  const token = await userToken();
  const made = await ask<{ id: string; blocks: { key: string; url?: string }[] }>(`${url}/v1/integrations`, token, "POST", { flow: "odd" });
  const { run } = await ask<{ run: string }>(`${url}/v1/integrations/${made.id}/blocks/go/run`, token, "POST", { input: { say: "x" } });
  const hook = new URL(made.blocks.find(({ key }) => key === "hook")?.url ?? url).pathname;
  const known = [made.id, run, "odd", "desk", "go", "hook", "ask", "name", "pick", "ada", "key", "1", "say", hook.split("/").at(-1) ?? ""];
  return { url, bootstrapToken, apiToken, userToken, known, hook };
}
