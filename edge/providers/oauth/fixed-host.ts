import { parseTemplate } from "../../../shared/flow/expression.ts";

const ENTERED = "\0";

/**
 * Whether the app file decides which host an address leads to: what a user entered may choose a name below a domain that the file gives
 * (`https://{{ account.shop }}.example.com/token`), not the domain. A relative address is as fixed as `baseUrl`.
 */
export function isHostFixed(address: string, baseUrl: string | undefined): boolean {
  const parts = parseTemplate(address);
  const text = parts.map((part) => ("text" in part ? part.text : /\baccount\b/.test(part.expression) ? ENTERED : "builder")).join("");
  const [first] = parts;
  if (first && "expression" in first) return !text.startsWith(ENTERED);
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (host === undefined) return baseUrl === undefined || isHostFixed(baseUrl, undefined);
  return !host.includes(ENTERED) || /^(?:\.[a-z0-9-]+){2,}(?::\d+)?$/i.test(host.slice(host.lastIndexOf(ENTERED) + 1));
}
