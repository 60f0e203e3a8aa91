// Changes of a file's text that leave every other byte as it is: comments, order and layout stay.
import { isMap, isScalar, parseDocument, stringify, type YAMLMap } from "yaml";

interface Edit {
  from: number;
  to: number;
  text: string;
}

/**
 * `source` with other texts at some places: a top-level key, or a path such as `accounts.crm.account`. A key that is not there is put in
 * behind the first one of its map; a path whose map is not there changes nothing.
 */
export function rewriteFile(source: string, texts: Readonly<Record<string, string>>): string {
  const document = parseDocument(source);
  const edits = Object.entries(texts).flatMap(([path, value]) => {
    const keys = path.split(".");
    const name = keys.pop() ?? "";
    const map = keys.length ? document.getIn(keys, true) : document.contents;
    return isMap(map) ? [editOf(source, map, name, value)] : [];
  });
  edits.sort((a, b) => b.from - a.from);
  return edits.reduce((result, { from, to, text }) => result.slice(0, from) + text + result.slice(to), source);
}

type Ranged = { range?: [number, number, number] | null } | null | undefined;
const rangeOf = (node: unknown) => (node as Ranged)?.range ?? undefined;

function editOf(source: string, map: YAMLMap, name: string, value: string): Edit {
  const isFlow = map.flow === true;
  const text = isFlow ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();
  const [from, to] = rangeOf(map.items.find(({ key }) => isScalar(key) && key.value === name)?.value) ?? [];
  if (from !== undefined && to !== undefined) return { from, to, text };
  const [first] = map.items;
  const start = rangeOf(first?.key)?.[0] ?? 0;
  if (isFlow) return { from: start, to: start, text: `${JSON.stringify(name)}: ${text}, ` };
  const end = rangeOf(first?.value)?.[1] ?? start;
  const newline = source[end - 1] === "\n" ? end - 1 : source.indexOf("\n", end);
  const at = newline === -1 ? source.length : newline + 1;
  const indent = " ".repeat(start - (source.lastIndexOf("\n", start - 1) + 1));
  return { from: at, to: at, text: `${newline === -1 ? "\n" : ""}${indent}${name}: ${text}\n` };
}
