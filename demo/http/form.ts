import type { Context } from "hono";

/** The text fields of a posted form, trimmed; files and repeats are left out. */
export async function readForm(c: Context): Promise<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(await c.req.parseBody())) if (typeof value === "string") fields[name] = value.trim();
  return fields;
}

/** `path` where it leads to this site, else `/`: never a way out to another. */
export function localPath(path: string | undefined): string {
  return path?.startsWith("/") && !path.startsWith("//") && !path.includes("\\") ? path : "/";
}

/** The JSON object of the body, or undefined where it is none. */
export async function readJsonObject(c: Context): Promise<Record<string, unknown> | undefined> {
  const body: unknown = await c.req.json().catch(() => undefined);
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : undefined;
}

/** A whole number between `min` and `max`; `fallback` where it is absent or empty; undefined where it is something else. */
export function wholeNumber(text: string | undefined, { min, max, fallback }: { min: number; max: number; fallback: number }) {
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
