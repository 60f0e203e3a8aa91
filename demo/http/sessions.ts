import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Database } from "../data/database.ts";
import { PEOPLE, type Person } from "../data/people.ts";

const THIRTY_DAYS = 30 * 24 * 3600;

/** Who is signed in to a product's own pages: a random id in a cookie of the product's own name (all of localhost shares its cookies). */
export class Sessions {
  readonly #db: Database;
  readonly #cookie: string;

  constructor(db: Database, cookie: string) {
    this.#db = db;
    this.#cookie = cookie;
    db.run("CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, person TEXT NOT NULL)");
  }

  personOf(c: Context): Person | undefined {
    const id = getCookie(c, this.#cookie);
    const row = id ? this.#db.get<{ person: string }>("SELECT person FROM sessions WHERE id = ?", id) : undefined;
    return PEOPLE.find((person) => person.id === row?.person);
  }

  start(c: Context, person: Person): void {
    const id = randomBytes(24).toString("base64url");
    this.#db.run("INSERT INTO sessions (id, person) VALUES (?, ?)", id, person.id);
    setCookie(c, this.#cookie, id, { httpOnly: true, sameSite: "Lax", path: "/", maxAge: THIRTY_DAYS });
  }

  end(c: Context): void {
    const id = deleteCookie(c, this.#cookie, { path: "/" });
    if (id) this.#db.run("DELETE FROM sessions WHERE id = ?", id);
  }
}
