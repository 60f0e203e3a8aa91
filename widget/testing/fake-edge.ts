// For tests and for the examples of the reference page: an edge in the page. It stands in for `fetch`, keeps what it is given, and refuses in the edge's words.

import type { Account, Attempt } from "../../shared/api/account.ts";
import type { FlowDetail } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { RunDetail } from "../../shared/api/run.ts";
import type { StreamMessage } from "../../shared/api/stream.ts";
import { matchesTags, parseTags } from "../../shared/flow/tags.ts";
import { FLOWS, makeAccount, makeRun, summaryOf } from "./fixtures.ts";

export interface FakeCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

/** What the edge answers: a status and a body, or nothing at all (`offline`). */
export type FakeAnswer = { status?: number; body?: unknown } | "offline";
type Rule = (call: FakeCall) => FakeAnswer | Promise<FakeAnswer | undefined> | undefined;

/** A refusal as the edge words it. */
export const refusal = (status: number, code: string, detail: string, errors?: FieldProblem[]): FakeAnswer => ({
  status,
  body: { type: "about:blank", title: code, status, code, detail, ...(errors && { errors }) },
});

/** An edge with one user's things. Change them freely before the element asks; `on` answers in its place. */
export class FakeEdge {
  flows: FlowDetail[] = [...FLOWS];
  accounts: Account[] = [];
  integrations: Integration[] = [];
  runs: RunDetail[] = [];
  attempt: Attempt = { status: "pending" };
  readonly calls: FakeCall[] = [];
  readonly #rules: Rule[] = [];
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #real: typeof fetch | undefined;
  #nextEvent = 1;
  readonly #emitted: { id: number; at: number; text: string }[] = [];

  start(): void {
    this.#real = globalThis.fetch;
    globalThis.fetch = (input, init) => this.#answer(new Request(input, init), init?.signal ?? undefined);
  }

  stop(): void {
    if (this.#real) globalThis.fetch = this.#real;
    this.breakStreams();
  }

  /** Answers `METHOD /path` (a prefix) by `rule`; undefined leaves it to the edge. Later rules come first. */
  on(route: string, rule: Rule): void {
    const [method, path = ""] = route.split(" ");
    this.#rules.unshift((call) => (call.method === method && call.path.startsWith(path) ? rule(call) : undefined));
  }

  /** The calls of `METHOD /path` (a prefix) so far. */
  callsOf(route: string): FakeCall[] {
    const [method, path = ""] = route.split(" ");
    return this.calls.filter((call) => call.method === method && call.path.startsWith(path));
  }

  /** Sends a live change to whoever listens, and to whoever comes later and began to read before it. */
  emit({ type, ...rest }: StreamMessage): void {
    const id = this.#nextEvent++;
    const text = `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(rest)}\n\n`;
    this.#emitted.push({ id, at: performance.now(), text });
    this.send(text);
  }

  /** Puts `text` on the wire of every open stream. */
  send(text: string): void {
    for (const stream of this.#streams) stream.enqueue(new TextEncoder().encode(text));
  }

  /** Ends every open stream, as a proxy would. */
  breakStreams(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  async #answer(request: Request, signal: AbortSignal | undefined): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    const body: unknown = text ? JSON.parse(text) : undefined;
    const call: FakeCall = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body };
    this.calls.push(call);
    let answer: FakeAnswer | undefined;
    for (const rule of this.#rules) {
      answer = await rule(call);
      if (answer) break;
    }
    if (signal?.aborted) throw signal.reason;
    if (!answer && call.path === "/v1/stream") return this.#stream(call, signal);
    const settled = answer ?? this.#own(call);
    if (settled === "offline") throw new TypeError("Failed to fetch");
    const { status = 200, body: payload } = settled;
    if (payload === undefined) return new Response(null, { status: status === 200 ? 204 : status });
    return Response.json(payload, { status });
  }

  #stream({ query, headers }: FakeCall, signal: AbortSignal | undefined): Response {
    const since = performance.now() - Number(query.get("age"));
    const last = Number(headers.get("last-event-id") ?? Number.NaN);
    const missed = this.#emitted.filter(({ id, at }) => (last < this.#nextEvent ? id > last : at >= since));
    let own: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        this.#streams.add(controller);
        for (const { text } of missed) controller.enqueue(new TextEncoder().encode(text));
      },
      cancel: () => {
        if (own) this.#streams.delete(own);
      },
    });
    signal?.addEventListener("abort", () => {
      if (own && this.#streams.delete(own)) own.error(signal.reason);
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  #own(call: FakeCall): FakeAnswer {
    const [, , resource = "", id = "", verb = "", block = ""] = call.path.split("/").map(decodeURIComponent);
    switch (resource) {
      case "flows":
        return id ? this.#readFlow(id, verb) : this.#listFlows(call.query);
      case "accounts":
        return this.#takeAccounts(call, id, verb);
      case "integrations":
        return id
          ? this.#takeIntegration(call, id, verb, block)
          : list(this.integrations.filter(({ flow }) => !call.query.get("flow") || flow === call.query.get("flow")));
      case "runs":
        return this.#takeRun(call, id, verb);
      default:
        return refusal(404, "not_found", `No answer to ${call.method} ${call.path}`);
    }
  }

  #listFlows(query: URLSearchParams): FakeAnswer {
    const tags = parseTags(query.get("tag") ?? "");
    const words = (query.get("search") ?? "").toLowerCase();
    const category = query.get("category");
    return list(
      this.flows
        .filter((flow) => matchesTags(tags, flow.tags))
        .filter((flow) => !category || flow.category === category)
        .filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(words))
        .map((flow) => ({ ...summaryOf(flow), installed: this.integrations.filter((one) => one.flow === flow.key).length })),
    );
  }

  #readFlow(key: string, verb: string): FakeAnswer {
    const flow = this.flows.find((one) => one.key === key);
    if (!flow) return refusal(404, "not_found", "There is no flow with this key.");
    if (verb === "draft") return { body: { accounts: {}, values: {}, savedAt: null, form: { pages: {}, fields: {} } } };
    return { body: flow };
  }

  #takeAccounts({ method, query, body }: FakeCall, id: string, verb: string): FakeAnswer {
    if (method === "POST" && id === "authorize") return { body: { authorizeUrl: "about:blank#provider", attempt: "att_1" } };
    if (id === "attempts") return { body: this.attempt };
    const account = this.accounts.find((one) => one.id === id);
    if (method === "POST" && verb === "test")
      return account ? { body: { ok: true, account } } : refusal(404, "not_found", "No such account.");
    if (method === "POST" && verb === "move") {
      const { to } = body as { to: string };
      const usedBy = account?.usedBy ?? [];
      this.accounts = this.accounts.map((one) => (one.id === id ? { ...one, usedBy: [] } : one.id === to ? { ...one, usedBy } : one));
      return { body: { to, moved: usedBy, refused: [] } };
    }
    if (method === "POST") {
      const { app, account: renewed } = body as { app: string; account?: string };
      const made = makeAccount(renewed ?? "acc_new", app, { label: this.accounts.find((one) => one.id === renewed)?.label ?? "North Ltd" });
      this.accounts = [...this.accounts.filter((one) => one.id !== renewed), made];
      return { status: 201, body: made };
    }
    if (method === "DELETE") {
      this.accounts = this.accounts.filter((one) => one.id !== id);
      return { body: { id, usedBy: account?.usedBy ?? [] } };
    }
    return list(this.accounts.filter(({ app }) => !query.get("app") || app === query.get("app")));
  }

  #takeIntegration({ method, body }: FakeCall, id: string, verb: string, block: string): FakeAnswer {
    const integration = this.integrations.find((one) => one.id === id);
    if (!integration) return refusal(404, "not_found", "There is no such integration.");
    if (verb === "slots") return list([]);
    if (verb === "runs") return list(this.runs.filter((run) => run.integration === id));
    if (verb === "blocks") return this.#start(makeRun(`run_${this.runs.length + 1}`, { integration: id, block, status: "queued" }));
    if (method === "DELETE") {
      this.integrations = this.integrations.filter((one) => one.id !== id);
      return {};
    }
    if (method === "PATCH") {
      const { name = integration.name, enabled } = body as { name?: string; enabled?: boolean };
      const status = enabled === undefined ? integration.status : enabled ? "enabled" : "disabled";
      const changed: Integration = { ...integration, name, status };
      this.integrations = this.integrations.map((one) => (one.id === id ? changed : one));
      return { body: changed };
    }
    return { body: integration };
  }

  #takeRun({ method }: FakeCall, id: string, verb: string): FakeAnswer {
    const run = this.runs.find((one) => one.id === id);
    if (!run) return refusal(404, "not_found", "There is no such run.");
    if (verb === "retry") return this.#start({ ...run, id: `${id}_again`, status: "queued" });
    if (verb === "cancel" && method === "POST") {
      this.runs = this.runs.map((one) => (one.id === id ? { ...one, status: "canceled" } : one));
      return { body: { ...run, status: "canceled" } };
    }
    return { body: run };
  }

  #start(run: RunDetail): FakeAnswer {
    this.runs = [run, ...this.runs];
    return { status: 202, body: { run: run.id } };
  }
}

const list = (items: unknown[]): FakeAnswer => ({ body: { items, nextCursor: null } });
