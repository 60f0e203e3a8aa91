// Addresses with values in them. A value never changes the shape of the address around it: what would begin another path segment,
// query or host is encoded, or refused where a host is meant.

/** An address that a value has bent out of shape. */
export class UrlShapeError extends Error {
  override readonly name = "UrlShapeError";
}

/** A piece of an address as its author wrote it, or a value with the expression that it came from. */
export type UrlPiece = { text: string } | { value: string; expression: string };

const percentEncode = (text: string, characters: RegExp) =>
  text.replace(characters, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);

/** Puts an absolute address together, or a path that `inPath` says is one. A value that stands first is taken as it is: it is the address. */
export function joinUrl(pieces: readonly UrlPiece[], inPath = false): string {
  let url = "";
  for (const piece of pieces) url += "text" in piece ? piece.text : place(url, piece.value, inPath, piece.expression);
  const [path = ""] = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split(/[?#]/);
  if (path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
    throw new UrlShapeError("a value in the address is “.” or “..”, which would lead to another address");
  return url;
}

function place(before: string, value: string, inPath: boolean, expression: string): string {
  if (before === "" && !inPath) return value;
  if (/[?#]/.test(before)) return percentEncode(value, /[&#+\s]/g);
  if (!inPath && /^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i.test(before)) {
    if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?$/i.test(value))
      throw new UrlShapeError(`“${value.slice(0, 80)}” (${expression.trim()}) cannot be part of a host name`);
    return value;
  }
  if (value === "") throw new UrlShapeError(`${expression.trim()} is empty, so the address is incomplete`);
  return percentEncode(value, /[/?#\\\s]/g);
}
