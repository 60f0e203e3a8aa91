// Addresses with expressions in them. A value never changes the shape of the address around it: what would begin another path segment,
// query or host is encoded, or refused where a host is meant.
import { parseTemplate } from "../../../shared/flow/expression.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";

/** An address that a value has bent out of shape. */
export class UrlShapeError extends Error {
  override readonly name = "UrlShapeError";
}

const percentEncode = (text: string, characters: RegExp) =>
  text.replace(characters, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);

/** Renders an absolute address, or a path that `inPath` says is one. A value that stands first is taken as it is: it is the address. */
export async function renderUrl(template: string, scope: Record<string, unknown>, inPath = false): Promise<string> {
  let url = "";
  for (const part of parseTemplate(template)) {
    if ("text" in part) {
      url += part.text;
      continue;
    }
    const value = printValue(await evaluateValue(`{{${part.expression}}}`, scope));
    url += place(url, value, inPath, part.expression);
  }
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
