import type { Env } from "../../env.ts";
import { equalText } from "../../security/equal-text.ts";
import { randomBase62 } from "../../security/random-token.ts";
import { openSecret, sealSecret } from "../../security/seal.ts";

/** A block's address for calls from outside, and the subscription at a provider that goes with it. */
export interface Hook {
  [column: string]: SqlStorageValue;
  block: string;
  /** The secret part of the address: 32 characters, kept over every change of the integration. */
  key: string;
  app: string | null;
  account: string | null;
  /** What was subscribed to, as text to compare; null where nothing is subscribed. */
  wanted: string | null;
  /** JSON, as the provider names it. */
  subscription: string | null;
}

/** Whose hook it is: what its secret is sealed for. */
interface HookOwner {
  id: string;
  workspace: string;
}

const COLUMNS = "block, key, app, account, wanted, subscription";
/** How a secret begins that lies in the row as it is: of hooks from before secrets were sealed. */
const PLAIN = "whsec_";

export class HookStore {
  readonly #sql: SqlStorage;
  readonly #secrets = new Map<string, Promise<string>>();
  /** As stored: this store is the one writer. */
  #known: Hook[] | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(): Hook[] {
    this.#known ??= this.#sql.exec<Hook>(`SELECT ${COLUMNS} FROM hook`).toArray();
    return this.#known;
  }

  read(block: string): Hook | undefined {
    return this.list().find((hook) => hook.block === block);
  }

  /** The hook of `block`, made where there is none. */
  ensure(block: string): Hook {
    const known = this.read(block);
    if (known) return known;
    const hook = { block, key: randomBase62(32), app: null, account: null, wanted: null, subscription: null };
    this.#known = undefined;
    this.#sql.exec("INSERT INTO hook (block, key, secret) VALUES (?, ?, '')", hook.block, hook.key);
    return hook;
  }

  /** What a provider signs calls to `block` with, in the form of Standard Webhooks; made at first use, and sealed. `block` has a hook. */
  secretOf(env: Env, owner: HookOwner, block: string): Promise<string> {
    const known = this.#secrets.get(block);
    if (known) return known;
    const secret = this.#openSecret(env, owner, block);
    this.#secrets.set(block, secret);
    secret.catch(() => this.#secrets.delete(block));
    return secret;
  }

  async #openSecret(env: Env, { id, workspace }: HookOwner, block: string): Promise<string> {
    const stored = this.#sql.exec<{ secret: string }>("SELECT secret FROM hook WHERE block = ?", block).one().secret;
    const name = `hook/${id}/${block}`;
    if (stored !== "" && !stored.startsWith(PLAIN)) return openSecret(env, workspace, name, stored);
    const secret = stored || randomSecret();
    this.#sql.exec("UPDATE hook SET secret = ? WHERE block = ?", await sealSecret(env, workspace, name, secret), block);
    return secret;
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
  return PLAIN + btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}
