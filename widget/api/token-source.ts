// The user token: the host's `token`, or `getToken` for the first one, before expiry and after a 401. The edge verifies it; here its
// claims only say when to ask again and whose data is shown.

export type GetToken = () => Promise<string>;

const EARLY_MS = 60_000;
/** How long the host may take for a token. */
export const PATIENCE_MS = 20_000;

interface Claims {
  iss?: string;
  sub?: string;
  exp?: number;
}

function claimsOf(token: string): Claims {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (char) => char.charCodeAt(0))));
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** Whom `token` speaks for; tokens that are no JWT speak each for themselves. */
export function subjectOf(token: string): string {
  const { iss, sub } = claimsOf(token);
  return sub === undefined ? token : `${iss ?? ""}/${sub}`;
}

const isOpaque = (token: string) => claimsOf(token).sub === undefined;

/** Hands out a token that is not about to expire, asking the host once however many wait. */
export class TokenSource {
  #token: string;
  #getToken: GetToken | undefined;
  #asking: Promise<string> | undefined;

  /** Told of a renewed token that speaks for somebody else; what is shown belongs to the user before. */
  readonly #otherUser: (token: string) => void;

  constructor(token: string, getToken: GetToken | undefined, otherUser: (token: string) => void) {
    this.#token = token;
    this.#getToken = getToken;
    this.#otherUser = otherUser;
  }

  get canRenew(): boolean {
    return this.#getToken !== undefined;
  }

  /** Takes what the host has set since; a token of the same user only. */
  update(token: string, getToken: GetToken | undefined): void {
    if (token) this.#token = token;
    this.#getToken = getToken;
  }

  /** A token to send now. Rejects where the host's `getToken` fails or takes longer than 20 s. */
  async current(): Promise<string> {
    const { exp } = claimsOf(this.#token);
    const isStale = !this.#token || (exp !== undefined && exp * 1000 - Date.now() < EARLY_MS);
    return isStale && this.#getToken ? this.renew() : this.#token;
  }

  /** A token other than the refused one, where the host can give one. */
  renew(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    if (this.#asking) return this.#asking;
    if (!this.#getToken) return Promise.resolve(this.#token);
    this.#asking = promise;
    const timer = setTimeout(() => reject(new Error("getToken took longer than 20 s")), PATIENCE_MS);
    Promise.resolve()
      .then(this.#getToken)
      .then((token) => {
        if (typeof token !== "string" || !token) throw new TypeError("getToken answered no token");
        if (!isOpaque(token) && subjectOf(token) !== subjectOf(this.#token)) {
          this.#otherUser(token);
          throw new Error("the token speaks for another user");
        }
        this.#token = token;
        resolve(token);
      })
      .catch(reject);
    // A host that never answers is asked again all the same.
    const over = () => {
      clearTimeout(timer);
      this.#asking = undefined;
    };
    promise.then(over, over);
    return promise;
  }
}
