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

/** `value` as it stands behind `name: ` in a map that begins `indent` blanks from the left. */
function textOf(name: string, value: string, indent: string): string {
  const lines = stringify({ [name]: value }, { lineWidth: 0 })
    .trimEnd()
    .slice(stringify(name).trimEnd().length + 2)
    .split("\n");
  return lines.map((line, at) => (at > 0 && line !== "" ? indent + line : line)).join("\n");
}

function editOf(source: string, map: YAMLMap, name: string, value: string): Edit {
  const isFlow = map.flow === true;
  const [first] = map.items;
  const start = rangeOf(first?.key)?.[0] ?? 0;
  const indent = " ".repeat(start - (source.lastIndexOf("\n", start - 1) + 1));
  const isJson = source.trimStart().startsWith("{");
  const inFlow = (word: string) => (!isJson && /^[\w-]+$/.test(word) && stringify(word).trimEnd() === word ? word : JSON.stringify(word));
  const text = isFlow ? inFlow(value) : textOf(name, value, indent);
  const [from, to] = rangeOf(map.items.find(({ key }) => isScalar(key) && key.value === name)?.value) ?? [];
  if (from !== undefined && to !== undefined) {
    // A block of lines ends with its last line break; and a comment behind a value would become part of one.
    if (source[to - 1] === "\n" && to > from + 1) return { from, to, text: `${text}\n` };
    const hasMore = /\S/.test(source.slice(to, source.indexOf("\n", to) + 1));
    return { from, to, text: hasMore && text.includes("\n") ? JSON.stringify(value) : text };
  }
  if (isFlow) return { from: start, to: start, text: `${inFlow(name)}: ${text}, ` };
  const end = rangeOf(first?.value)?.[1] ?? start;
  const newline = source[end - 1] === "\n" ? end - 1 : source.indexOf("\n", end);
  const at = newline === -1 ? source.length : newline + 1;
  return { from: at, to: at, text: `${newline === -1 ? "\n" : ""}${indent}${name}: ${text}\n` };
}
