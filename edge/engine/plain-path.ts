import { isRecord } from "./plain.ts";

const STEP = /(?:([A-Za-z_][A-Za-z0-9_]*)|`([^`]+)`|'([^'\\]+)'|"([^"\\]+)")/y;
const RESERVED = new Set(["and", "or", "in", "true", "false", "null", "function"]);

/** The steps of a plain dotted path, such as `trigger.headers.'x-order-id'`; undefined where `text` is anything else. */
export function parsePath(text: string): string[] | undefined {
  const steps: string[] = [];
  let at = 0;
  while (true) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (!match) return undefined;
    const isString = match[3] !== undefined || match[4] !== undefined;
    if ((match[1] !== undefined && RESERVED.has(match[1])) || (isString && steps.length === 0)) return undefined;
    steps.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
    at = STEP.lastIndex;
    if (at === text.length) return steps;
    if (text.charAt(at) !== ".") return undefined;
    at++;
  }
}

/** What `path` leads to through own properties alone. Not found where it meets a list on the way: JSONata maps over those. */
export function readPath(path: readonly string[], scope: Record<string, unknown>): { found: true; value: unknown } | { found: false } {
  let value: unknown = scope;
  for (const step of path) {
    if (Array.isArray(value)) return { found: false };
    if (!isRecord(value) || !Object.hasOwn(value, step)) return { found: true, value: undefined };
    value = value[step];
  }
  return { found: true, value: typeof value === "function" ? undefined : value };
}
