import { randomBase62 } from "../../security/random-token.ts";
import { equalText } from "../../security/equal-text.ts";

/** A block's address for calls from outside, and the subscription at a provider that goes with it. */
export interface Hook {
  [column: string]: SqlStorageValue;
  block: string;
  /** The secret part of the address: 32 characters, kept over every change of the integration. */
  key: string;
  /** What a provider signs with, in the form of Standard Webhooks. */
  secret: string;
  app: string | null;
  account: string | null;
  /** What was subscribed to, as text to compare; null where nothing is subscribed. */
  wanted: string | null;
  /** JSON, as the provider names it. */
  subscription: string | null;
}

export class HookStore {
  readonly #sql: SqlStorage;
  /** As stored: this store is the one writer. */
  #known: Hook[] | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(): Hook[] {
    this.#known ??= this.#sql.exec<Hook>("SELECT * FROM hook").toArray();
    return this.#known;
  }

  read(block: string): Hook | undefined {
    return this.list().find((hook) => hook.block === block);
  }

  /** The hook of `block`, made where there is none. */
  ensure(block: string): Hook {
    const known = this.read(block);
    if (known) return known;
    const hook = { block, key: randomBase62(32), secret: randomSecret(), app: null, account: null, wanted: null, subscription: null };
    this.#known = undefined;
    this.#sql.exec("INSERT INTO hook (block, key, secret) VALUES (?, ?, ?)", hook.block, hook.key, hook.secret);
    return hook;
  }

  subscribed(block: string, app: string, account: string, wanted: string, subscription: unknown): void {
    this.#known = undefined;
    this.#sql.exec(
      "UPDATE hook SET app = ?, account = ?, wanted = ?, subscription = ? WHERE block = ?",
      app,
      account,
      wanted,
      JSON.stringify(subscription ?? null),
      block,
    );
  }

  unsubscribed(block: string): void {
    this.#known = undefined;
    this.#sql.exec("UPDATE hook SET app = NULL, account = NULL, wanted = NULL, subscription = NULL WHERE block = ?", block);
  }

  /** Whether `key` is that of `block`, in constant time. */
  hasKey(block: string, key: string): boolean {
    const hook = this.read(block);
    return hook !== undefined && equalText(hook.key, key);
  }
}

function randomSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}
