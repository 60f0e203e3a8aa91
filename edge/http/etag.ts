import type { Context } from "hono";
import { ProblemError } from "./problem.ts";

/** A strong ETag of `value` as it is sent. */
export async function etagOf(value: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value)));
  return `"${btoa(String.fromCharCode(...new Uint8Array(bytes).subarray(0, 15)))}"`;
}

/**
 * A strong ETag whose first part is `revision`: it changes with everything that is shown, such as a last run, while `If-Match`
 * looks at the revision alone, so that an update is refused only where another update came between.
 */
export async function revisionedETag(revision: number, value: unknown): Promise<string> {
  return `"${revision.toString(36)}.${(await etagOf(value)).slice(1)}`;
}

const listOf = (header: string) => header.split(",").map((one) => one.trim().replace(/^W\//, ""));

/** Answers `value` as JSON with its ETag, or 304 where the caller has it already (RFC 9110, 13.1.2). */
export async function jsonWithETag(c: Context, value: object, etag?: string): Promise<Response> {
  const tag = etag ?? (await etagOf(value));
  c.header("etag", tag);
  const known = c.req.header("if-none-match");
  if (known && (known.trim() === "*" || listOf(known).includes(tag))) return c.body(null, 304);
  return c.json(value);
}

/** How an update says on which state it was made, for the description of its route. */
export const IF_MATCH =
  "With `If-Match`, the integration's ETag or its `updatedAt` in quotes as it was read, a change on an older state is refused with 412 `precondition_failed`. Read it again, and repeat the change on what it has become.";

/**
 * Refuses an update whose `If-Match` names another revision than the present one (RFC 9110, 13.1.1). A `revision` is the time of the last
 * change, in ms: what was read in a list, which has no ETag of its own, is named by that.
 */
export function checkIfMatch(c: Context, revision: number): void {
  const wanted = c.req.header("if-match");
  if (wanted === undefined || wanted.trim() === "*") return;
  const isOf = (name: string) => name.split(".")[0] === revision.toString(36) || name === new Date(revision).toISOString();
  if (!listOf(wanted).some((tag) => isOf(tag.slice(1, -1))))
    throw new ProblemError("precondition_failed", "This was changed since you read it. Load it again, and repeat your change.");
}
