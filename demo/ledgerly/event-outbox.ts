import type { Database } from "../data/database.ts";
import type { ConfigFile } from "./config-file.ts";

const RETRY_MS = 5_000;
const TIMEOUT_MS = 10_000;

/** `sent`: Inlay has it. `waiting`: Inlay was not reached, it is tried again by itself. `refused`: Inlay said no, `answer` says why. */
export interface RaisedEvent {
  id: string;
  state: "sent" | "waiting" | "refused";
  answer: string | null;
}

interface EventRow extends RaisedEvent {
  type: string;
  user: string;
  data: string;
}

/** Host events on their way to Inlay: stored first, then sent under one id until Inlay has answered, so that none is lost or counted twice. */
export class EventOutbox {
  readonly #db: Database;
  readonly #config: ConfigFile;
  readonly #retryMs: number;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Database, config: ConfigFile, retryMs: number = RETRY_MS) {
    this.#db = db;
    this.#config = config;
    this.#retryMs = retryMs;
  }

  /** Stores the event; call it in the transaction of what it tells, and `send` after that. */
  add(event: { id: string; type: string; user: string; data: unknown }): void {
    const sql = "INSERT OR IGNORE INTO events (id, type, user, data, state) VALUES (?, ?, ?, ?, 'waiting')";
    this.#db.run(sql, event.id, event.type, event.user, JSON.stringify(event.data));
  }

  /** Sends the event now and tells how that went. */
  async send(id: string): Promise<RaisedEvent> {
    const row = this.#db.get<EventRow>("SELECT * FROM events WHERE id = ?", id);
    if (!row) throw new Error(`there is no event ${id}`);
    if (row.state !== "waiting") return row;
    const { state, answer } = await this.#post(row);
    if (this.#stop.signal.aborted) return row;
    this.#db.run("UPDATE events SET state = ?, answer = ? WHERE id = ?", state, answer, id);
    if (state === "waiting") this.#sendLater();
    return { id, state, answer };
  }

  /** Sends what an earlier process left behind. */
  resume(): void {
    const waiting = this.#db.all<{ id: string }>("SELECT id FROM events WHERE state = 'waiting' ORDER BY rowid");
    for (const { id } of waiting) void this.send(id);
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #sendLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.resume(), this.#retryMs).unref();
  }

  async #post(row: EventRow): Promise<{ state: RaisedEvent["state"]; answer: string }> {
    const known = this.#config.read();
    if (known.state !== "ready") return { state: "waiting", answer: known.state === "invalid" ? known.message : "Inlay is starting" };
    const { edgeUrl, apiToken } = known.config;
    const headers = { Authorization: `Bearer ${apiToken}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ id: row.id, type: row.type, user: row.user, data: JSON.parse(row.data) });
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const response = await fetch(`${edgeUrl}/v1/workspace/events`, { method: "POST", headers, body, signal });
      const text = await response.text();
      if (response.ok) return { state: "sent", answer: text };
      const isPassing = response.status >= 500 || response.status === 408 || response.status === 429;
      return { state: isPassing ? "waiting" : "refused", answer: `Inlay answered ${response.status}: ${text.slice(0, 300)}` };
    } catch (error) {
      return { state: "waiting", answer: `Inlay was not reached: ${error instanceof Error ? error.message : error}` };
    }
  }
}
