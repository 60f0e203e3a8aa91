import type { Context } from "hono";
import { ProblemError } from "./problem.ts";

/** A strong ETag of `value` as it is sent. */
export async function etagOf(value: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value)));
  return `"${btoa(String.fromCharCode(...new Uint8Array(bytes).subarray(0, 15)))}"`;
}

const names = (header: string, etag: string) =>
  header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);

/** Answers `value` as JSON with its ETag, or 304 where the caller has it already (RFC 9110, 13.1.2). */
export async function jsonWithETag<T>(c: Context, value: T, etag?: string): Promise<Response> {
  const tag = etag ?? (await etagOf(value));
  c.header("etag", tag);
  const known = c.req.header("if-none-match");
  if (known && names(known, tag)) return c.body(null, 304);
  return c.json(value as object);
}

/** Refuses an update whose `If-Match` names another state than the present one (RFC 9110, 13.1.1). */
export function checkIfMatch(c: Context, etag: string): void {
  const wanted = c.req.header("if-match");
  if (wanted !== undefined && !names(wanted, etag))
    throw new ProblemError("precondition_failed", "This was changed since you read it. Load it again, and repeat your change.", {
      headers: { etag },
    });
}
