// Counts while it reads: a missing or lying Content-Length changes nothing. A body has its time as it has its size: what trickles in is left,
// since no platform promises to. Depth is checked before anything parses or copies the value.
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";

/** Bytes of a request's body. */
export const MAX_BODY = 1_000_000;
/** Time (ms) for a body to arrive whole: so much for any, and a second more for each `rate` bytes that it may have. */
export const BODY_TIME = { any: 30_000, rate: 50_000 } as const;
/** Levels of nesting in a JSON body; copying a value between isolates fails some thousand levels later. */
export const MAX_DEPTH = 200;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the body of `request` as text, at most {@link MAX_BODY} bytes of valid UTF-8. */
export async function readBody(request: Request): Promise<string> {
  return (await readSigned(request)).replace(/^\ufeff/, "");
}

/** The same, letter by letter as it was sent: a byte order mark is part of what a sender signs. */
export async function readSigned(request: Request): Promise<string> {
  const bytes = await readBytes(request, MAX_BODY);
  if (!bytes) throw tooLarge();
  try {
    return strict.decode(bytes);
  } catch {
    throw new ProblemError("bad_request", "The body is not valid UTF-8. Send text encoded as UTF-8.");
  }
}

/**
 * Reads the body of `request`; undefined where it has more than `max` bytes, of which no more are taken than it takes to know. One that is not
 * there in time ({@link BODY_TIME}) or breaks off is refused.
 */
export async function readBytes(request: Request, max: number): Promise<Uint8Array | undefined> {
  const length = request.headers.get("content-length");
  if (length !== null && Number(length) > max) return undefined;
  const isMeasured = length !== null && request.headers.get("content-encoding") === null;
  const reader = isMeasured ? undefined : request.body?.getReader();
  try {
    return await inTime(isMeasured ? readWhole(request, max) : readCounted(reader, max), BODY_TIME.any + (max / BODY_TIME.rate) * 1_000);
  } catch (error) {
    reader?.cancel().catch(() => undefined);
    if (error instanceof ProblemError) throw error;
    throw new ProblemError("bad_request", "The body broke off before its end.");
  }
}

/** `read`, unless that takes longer than `ms`. */
async function inTime<T>(read: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ProblemError("request_timeout", `The body was not there within ${Math.ceil(ms / 1_000)} s. Send it faster.`)),
      ms,
    );
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readWhole(request: Request, max: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.byteLength > max ? undefined : bytes;
}

async function readCounted(reader: ReadableStreamDefaultReader<Uint8Array> | undefined, max: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    size += chunk.value.byteLength;
    if (size > max) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(chunk.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const tooLarge = () => new ProblemError("too_large", "The body is larger than 1 MB. Send less at once.");

/** The deepest nesting of JSON `text`, without parsing it. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (c === 0x7b || c === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

/** Refuses bodies that are too large, too deep, not JSON where JSON is meant, or that try to reach a prototype. */
export const capBody = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD" || !c.req.raw.body) return next();
  const text = await readBody(c.req.raw);
  const type = c.req.header("content-type") ?? "";
  if (text !== "" && !/^application\/([a-z0-9.+-]+\+)?json\s*(;|$)/i.test(type))
    throw new ProblemError("unsupported_media_type", "Send JSON, with the header Content-Type: application/json.");
  if (depthOf(text) > MAX_DEPTH) throw new ProblemError("bad_request", `The body is nested deeper than ${MAX_DEPTH} levels.`);
  const headers = new Headers(c.req.raw.headers);
  headers.delete("content-length");
  headers.set("content-type", "application/json");
  c.req.raw = new Request(c.req.raw, { body: checkedJson(text), headers });
  return next();
});

/** `text` as it came where it is JSON without prototype keys; an empty body means `{}`. */
function checkedJson(text: string): string {
  if (text.trim() === "") return "{}";
  try {
    JSON.parse(text, (key, value) => {
      if (key === "__proto__") throw new ProblemError("bad_request", "The body holds a key named __proto__. Rename it.");
      return value;
    });
    return text;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError("bad_request", `The body is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}`);
  }
}
