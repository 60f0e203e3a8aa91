// What a message says once everything that differs from run to run is taken out of it.

const VARIABLE: readonly RegExp[] = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g,
  /https?:\/\/[^\s"'“”<>]+/g,
  /“[^”]*”|"[^"]*"|'[^'\n]{1,200}'|`[^`]*`/g,
  /\b[a-z]{1,8}_[A-Za-z0-9]{3,}\b/g,
  /\b(?=[0-9a-z]*\d)[0-9a-z]{8,}\b/gi,
  // An HTTP status is what went wrong, and no part that differs: it stays.
  /(\b(?:answered|status(?: code)?|HTTP(?:\/\d(?:\.\d)?)?)[ :=]{1,2}[1-5]\d\d\b)|[-+]?\d+(?:[.,]\d+)*/gi,
];
const MAX = 300;

const without = (text: string, variable: RegExp) =>
  text.replace(variable, (_, status: unknown) => (typeof status === "string" ? status : "…"));

/** `message` with `…` for ids, numbers but HTTP statuses, dates, addresses and whatever is quoted; at most 300 characters. */
export function patternOf(message: string): string {
  const plain = VARIABLE.reduce(without, message.slice(0, 2_000));
  return plain
    .replaceAll(/\s+/g, " ")
    .replaceAll(/…(?:[ ,]*…)+/g, "…")
    .trim()
    .slice(0, MAX);
}

/** A step's path without the indexes of loops: `each[3].upsert` is `each[].upsert`. */
export const stepOf = (path: string): string => path.replaceAll(/\[\d+\]/g, "[]");

/** `err_` and a hash of 64 bits (FNV-1a) that is the same for what is the same. */
export function groupId(parts: readonly (string | null)[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(JSON.stringify(parts))) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return `err_${hash.toString(36)}`;
}
