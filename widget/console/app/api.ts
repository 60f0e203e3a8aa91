import type { List } from "../../../shared/api/list.ts";
import { ApiError, isAbort } from "../../api/api-error.ts";

/** Told on `window` when an answer says that nobody is signed in any more. */
export const SIGNED_OUT = "inlay-console-signed-out";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** `text` is sent as it is (a file's text), and so are `bytes`; `body` goes as JSON. */
export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Query;
  body?: unknown;
  text?: string;
  bytes?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** Sends a request below `/v1` with the member's session. Rejects with `ApiError`, or `AbortError` after its signal. */
export async function send(path: string, call: Call = {}): Promise<Response> {
  const url = new URL(`/v1/${path}`, location.origin);
  for (const [name, value] of Object.entries(call.query ?? {}))
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
  const { method = "GET", body, text, bytes, headers = {}, signal } = call;
  const sent = bytes ?? text ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = bytes ? "application/octet-stream" : text === undefined ? "application/json" : "application/yaml";
  const named: Record<string, string> = sent === undefined ? {} : { "content-type": type };
  const init: RequestInit = { method, headers: { accept: "application/json", ...named, ...headers }, credentials: "same-origin" };
  if (sent !== undefined) init.body = sent;
  if (signal) init.signal = signal;
  const response = await fetch(url, init).catch((error: unknown) => {
    if (isAbort(error) || signal?.aborted) throw new DOMException("Aborted", "AbortError");
    throw new ApiError("network", "The server cannot be reached. Check that you are online, then try again.", 0);
  });
  if (response.status === 401) window.dispatchEvent(new CustomEvent(SIGNED_OUT));
  if (!response.ok) throw await ApiError.of(response);
  return response;
}

/** The answer's JSON; undefined where there is none. The caller names the type that the edge's contract promises. */
export async function ask<T>(path: string, call?: Call): Promise<T> {
  const response = await send(path, call);
  if (response.status === 204) return undefined as T;
  return response.json().catch((error: unknown) => {
    if (isAbort(error)) throw error;
    throw new ApiError("unavailable", "The answer was not readable. Try again.", 502);
  });
}

/** {@link ask} below `/v1/workspace/`. */
export const workspace = <T>(path: string, call?: Call): Promise<T> => ask(path === "" ? "workspace" : `workspace/${path}`, call);

/** Every page of a list, up to `most` items: for lists that are read whole, such as flows. */
export async function listAll<T>(path: string, query: Query = {}, signal?: AbortSignal, most = 10_000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page: List<T> = await workspace(path, { query: { limit: 100, ...query, cursor }, signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && items.length < most);
  return items;
}

/** A part of a path, escaped. */
export const at = encodeURIComponent;
