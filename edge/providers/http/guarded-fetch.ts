// The one way out: every call to a third party passes here. Scheme, port and address are checked again at each redirect; time and size
// are capped while the answer streams. Never throws: what can go wrong outside is a value.
import type { Env } from "../../env.ts";
import { isAmong, isForbiddenHost } from "./address.ts";
import { headerRecord } from "./header-record.ts";
import { addressesOf, hasForbidden } from "./resolve-host.ts";

export interface GuardedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** ms for the whole call, redirects and body included; 30,000 by default. */
  timeout?: number;
  /** Bytes of the answer's body, decompressed; 5,000,000 by default. */
  maxBytes?: number;
  /** `none`: an answer that redirects is the answer. */
  redirects?: "none";
}

/** Why no answer came: refused by us, nobody there, too slow, too large, or sent around in circles. */
export type FetchFaultCode = "blocked" | "network" | "timeout" | "too_large" | "redirects";
/** `headers` are lower case; `url` is where the answer came from. */
export type FetchAnswer = { ok: true; status: number; headers: Record<string, string>; body: string; url: string };
/** `params`: what the message names: `host`, `ms`. */
export type FetchFault = { ok: false; code: FetchFaultCode; message: string; params?: Record<string, string> };
export type GuardedFetch = (request: GuardedRequest) => Promise<FetchAnswer | FetchFault>;

const TIMEOUT = 30_000;
const MAX_BYTES = 5_000_000;
const MAX_REDIRECTS = 5;
const MAX_URL = 16_000;
/** All that another host gets to see of a redirected request: nothing here can hold a credential. */
const HEADERS_FOR_OTHERS = new Set(["accept", "accept-language", "content-type", "user-agent"]);
/** Written by the platform for each connection; a flow that could set them could speak for somebody else. */
const HEADERS_OF_OURS =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|proxy-.*|cf-.*|x-forwarded-.*|forwarded)$/i;

type Settings = Pick<Env, "PUBLIC_URL" | "INLAY_LOCAL_HOSTS" | "INLAY_RESOLVER" | "INLAY_ALLOWED_HOSTS">;

/** Calls `work` after that time (ms), unless what it answers is called before. */
export type After = (milliseconds: number, work: () => void) => () => void;

const exactly: After = (milliseconds, work) => {
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
};

/** The guarded fetch for this environment: https everywhere, plain http only to the hosts of `INLAY_LOCAL_HOSTS`, never to Inlay itself. */
export function guardedFetch(env: Settings, after: After = exactly): GuardedFetch {
  return async (request) => {
    const cut = new Cut(request.timeout ?? TIMEOUT, after);
    const cancel = () => cut.end();
    request.signal?.addEventListener("abort", cancel, { once: true });
    try {
      return request.signal?.aborted ? fault("network", "the call was canceled") : await follow(env, request, cut);
    } catch (error) {
      if (request.signal?.aborted) return fault("network", "the call was canceled");
      if (cut.isLate)
        return fault("timeout", `${hostOf(request.url)} did not answer within ${(request.timeout ?? TIMEOUT) / 1000} s`, {
          host: hostOf(request.url),
          ms: String(request.timeout ?? TIMEOUT),
        });
      const reason = error instanceof Error && !/internal error/i.test(error.message) ? `: ${error.message.replace(/\.+$/, "")}` : "";
      return fault("network", `${hostOf(request.url)} could not be reached${reason}`, { host: hostOf(request.url) });
    } finally {
      cut.clear();
      request.signal?.removeEventListener("abort", cancel);
    }
  };
}

/** The end of a call before its time: signals of the platform's own for that cost more than the rest of it. */
class Cut {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  /** Calls off the timeout. */
  readonly clear: () => void;
  #reject: (() => void) | undefined;
  #isOver = false;
  isLate = false;

  constructor(timeout: number, after: After) {
    this.clear = after(timeout, () => {
      this.isLate = true;
      this.end();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#controller.abort();
    this.#reject?.();
  }

  /** What `work` resolves with; rejects as soon as the call is cut off. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = () => reject(new Error("cut off"));
      work.then(resolve, reject);
      if (this.#isOver) this.#reject();
    });
  }
}

/** Why `text` may not be called, or the URL that may. */
export function checkUrl(env: Settings, text: string): { ok: true; url: URL } | FetchFault {
  if (text.length > MAX_URL) return fault("blocked", `the address is longer than ${MAX_URL} characters`);
  if (hasControls(text.trim())) return fault("blocked", "the address holds a line break or another control character");
  const url = URL.parse(text.trim());
  if (!url) return fault("blocked", `“${text.slice(0, 200)}” is no web address; write one that starts with https://`);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return fault("blocked", `calls go to https addresses, not to ${url.protocol.slice(0, 40)}`);
  if (url.username || url.password)
    return fault("blocked", "an address must not hold a user name or a password; connect an account instead");
  const host = { host: url.host };
  if (isOwn(env, url)) return fault("blocked", "an integration may not call Inlay itself; use a call step to run another block", host);
  if (isLocalHost(env, url)) return { ok: true, url };
  if (isForbiddenHost(url.hostname))
    return fault("blocked", `${url.hostname} is on a private network or this machine; only public hosts can be called`, host);
  if (!isAllowed(env, url)) return fault("blocked", `${url.host} is not among the hosts that may be called from here`, host);
  if (url.protocol === "http:") return fault("blocked", `calls to ${url.hostname} must use https`, host);
  if (url.port !== "" && Number(url.port) < 1024)
    return fault("blocked", `port ${url.port} is not open to calls; use 443 or one from 1024 up`, host);
  return { ok: true, url };
}

const THIS_MACHINE = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])$/;

/** Whether `url` leads to Inlay itself. A dot behind a name changes the origin, not the place; neither does another name of this machine. */
function isOwn({ PUBLIC_URL }: Settings, { hostname, port }: URL): boolean {
  const own = PUBLIC_URL ? URL.parse(PUBLIC_URL) : null;
  const host = hostname.replace(/\.+$/, "");
  return own !== null && port === own.port && (host === own.hostname || (THIS_MACHINE.test(host) && THIS_MACHINE.test(own.hostname)));
}

/** Whether `url` is on the operator's list, where there is one. */
function isAllowed({ INLAY_ALLOWED_HOSTS }: Settings, { host }: URL): boolean {
  if (!INLAY_ALLOWED_HOSTS?.trim()) return true;
  const entries = INLAY_ALLOWED_HOSTS.split(",").map((entry) => entry.trim().toLowerCase());
  return isAmong(entries, host.replace(/\.+(?=$|:)/, ""));
}

/** Whether `url` is named in `INLAY_LOCAL_HOSTS`; an entry without a port stands for all ports. */
export function isLocalHost(env: Pick<Env, "INLAY_LOCAL_HOSTS">, url: URL): boolean {
  const entries = (env.INLAY_LOCAL_HOSTS ?? "").split(",").map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry !== "" && (entry === url.hostname || entry === url.host));
}

/** Where a resolver is set: why the host may not be called for what its name stands for. Where the resolver does not answer, nothing is. */
async function checkName(env: Settings, url: URL, cut: Cut): Promise<FetchFault | undefined> {
  if (!env.INLAY_RESOLVER || isLocalHost(env, url) || /^[\d.]+$|^\[/.test(url.hostname)) return undefined;
  const ask = (address: string, headers: Record<string, string>) => fetch(address, { headers, redirect: "manual", signal: cut.signal });
  try {
    const addresses = await addressesOf(env.INLAY_RESOLVER, url.hostname, ask, Date.now());
    if (!hasForbidden(addresses)) return undefined;
    return fault("blocked", `${url.hostname} stands for an address on a private network or this machine; only public hosts can be called`, {
      host: url.hostname,
    });
  } catch {
    return fault(cut.isLate ? "timeout" : "network", `${url.hostname} could not be looked up`, { host: url.hostname });
  }
}

async function follow(env: Settings, request: GuardedRequest, cut: Cut): Promise<FetchAnswer | FetchFault> {
  const badHeader = Object.entries(request.headers).find(
    ([name, value]) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) || hasControls(value),
  );
  if (badHeader)
    return fault("blocked", `the header “${badHeader[0].slice(0, 80)}” holds a line break or another character that headers may not`);
  let { method, body } = request;
  let headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HEADERS_OF_OURS.test(name)));
  if (!Object.keys(headers).some((name) => name.toLowerCase() === "user-agent")) headers["user-agent"] = "Inlay/1.0";
  let target = request.url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const checked = checkUrl(env, target);
    if (!checked.ok) return checked;
    const misled = await checkName(env, checked.url, cut);
    if (misled) return misled;
    const hasBody = body !== undefined && method !== "GET" && method !== "HEAD";
    const response = await fetch(checked.url, {
      method,
      headers,
      redirect: "manual",
      signal: cut.signal,
      ...(hasBody ? { body: body ?? "" } : {}),
    });
    const location = response.headers.get("location");
    if (!location || request.redirects === "none" || ![301, 302, 303, 307, 308].includes(response.status))
      return await readAnswer(response, checked.url.href, request.maxBytes ?? MAX_BYTES, cut);
    await response.body?.cancel();
    const next = URL.parse(location, checked.url);
    if (!next) return fault("redirects", `${checked.url.host} redirects to an address that cannot be read`, { host: checked.url.host });
    if (response.status === 303 || (method === "POST" && response.status < 303)) {
      method = method === "HEAD" ? "HEAD" : "GET";
      body = undefined;
    }
    if (next.origin !== checked.url.origin) {
      if (body !== undefined && method !== "GET" && method !== "HEAD")
        return fault("redirects", `${checked.url.host} redirects what was sent to ${next.host}; data is not passed on to another host`, {
          host: checked.url.host,
        });
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => HEADERS_FOR_OTHERS.has(name.toLowerCase())));
    }
    target = next.href;
  }
  return fault("redirects", `${hostOf(request.url)} redirects more than ${MAX_REDIRECTS} times`, { host: hostOf(request.url) });
}

async function readAnswer(response: Response, url: string, maxBytes: number, cut: Cut): Promise<FetchAnswer | FetchFault> {
  const headers = headerRecord(response.headers);
  const length = Number(headers["content-length"] ?? Number.NaN);
  const isPlain = length <= maxBytes && headers["content-encoding"] === undefined;
  const bytes = isPlain ? new Uint8Array(await cut.race(response.arrayBuffer())) : await readBounded(response, maxBytes, cut);
  if (!bytes || bytes.byteLength > maxBytes)
    return fault("too_large", `the answer of ${hostOf(url)} is larger than ${(maxBytes / 1e6).toLocaleString("en")} MB`);
  return { ok: true, status: response.status, headers, body: decode(bytes, headers["content-type"]), url };
}

/** Bytes that are asked for at first, and at most: a large buffer costs more than all else of a small answer. */
const PIECE = { first: 2_048, most: 65_536 };

/** The body, counted while it streams: decompressed, it may have any length. Undefined where it has more than `maxBytes`. */
async function readBounded({ body }: Response, maxBytes: number, cut: Cut): Promise<Uint8Array | undefined> {
  if (!body) return new Uint8Array();
  const reader = body.getReader({ mode: "byob" });
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    let piece = PIECE.first;
    for (let isOver = false; !isOver; piece = Math.min(piece * 4, PIECE.most)) {
      const { done, value } = await cut.race(reader.readAtLeast(piece, new Uint8Array(piece)));
      const length = value?.byteLength ?? 0;
      isOver = done || length < piece;
      size += length;
      if (size > maxBytes) break;
      if (value && length) pieces.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error;
  }
  if (size <= maxBytes) return join(pieces, size);
  void reader.cancel().catch(() => undefined);
  return undefined;
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = pieces;
  if (first && pieces.length === 1) return first;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

const utf8 = new TextDecoder();

function decode(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /charset="?([\w.:-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  if (charset.toLowerCase() === "utf-8") return utf8.decode(bytes);
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return utf8.decode(bytes);
  }
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

const hostOf = (url: string) => URL.parse(url)?.host ?? "the address";
const fault = (code: FetchFaultCode, message: string, params?: Record<string, string>): FetchFault => ({
  ...{ ok: false, code, message },
  ...(params && { params }),
});
