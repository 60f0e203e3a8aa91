// Pipeline with tokens that end at once, behind a door that lets token answers wait: where a kill comes in between, the app has given
// out new tokens and nobody has got them.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPipeline } from "../../demo/pipeline/server.ts";
import { BrowserSession } from "../../demo/testing/browser-session.ts";
import type { Target } from "./target.ts";

/** How long (ms) the answer with new tokens takes. */
const ON_ITS_WAY = 250;
/** Tokens are renewed a minute before their end: these at every call. */
const LIFE = 30;

export class SlowTokens {
  readonly client = { id: "kill", secret: randomUUID() };
  /** Personal access token, to look into the app from outside. */
  readonly token = `plp_${randomUUID()}`;
  renewals = 0;
  /** Token answers that were on their way to somebody who was killed. */
  lost = 0;
  url = "";
  #pipeline: Awaited<ReturnType<typeof startPipeline>> | undefined;
  #door: Server | undefined;
  readonly #target: Target;
  readonly #data = mkdtempSync(join(tmpdir(), "inlay-kill-pipeline-"));

  constructor(target: Target) {
    this.#target = target;
  }

  /** `edgeUrl` is where consent leads back to. */
  async start(edgeUrl: string): Promise<void> {
    const client = { ...this.client, name: "Check", redirectUris: [`${edgeUrl}/oauth/callback`] };
    this.#pipeline = await startPipeline({
      ...{ port: 0, host: "127.0.0.1", dataDir: this.#data, client, token: this.token },
      ...{ lifetimes: { access: LIFE }, requestsPerSecond: 10_000 },
    });
    const door = createServer((request, response) => void this.#pass(request, response));
    this.#door = door;
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  }

  /** The app file of this Pipeline. */
  get appFile(): string {
    return `inlay: 1
key: renewed
name: Renewed
baseUrl: ${this.url}
auth:
  - key: oauth
    type: oauth2
    authorizeUrl: ${this.#pipeline?.url}/oauth/authorize
    tokenUrl: /oauth/token
    scopes: [contacts.read, contacts.write, offline_access]
    pkce: true
    client: { id: RENEWED_ID, secret: RENEWED_SECRET }
test: { query: me, id: "{{ body.account.id }}", label: "{{ body.account.name }}" }
queries: { me: { request: { path: /v1/me } } }
actions:
  rename:
    input: [{ key: id, type: text }, { key: name, type: text }]
    request: { method: PATCH, path: "/v1/contacts/{{ input.id }}", body: { name: "{{ input.name }}" }, idempotency: Idempotency-Key }
`;
  }

  /** A contact to change. */
  async findContact(): Promise<string> {
    const response = await fetch(`${this.url}/v1/contacts?limit=1`, { headers: { authorization: `Bearer ${this.token}` } });
    const { contacts } = (await response.json()) as { contacts: { id: string }[] };
    return contacts[0]?.id ?? "";
  }

  /** Ada says yes, as she would in her browser: from `authorizeUrl` to the edge's callback. */
  async consent(authorizeUrl: string): Promise<void> {
    const begun = new URL(authorizeUrl);
    const edge = new BrowserSession(begun.origin);
    const there = new URL((await edge.get(begun.pathname + begun.search)).headers.get("location") ?? "");
    const app = new BrowserSession(there.origin);
    await app.post("/sign-in", { person: "ada", next: "/contacts" });
    const answered = await app.post(there.pathname + there.search, { decision: "allow" });
    const back = new URL(answered.headers.get("location") ?? "");
    await edge.get(back.pathname + back.search);
  }

  async stop(): Promise<void> {
    this.#door?.closeAllConnections();
    this.#door?.close();
    await this.#pipeline?.close();
    rmSync(this.#data, { recursive: true, force: true });
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const order = request.method === "PATCH" ? (JSON.parse(body.toString()) as { name: string }).name : undefined;
    const headers = new Headers();
    for (const name of ["authorization", "content-type", "idempotency-key"]) {
      const value = request.headers[name];
      if (typeof value === "string") headers.set(name, value);
    }
    const init = { method: request.method ?? "GET", headers, ...(body.length ? { body } : {}) };
    const answer = await fetch(`${this.#pipeline?.url}${request.url}`, init).catch(() => undefined);
    const text = await answer?.text();
    if (order !== undefined && answer?.ok) {
      this.#target.note(order, request.headers["idempotency-key"]?.toString() ?? "");
      this.#target.noteAnswer(order);
    }
    if (request.url === "/oauth/token" && answer?.ok) {
      this.renewals++;
      response.once("close", () => {
        if (!response.writableFinished) this.lost++;
      });
      await new Promise((resolve) => setTimeout(resolve, ON_ITS_WAY));
    }
    response.writeHead(answer?.status ?? 502, { "content-type": "application/json" }).end(text ?? "");
  }
}
