import type { Attention } from "../../../shared/api/integration.ts";
import type { Env } from "../../env.ts";
import { equalText } from "../../security/equal-text.ts";
import { randomBase62 } from "../../security/random-token.ts";
import { openSecret, sealSecret } from "../../security/seal.ts";
import { NEVER } from "./run-store.ts";

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
  /** JSON: {@link Subscription}, or null. */
  subscription: string | null;
  /** When the subscription is looked after next (ms). */
  due: number | null;
}

/**
 * `id`, as the provider names it; `renew` (ms) where it ends by itself, at `ends` (ms), and is made anew then; `config`: the configuration
 * that it was made with. Earlier releases did not note the latter two.
 */
export interface Subscription {
  id: unknown;
  renew?: number;
  ends?: number;
  config?: number;
  /** How often it could not be renewed, since its app was not to be reached. */
  tries?: number;
  /** It has ended, and could not be renewed. */
  lapsed?: Attention;
  /** What could not be read of the app's answer, and by which expressions. */
  unread?: Attention[];
  readBy?: string;
  /** What would end it needs the id that could not be read. */
  isEndless?: boolean;
}

/** A subscription that its block has no more, and that its app could not be asked to end. `since` (ms): when that was tried first. */
export interface Leftover extends Hook {
  since: number;
}

/** What is subscribed to: null as `subscription` where the app knows of none. */
export interface Subscribed {
  app: string;
  account: string;
  wanted: string;
  subscription: Subscription | null;
  due: number | null;
}

/** Whose hook it is: what its secret is sealed for. */
interface HookOwner {
  id: string;
  workspace: string;
}

const COLUMNS = "block, key, app, account, wanted, subscription, due";
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
    const hook = { block, key: randomBase62(32), app: null, account: null, wanted: null, subscription: null, due: null };
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

  subscribed(block: string, { app, account, wanted, subscription, due }: Subscribed): void {
    this.#known = undefined;
    this.#sql.exec(
      "UPDATE hook SET app = ?, account = ?, wanted = ?, subscription = ?, due = ? WHERE block = ?",
      ...[app, account, wanted, JSON.stringify(subscription), due, block],
    );
  }

  /** Something else is known of the subscription of `block`, which is looked after at `due` (ms). */
  amend(block: string, subscription: Subscription, due: number): void {
    this.#known = undefined;
    this.#sql.exec("UPDATE hook SET subscription = ?, due = ? WHERE block = ?", JSON.stringify(subscription), due, block);
  }

  /** Looks after the subscription of `block` at `due` (ms), or, for null, no more. */
  postpone(block: string, due: number | null): void {
    this.#known = undefined;
    this.#sql.exec("UPDATE hook SET due = ? WHERE block = ?", due, block);
  }

  /** When a subscription is to be looked after next. */
  nextDue(): number {
    const left = this.#sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM leftover").one().due ?? NEVER;
    return this.list().reduce((first, { due }) => Math.min(first, due ?? NEVER), left);
  }

  /** Leftovers that are due at `now`. */
  leftovers(now: number): Leftover[] {
    return this.#sql
      .exec<Leftover & Record<string, SqlStorageValue>>(`SELECT ${COLUMNS}, since FROM leftover WHERE due <= ?`, now)
      .toArray();
  }

  /** All leftovers of `block`. */
  leftoversOf(block: string): Leftover[] {
    return this.#sql
      .exec<Leftover & Record<string, SqlStorageValue>>(`SELECT ${COLUMNS}, since FROM leftover WHERE block = ?`, block)
      .toArray();
  }

  /** Keeps what `hook` is subscribed to, to be ended at `due` (ms). */
  leave({ block, key, app, account, wanted, subscription }: Hook, since: number, due: number): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO leftover (${COLUMNS}, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[block, key, app, account, wanted, subscription, due, since],
    );
  }

  /** Nothing is left of it. */
  forget({ block, subscription }: Leftover): void {
    this.#sql.exec("DELETE FROM leftover WHERE block = ? AND subscription IS ?", block, subscription);
  }

  /** The configurations that subscriptions were made with. */
  configs(): number[] {
    const all = "SELECT subscription FROM hook UNION ALL SELECT subscription FROM leftover";
    return this.#sql
      .exec<{ config: number }>(`SELECT DISTINCT json_extract(subscription, '$.config') AS config FROM (${all}) WHERE config IS NOT NULL`)
      .toArray()
      .map(({ config }) => config);
  }

  unsubscribed(block: string): void {
    this.#known = undefined;
    this.#sql.exec("UPDATE hook SET app = NULL, account = NULL, wanted = NULL, subscription = NULL, due = NULL WHERE block = ?", block);
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
