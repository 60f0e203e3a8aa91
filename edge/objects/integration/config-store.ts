// The configurations that this integration's runs were accepted with, and what runs need of them ready-made.
import { type FlowPlan, planOf } from "../../engine/compile-block.ts";
import type { Env } from "../../env.ts";
import { type FieldSecret, type HiddenSecrets, NO_SECRETS, prepareSecrets } from "../../security/hide-secrets.ts";
import { openSecret } from "../../security/seal.ts";
import type { MetaStore } from "./meta-store.ts";
import type { ConfigUser, IntegrationConfig } from "./rpc.ts";

/** A configuration ready for runs: its flow compiled as needed, its secrets open. Never leaves the object's memory. */
export interface OpenConfig {
  id: number;
  config: IntegrationConfig;
  plan: FlowPlan;
  setup: Record<string, unknown>;
  /** What must not show in any log. */
  secrets: string[];
  /** The same, for what lies in storage. */
  hidden: HiddenSecrets;
}

const KEPT = 8;

export class ConfigStore {
  readonly #sql: SqlStorage;
  readonly #meta: MetaStore;
  readonly #env: Env;
  readonly #parsed = new Map<number, IntegrationConfig>();
  readonly #open = new Map<number, Promise<OpenConfig>>();
  readonly #hidden = new Map<number, HiddenSecrets>();

  constructor(sql: SqlStorage, meta: MetaStore, env: Env) {
    this.#sql = sql;
    this.#meta = meta;
    this.#env = env;
  }

  /** The number of the configuration in force; undefined before the first. */
  get currentId(): number | undefined {
    const text = this.#meta.get("config");
    return text === undefined ? undefined : Number(text);
  }

  /** The configuration in force. */
  get current(): IntegrationConfig | undefined {
    const id = this.currentId;
    return id === undefined ? undefined : this.read(id);
  }

  read(id: number): IntegrationConfig | undefined {
    const known = this.#parsed.get(id);
    if (known) return known;
    const row = this.#sql.exec<{ body: string }>("SELECT body FROM config WHERE id = ?", id).toArray()[0];
    if (!row) return undefined;
    const config = JSON.parse(row.body) as IntegrationConfig;
    this.#parsed.set(id, config);
    if (this.#parsed.size > KEPT) this.#parsed.delete(this.#parsed.keys().next().value ?? id);
    return config;
  }

  /** Pins `config` as the one in force; a new row only where something changed. */
  pin(config: IntegrationConfig): void {
    const body = JSON.stringify(config);
    const id = this.currentId;
    const same =
      id !== undefined && this.#sql.exec<{ body: string }>("SELECT body FROM config WHERE id = ?", id).toArray()[0]?.body === body;
    if (same) return;
    const next = (id ?? 0) + 1;
    this.#sql.exec("INSERT INTO config (id, body) VALUES (?, ?)", next, body);
    this.#meta.set("config", String(next));
  }

  /**
   * Lets slots use other accounts (by slot: from, to) in all configurations that are kept: runs that have not ended keep their version and
   * values, and go on with the account that has taken the place of theirs.
   */
  replaceAccounts(replaced: ReadonlyMap<string, { from: string; to: string }>): void {
    for (const { id, body } of this.#sql.exec<{ id: number; body: string }>("SELECT id, body FROM config").toArray()) {
      const config = JSON.parse(body) as IntegrationConfig;
      const slots = [...replaced].filter(([slot, { from }]) => config.accounts[slot] === from);
      if (!slots.length) continue;
      const accounts = { ...config.accounts, ...Object.fromEntries(slots.map(([slot, { to }]) => [slot, to])) };
      this.#sql.exec("UPDATE config SET body = ? WHERE id = ?", JSON.stringify({ ...config, accounts }), id);
      this.#parsed.delete(id);
      this.#open.delete(id);
    }
  }

  /** Opens configuration `id`. Rejects where a secret does not open or the workspace's key cannot be had. */
  open(id: number): Promise<OpenConfig> {
    const known = this.#open.get(id);
    if (known) return known;
    const opened = this.#openFresh(id);
    this.#open.set(id, opened);
    if (this.#open.size > KEPT) this.#open.delete(this.#open.keys().next().value ?? id);
    opened.catch(() => this.#open.delete(id));
    return opened;
  }

  async #openFresh(id: number): Promise<OpenConfig> {
    const config = this.read(id);
    if (!config) throw new Error(`configuration ${id} is gone`);
    const setup = { ...config.values };
    const secrets: FieldSecret[] = [];
    for (const key of config.secretFields) {
      const sealed = setup[key];
      if (typeof sealed !== "string") continue;
      const text = await openSecret(this.#env, config.workspace, `setup/${key}`, sealed);
      setup[key] = text;
      if (text.length >= 4) secrets.push({ field: key, value: text });
    }
    const hidden = prepareSecrets(secrets);
    if (hidden !== NO_SECRETS) this.#hidden.set(id, hidden);
    return { id, config, plan: planOf(config.flow), setup, secrets: secrets.map(({ value }) => value), hidden };
  }

  /** The secrets of configuration `id`, where it has any and was opened in this life: whoever makes a run of it has opened it. */
  hiddenOf(id: number): HiddenSecrets {
    return this.#hidden.get(id) ?? NO_SECRETS;
  }

  /** Forgets configurations that no run names any more, but for those of `kept`. */
  purge(kept: readonly number[]): void {
    const isNamed = "id IN (SELECT config FROM run) OR id IN (SELECT value FROM json_each(?))";
    this.#sql.exec(`DELETE FROM config WHERE id <> ? AND NOT (${isNamed})`, this.currentId ?? 0, JSON.stringify(kept));
  }
}

/** `user` as expressions see it. */
export function publicUser({ ref: _, revision: __, ...user }: ConfigUser): Omit<ConfigUser, "ref" | "revision"> {
  return user;
}
