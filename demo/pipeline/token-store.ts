import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../data/database.ts";
import { type CompanyKey, PEOPLE, type Person } from "../data/people.ts";

export const SCOPES: Record<string, string> = {
  "contacts.read": "Read your company's contacts, and hear when one changes",
  "contacts.write": "Add and change contacts",
  offline_access: "Stay connected while you are away",
};

/** What an OAuth token answer says; `refreshToken` only where `offline_access` was granted. */
export interface IssuedTokens {
  accessToken: string;
  expiresIn: number;
  refreshToken: string | undefined;
  scope: string;
}

/** Who calls the API: a person's company, through an app that it allowed (`grant`) or with its personal token. */
export interface Access {
  caller: string;
  company: CompanyKey;
  person: Person;
  scopes: string[];
  grant: string | null;
}

export type AccessResult = { ok: true; access: Access } | { ok: false; error: "invalid_token" | "token_expired" };
export type IssueResult = { ok: true; tokens: IssuedTokens } | { ok: false; message: string };

/** Lifetimes in seconds. */
export interface TokenLifetimes {
  access: number;
  refresh: number;
  code: number;
}

export const DEFAULT_LIFETIMES: TokenLifetimes = { access: 600, refresh: 60 * 24 * 3600, code: 60 };

const hashOf = (token: string) => createHash("sha256").update(token).digest("base64url");
const newToken = (prefix: string) => `${prefix}_${randomBytes(32).toString("base64url")}`;

/** Codes, access and refresh tokens, kept as hashes. All tokens that come from one sign-in are a family, which dies as one. */
export class TokenStore {
  readonly #db: Database;
  readonly #lifetimes: TokenLifetimes;
  readonly #now: () => number;

  constructor(db: Database, lifetimes: TokenLifetimes, now: () => number) {
    this.#db = db;
    this.#lifetimes = lifetimes;
    this.#now = now;
  }

  /** The person said yes: a code for `client`, good once and for a minute. */
  issueCode(consent: { client: string; redirectUri: string; challenge: string; person: Person; scope: string }): string {
    const code = newToken("plc");
    this.#db.run(
      "INSERT INTO codes (hash, client, redirect_uri, challenge, person, scope, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[hashOf(code), consent.client, consent.redirectUri, consent.challenge, consent.person.id, consent.scope],
      this.#now() + this.#lifetimes.code * 1000,
    );
    return code;
  }

  /** RFC 6749 4.1.3 and RFC 7636 4.6. A code that comes twice revokes what it gave the first time. */
  redeemCode(request: { code: string; client: string; redirectUri: string; verifier: string }): IssueResult {
    interface CodeRow {
      client: string;
      redirect_uri: string;
      challenge: string;
      person: string;
      scope: string;
      expires_at: number;
      family: string | null;
    }
    const hash = hashOf(request.code);
    const row = this.#db.get<CodeRow>("SELECT * FROM codes WHERE hash = ?", hash);
    if (!row || row.client !== request.client) return { ok: false, message: "The code is not known." };
    if (row.family) {
      this.#revokeFamily(row.family);
      return { ok: false, message: "The code was used before. All tokens that came from it have been revoked." };
    }
    if (row.expires_at <= this.#now()) return { ok: false, message: "The code has expired." };
    if (row.redirect_uri !== request.redirectUri) return { ok: false, message: "redirect_uri is not the one that the code was made for." };
    if (hashOf(request.verifier) !== row.challenge) return { ok: false, message: "code_verifier does not fit the code_challenge." };
    return this.#db.transaction(() => {
      const family = newToken("fam");
      const grant = this.#grantOf(row.client, row.person, row.scope);
      this.#db.run("INSERT INTO families (id, grant_id, scope) VALUES (?, ?, ?)", family, grant, row.scope);
      this.#db.run("UPDATE codes SET family = ? WHERE hash = ?", family, hash);
      return { ok: true, tokens: this.#issue(family, row.scope) };
    });
  }

  /** Rotates: the token is good once. A second use means that two parties hold it, so the family is revoked (RFC 9700 4.14.2). */
  refresh(refreshToken: string, client: string): IssueResult {
    const row = this.#db.get<{ family: string; used: number; expires_at: number; revoked: number; scope: string; client: string }>(
      `SELECT tokens.family, used, expires_at, revoked, families.scope, client FROM tokens JOIN families ON families.id = family
       JOIN grants ON grants.id = grant_id WHERE hash = ? AND kind = 'refresh'`,
      hashOf(refreshToken),
    );
    if (!row || row.client !== client) return { ok: false, message: "The refresh token is not known." };
    if (row.revoked) return { ok: false, message: "The refresh token has been revoked." };
    if (row.used) {
      this.#revokeFamily(row.family);
      return { ok: false, message: "The refresh token was used before. All tokens of this sign-in have been revoked." };
    }
    if (row.expires_at <= this.#now()) return { ok: false, message: "The refresh token has expired." };
    return this.#db.transaction(() => {
      this.#db.run("UPDATE tokens SET used = 1 WHERE hash = ?", hashOf(refreshToken));
      return { ok: true, tokens: this.#issue(row.family, row.scope) };
    });
  }

  /** RFC 7009: revokes the sign-in that `token` belongs to; a token that is not the client's is left alone. */
  revoke(token: string, client: string): void {
    const row = this.#db.get<{ family: string }>(
      "SELECT family FROM tokens JOIN families ON families.id = family JOIN grants ON grants.id = grant_id WHERE hash = ? AND client = ?",
      ...[hashOf(token), client],
    );
    if (row) this.#revokeFamily(row.family);
  }

  /** Whom a bearer token stands for. */
  check(token: string): AccessResult {
    const own = this.#db.get<{ owner: CompanyKey }>("SELECT owner FROM personal_tokens WHERE token = ?", token);
    const owner = own && PEOPLE.find((person) => person.company === own.owner);
    if (owner) {
      const access = {
        caller: `personal:${owner.company}`,
        company: owner.company,
        person: owner,
        scopes: Object.keys(SCOPES),
        grant: null,
      };
      return { ok: true, access };
    }
    const row = this.#db.get<{ grant_id: string; person: string; scope: string; expires_at: number; revoked: number }>(
      `SELECT grant_id, person, families.scope, expires_at, revoked FROM tokens JOIN families ON families.id = family
       JOIN grants ON grants.id = grant_id WHERE hash = ? AND kind = 'access'`,
      hashOf(token),
    );
    const person = PEOPLE.find(({ id }) => id === row?.person);
    if (!row || !person || row.revoked) return { ok: false, error: "invalid_token" };
    if (row.expires_at <= this.#now()) return { ok: false, error: "token_expired" };
    const scopes = row.scope.split(" ");
    return { ok: true, access: { caller: row.grant_id, company: person.company, person, scopes, grant: row.grant_id } };
  }

  /** The apps that `person` has allowed. */
  listGrants(person: Person): { id: string; client: string; scope: string; created_at: number; webhooks: number }[] {
    return this.#db.all(
      `SELECT *, (SELECT count(*) FROM webhooks WHERE grant_id = grants.id) AS webhooks FROM grants
       WHERE person = ? AND EXISTS (SELECT 1 FROM families WHERE grant_id = grants.id AND NOT revoked) ORDER BY created_at`,
      person.id,
    );
  }

  /** The person takes the permission back: every token and webhook of the app goes. */
  removeGrant(person: Person, id: string): void {
    this.#db.run("DELETE FROM grants WHERE id = ? AND person = ?", id, person.id);
  }

  personalToken(company: CompanyKey): string | undefined {
    return this.#db.get<{ token: string }>("SELECT token FROM personal_tokens WHERE owner = ?", company)?.token;
  }

  /** Replaces the company's personal token; a new random one unless `token` is given. */
  setPersonalToken(company: CompanyKey, token: string = newToken("plp")): void {
    this.#db.run(
      "INSERT INTO personal_tokens (owner, token) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET token = excluded.token",
      company,
      token,
    );
  }

  #grantOf(client: string, person: string, scope: string): string {
    const sql = `INSERT INTO grants (id, client, person, scope, created_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (client, person) DO UPDATE SET scope = excluded.scope RETURNING id`;
    const row = this.#db.get<{ id: string }>(sql, newToken("grt"), client, person, scope, this.#now());
    if (!row) throw new Error("the grant was not stored");
    return row.id;
  }

  #issue(family: string, scope: string): IssuedTokens {
    const add = (kind: "access" | "refresh", token: string, seconds: number) => {
      const sql = "INSERT INTO tokens (hash, kind, family, expires_at) VALUES (?, ?, ?, ?)";
      this.#db.run(sql, hashOf(token), kind, family, this.#now() + seconds * 1000);
      return token;
    };
    const { access, refresh } = this.#lifetimes;
    const isOffline = scope.split(" ").includes("offline_access");
    return {
      accessToken: add("access", newToken("pla"), access),
      expiresIn: access,
      refreshToken: isOffline ? add("refresh", newToken("plr"), refresh) : undefined,
      scope,
    };
  }

  #revokeFamily(family: string): void {
    this.#db.run("UPDATE families SET revoked = 1 WHERE id = ?", family);
  }
}
