// Which workspace a command works on: the one it is told, the one that login has kept, else that of the local Inlay.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError } from "../edge-access.ts";
import { paths } from "../settings.ts";

/** Where login keeps tokens: `INLAY_CONFIG`, else the user's configuration folder. Readable by this user alone. */
const keptAt = () => process.env.INLAY_CONFIG ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "inlay", "login.json");

interface Kept {
  /** The address that commands use where none is given. */
  url?: string;
  tokens: Record<string, string>;
}

function readKept(): Kept {
  const path = keptAt();
  if (!existsSync(path)) return { tokens: {} };
  try {
    return { tokens: {}, ...(JSON.parse(readFileSync(path, "utf8")) as Partial<Kept>) };
  } catch {
    throw new CommandError(`${path} is damaged. Remove it, and run inlay login again.`);
  }
}

/** Keeps the token of `url`, which commands use from now on. */
export function keepLogin(url: string, token: string): string {
  const path = keptAt();
  const kept = readKept();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify({ url, tokens: { ...kept.tokens, [url]: token } }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

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
  /** Asks below `/v1/workspace`. Throws `CommandError` where it refuses, in its own words, except for the statuses in `fine`. */
  ask(method: string, path: string, body?: Body, options?: AskOptions): Promise<Answer>;
  json<T>(path: string): Promise<T>;
}
interface AskOptions {
  fine?: number[];
  ifMatch?: string | null;
  headers?: Readonly<Record<string, string>>;
}

/** The workspace at `given`, INLAY_URL, the one of the last login, or the local one; its token from INLAY_TOKEN or where the address is from. */
export function openWorkspace(given?: string): WorkspaceAccess {
  const kept = readKept();
  const local = existsSync(paths.dev) ? (JSON.parse(readFileSync(paths.dev, "utf8")) as { edgeUrl: string; apiToken: string }) : undefined;
  const url = (given ?? process.env.INLAY_URL ?? kept.url ?? local?.edgeUrl)?.replace(/\/+$/, "");
  if (url === undefined) throw new CommandError("Which workspace? Run inlay login --url https://…, or npm start for a local one.");
  const token = process.env.INLAY_TOKEN ?? kept.tokens[url] ?? (url === local?.edgeUrl ? local.apiToken : undefined);
  if (token === undefined) throw new CommandError(`There is no API token for ${url}. Run inlay login --url ${url}, or set INLAY_TOKEN.`);
  return withToken(url, token);
}

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
  return { url, ask, json: async <T>(path: string) => JSON.parse((await ask("GET", path)).text) as T };
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
