import type { Reply } from "./deps.ts";
import { printValue } from "./expression.ts";
import { isRecord } from "./plain.ts";

/** What a `respond` step's value asks to answer: status 200 where none, or none that HTTP knows, is given. */
export function readReply(value: unknown): Reply {
  const { status, headers, body } = isRecord(value) ? value : {};
  const code = Number(status ?? 200);
  const lines = Object.entries(isRecord(headers) ? headers : {}).map(([name, text]): [string, string] => [
    name.toLowerCase(),
    printValue(text),
  ]);
  return {
    status: Number.isInteger(code) && code >= 200 && code <= 599 ? code : 200,
    headers: Object.fromEntries(lines),
    ...(body === undefined ? {} : { body }),
  };
}
