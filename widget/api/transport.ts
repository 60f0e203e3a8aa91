import { ApiError, isAbort } from "./api-error.ts";
import type { TokenSource } from "./token-source.ts";

export type Query = Record<string, string | number | boolean | undefined>;

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Query | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** The request outlives the page, where its body is small enough for that. */
  keepalive?: boolean | undefined;
}

/** What browsers take of bodies that outlive their page is 64 KiB. In characters, as if most had two bytes. */
const LARGEST_KEPT = 30_000;

/** Sends requests to one edge with one user's token. */
export class Transport {
  readonly origin: string;
  readonly tokens: TokenSource;
  /** A language tag: what flow files say is asked for in it. */
  locale = "en";

  constructor(origin: string, tokens: TokenSource) {
    this.origin = origin;
    this.tokens = tokens;
  }

  /** The answer, whatever its status below 400; asks the host for another token once after a 401. Throws `ApiError`, or `AbortError`. */
  async send(path: string, call: Call = {}): Promise<Response> {
    const response = await this.#fetch(path, call, await this.#token(false));
    if (response.status !== 401 || !this.tokens.canRenew) return this.#judge(response);
    return this.#judge(await this.#fetch(path, call, await this.#token(true)));
  }

  /** The answer's JSON; undefined where there is none. The caller names the type that the edge's contract promises. */
  async json<T>(path: string, call?: Call): Promise<T> {
    const response = await this.send(path, call);
    if (response.status === 204) return undefined as T;
    return response.json().catch((error: unknown) => {
      if (isAbort(error)) throw error;
      throw new ApiError("unavailable", "The answer was not readable", 502);
    });
  }

  async #token(isRefused: boolean): Promise<string> {
    try {
      return await (isRefused ? this.tokens.renew() : this.tokens.current());
    } catch {
      throw new ApiError("unauthenticated", "", 401);
    }
  }

  async #fetch(
    path: string,
    { method = "GET", query = {}, body, headers = {}, signal, keepalive }: Call,
    token: string,
  ): Promise<Response> {
    const url = new URL(path, this.origin);
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
    const init: RequestInit = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "accept-language": this.locale,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      credentials: "omit",
      cache: "no-store",
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (keepalive && String(init.body ?? "").length <= LARGEST_KEPT) init.keepalive = true;
    if (signal) init.signal = signal;
    try {
      return await fetch(url.href, init);
    } catch (error) {
      if (isAbort(error) || signal?.aborted) throw new DOMException("Aborted", "AbortError");
      throw new ApiError("network", "", 0);
    }
  }

  async #judge(response: Response): Promise<Response> {
    if (!response.ok) throw await ApiError.of(response);
    return response;
  }
}
