// Which workspace a command works on: the one it is told, the one that login has kept, else that of the local Inlay.
import { existsSync, readFileSync } from "node:fs";
import { CommandError } from "../edge-access.ts";
import { paths } from "../settings.ts";
import { findLogin, readLogins } from "./kept-logins.ts";

/** What is sent, and its content type. */
export interface Body {
  text: string | Uint8Array<ArrayBuffer>;
  type: string;
}

/** An answer of the workspace's API. */
export interface Answer {
  status: number;
  text: string;
  bytes: Uint8Array;
  etag: string | null;
}

export interface WorkspaceAccess {
  url: string;
  /** What a question calls the workspace. */
  called: string;
  /** Asks below `/v1/workspace`. Throws `CommandError` where it refuses, in its own words, except for the statuses in `fine`. */
  ask(method: string, path: string, body?: Body, options?: AskOptions): Promise<Answer>;
  json<T>(path: string): Promise<T>;
}
interface AskOptions {
  fine?: number[];
  ifMatch?: string | null;
  headers?: Readonly<Record<string, string>>;
}

/** Which workspace is meant: `workspace` by its id or name, `url` by its address. */
export interface Wish {
  url?: string | undefined;
  workspace?: string | undefined;
}

/**
 * The workspace that is named (or INLAY_WORKSPACE, INLAY_URL), the one in use, or the local one; its token from INLAY_TOKEN or what login
 * has kept.
 */
export function openWorkspace(wish: Wish = {}): WorkspaceAccess {
  const url = (wish.url ?? process.env.INLAY_URL)?.replace(/\/+$/, "");
  const name = wish.workspace ?? process.env.INLAY_WORKSPACE;
  const { INLAY_TOKEN: given } = process.env;
  if (name !== undefined && given !== undefined)
    throw new CommandError("INLAY_TOKEN is of one workspace already: unset it, or name no other.");
  if (name !== undefined) return withLogin(findLogin(name, url));
  const inUse = readLogins().find((one) => url === undefined || one.url === url);
  const local = existsSync(paths.dev) ? (JSON.parse(readFileSync(paths.dev, "utf8")) as { edgeUrl: string; apiToken: string }) : undefined;
  if (inUse && given === undefined) return withLogin(inUse);
  const address = url ?? inUse?.url ?? local?.edgeUrl;
  if (address === undefined) throw new CommandError("Which workspace? Run inlay login --url https://…, or npm start for a local one.");
  const token = given ?? (address === local?.edgeUrl ? local.apiToken : undefined);
  if (token === undefined)
    throw new CommandError(`There is no API token for ${address}. Run inlay login --url ${address}, or set INLAY_TOKEN.`);
  return withToken(address, token);
}

const withLogin = ({ url, token, name }: { url: string; token: string; name: string }): WorkspaceAccess => ({
  ...withToken(url, token),
  ...(name ? { called: `${name} (${url})` } : {}),
});

/** The workspace that `token` is of. */
export function withToken(url: string, token: string): WorkspaceAccess {
  const ask: WorkspaceAccess["ask"] = async (method, path, body, { fine = [], ifMatch = null, headers: more = {} } = {}) => {
    const headers: Record<string, string> = { ...more, authorization: `Bearer ${token}` };
    if (body) headers["content-type"] = body.type;
    if (ifMatch !== null) headers["if-match"] = ifMatch;
    const send = () => fetch(`${url}/v1/workspace${path}`, { method, headers, body: body?.text ?? null });
    const response = await inTurn(send).catch((error: Error) => {
      throw new CommandError(`${url} does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}`);
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    if (!response.ok && !fine.includes(response.status)) throw new CommandError(wordsOf(text) ?? `${path} answered ${response.status}.`);
    return { status: response.status, text, bytes, etag: response.headers.get("etag") };
  };
  return { url, called: url, ask, json: async <T>(path: string) => JSON.parse((await ask("GET", path)).text) as T };
}

/** Longest wait (s) that a limit of requests is waited out for. */
const PATIENCE = 90;

/** The answer, after as long as a limit of requests asks for: a folder of many files is more than a minute's worth. */
async function inTurn(send: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const response = await send();
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    if (response.status !== 429 || !(wait <= PATIENCE)) return response;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
  }
}

/** What the edge says, with each fault of a body at its place. */
function wordsOf(text: string): string | undefined {
  try {
    const { detail, errors = [] } = JSON.parse(text) as { detail?: string; errors?: { path: string; message: string }[] };
    return detail && [detail, ...errors.map(({ path, message }) => `  ${path}: ${message}`)].join("\n");
  } catch {
    return undefined;
  }
}
