// The credentials of one account and their freshness: at most one renewal is under way, and everyone who needs its outcome waits for it.
import type { SignInResult } from "../../providers/oauth/sign-in.ts";
import type { Credentials } from "./rpc.ts";

/** ms before its end that a token is renewed. */
const EARLY = 60_000;
/** A token refused within this many ms of its making is not the problem that a renewal mends. */
const JUST_MADE = 10_000;

export interface AccessDeps {
  now: () => number;
  isRenewable: (credentials: Credentials) => boolean;
  renew: (credentials: Credentials) => Promise<SignInResult>;
  /** Durable before it resolves. */
  store: (credentials: Credentials) => Promise<void>;
}

/** `dead`: the user must connect again. `later`: the provider cannot be asked now; `usable` tells whether the old token is still good. */
export type Freshness = { state: "fresh" } | { state: "dead"; message: string } | { state: "later"; message: string; usable: boolean };

export class Access {
  readonly #deps: AccessDeps;
  #credentials: Credentials;
  #version = 1;
  #renewedAt = 0;
  #renewal: Promise<Freshness> | undefined;

  constructor(credentials: Credentials, deps: AccessDeps) {
    this.#credentials = credentials;
    this.#deps = deps;
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  /** Counts the credentials that there have been; leases remember theirs. */
  get version(): number {
    return this.#version;
  }

  /** Renews where the token ends within a minute. */
  async ensureFresh(): Promise<Freshness> {
    const { expiresAt } = this.#credentials;
    if (expiresAt === undefined || expiresAt - this.#deps.now() > EARLY) return { state: "fresh" };
    const isOver = expiresAt <= this.#deps.now();
    if (!this.#deps.isRenewable(this.#credentials))
      return isOver ? { state: "dead", message: "the access has ended and cannot be renewed" } : { state: "fresh" };
    return this.#renew();
  }

  /** The provider refused the credentials of `version`. `fresh`: others are there now. `dead`: there is nothing to renew with. */
  async refused(version: number): Promise<Freshness | { state: "unclear" }> {
    if (version !== this.#version) return { state: "fresh" };
    if (!this.#deps.isRenewable(this.#credentials) || this.#deps.now() - this.#renewedAt < JUST_MADE) return { state: "unclear" };
    return this.#renew();
  }

  #renew(): Promise<Freshness> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewOnce(): Promise<Freshness> {
    const { now, renew, store } = this.#deps;
    const result = await renew(this.#credentials);
    if (result.ok) {
      this.#credentials = result.credentials;
      this.#version++;
      this.#renewedAt = now();
      await store(result.credentials);
      return { state: "fresh" };
    }
    if (result.kind === "denied") return { state: "dead", message: result.message };
    return { state: "later", message: result.message, usable: (this.#credentials.expiresAt ?? 0) > now() };
  }
}
