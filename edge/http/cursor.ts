// A cursor is opaque and good for one list: it carries a mark of the tenant, the user and the filter that it was made for.
import { z } from "zod";
import { ProblemError } from "./problem.ts";

const base64url = (text: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function markOf(list: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(list)));
  return [...new Uint8Array(bytes).subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The cursor that goes on behind `position` in `list`; `list` is whatever tells the list from others. */
export const writeCursor = async (list: unknown, position: (string | number)[]): Promise<string> =>
  base64url(JSON.stringify([await markOf(list), ...position]));

/** The position of a cursor of `list`, checked against `shape`. Refuses cursors that are broken or of another list. */
export async function readCursor<T extends z.ZodType>(
  list: unknown,
  cursor: string | undefined,
  shape: T,
): Promise<z.infer<T> | undefined> {
  if (cursor === undefined) return undefined;
  try {
    const text = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const [mark, ...position] = z
      .array(z.union([z.string(), z.number()]))
      .parse(JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)))));
    if (mark === (await markOf(list))) return shape.parse(position);
  } catch {
    // told below
  }
  throw new ProblemError("bad_request", "The cursor is not one of this list. Start again without it.");
}

/** `limit` and `cursor` of a list's query. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(2_000).optional(),
};
