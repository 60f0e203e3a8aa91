import { randomInt } from "node:crypto";
import type { Database } from "../data/database.ts";
import { COMPANIES, type CompanyKey } from "../data/people.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
export const KEY_FORMAT = /^pb_[a-z0-9]{24}$/;

const newKey = () => `pb_${Array.from({ length: 24 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`;

/** One API key a company. */
export class KeyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  ownerOf(key: string): CompanyKey | undefined {
    const row = this.#db.get<{ owner: string }>("SELECT owner FROM keys WHERE key = ?", key);
    return Object.values(COMPANIES).find((company) => company.key === row?.owner)?.key;
  }

  keyOf(owner: CompanyKey): string | undefined {
    return this.#db.get<{ key: string }>("SELECT key FROM keys WHERE owner = ?", owner)?.key;
  }

  /** Replaces the company's key; a new random one unless `key` is given. Throws on a key of another format. */
  replace(owner: CompanyKey, key: string = newKey()): void {
    if (!KEY_FORMAT.test(key)) throw new Error("a Postbox key is pb_ and 24 lower-case letters or digits");
    this.#db.run("INSERT INTO keys (owner, key) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET key = excluded.key", owner, key);
  }
}
