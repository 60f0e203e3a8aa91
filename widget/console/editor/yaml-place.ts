// Where in a YAML file the cursor stands, read from the text alone: a file that is being written does not parse. Block style by indentation,
// flow style (`{ key: value }`) within the line.

/** `path`: keys from the root, `*` for an item of a sequence. `siblings`: keys that the mapping has already. `from`: where `typed` begins. */
export interface YamlPlace {
  kind: "key" | "value";
  path: string[];
  siblings: string[];
  typed: string;
  from: number;
  /** Columns before the key, for what is put in below it. */
  indent: number;
  /** Inside `{ … }`. */
  isFlow: boolean;
}

interface Level {
  indent: number;
  part: string;
  keys: string[];
}

const KEY = /^("[^"]*"|'[^']*'|[\w.$-]+)\s*:(?=\s|$)/;
const bare = (key: string) => key.replace(/^["']|["']$/g, "");

/** The place of `offset` in `text`; undefined inside comments and block texts. */
export function findYamlPlace(text: string, offset: number): YamlPlace | undefined {
  const lines = text.slice(0, offset).split("\n");
  const current = lines.pop() ?? "";
  const levels: Level[] = [{ indent: -1, part: "", keys: [] }];
  let literal: number | undefined;
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (literal !== undefined && indent > literal) continue;
    literal = undefined;
    if (line.trimStart().startsWith("#")) continue;
    const { rest, at } = enter(levels, line, indent);
    const key = KEY.exec(rest);
    if (!key) continue;
    push(levels, at, bare(key[1] ?? ""));
    if (/:\s*[|>][-+\d]*\s*(#.*)?$/.test(rest)) literal = at;
  }
  const indent = current.search(/\S/);
  if (literal !== undefined && (indent < 0 || indent > literal)) return undefined;
  if (/(^|\s)#/.test(current.replace(/"[^"]*"|'[^']*'/g, ""))) return undefined;
  const { rest, at } = enter(levels, current, indent < 0 ? current.length : indent);
  const key = KEY.exec(rest);
  const below = text.slice(offset).split("\n").slice(1);
  if (!key) {
    leave(levels, at);
    const known = levels.at(-1)?.keys ?? [];
    if (/^[[{]/.test(rest)) return inFlow(pathOf(levels), rest, offset, at);
    const typed = rest.trimStart();
    return {
      kind: "key",
      path: pathOf(levels),
      siblings: [...known, ...keysBelow(below, at)],
      typed,
      from: offset - typed.length,
      indent: at,
      isFlow: false,
    };
  }
  push(levels, at, bare(key[1] ?? ""));
  const value = rest.slice(key[0].length).trimStart();
  if (/^[[{]/.test(value) && !value.startsWith("{{")) return inFlow(pathOf(levels), value, offset, at);
  return { kind: "value", path: pathOf(levels), siblings: [], typed: value, from: offset - value.length, indent: at, isFlow: false };
}

const pathOf = (levels: Level[]) => levels.slice(1).map(({ part }) => part);

/** Goes out to what contains a key at `indent`. */
function leave(levels: Level[], indent: number): void {
  while ((levels.at(-1)?.indent ?? -1) >= indent) levels.pop();
}

function push(levels: Level[], indent: number, part: string): void {
  leave(levels, indent);
  levels.at(-1)?.keys.push(part);
  levels.push({ indent, part, keys: [] });
}

/** Takes the `- ` marks of a line: each is an item of the sequence there. */
function enter(levels: Level[], line: string, indent: number): { rest: string; at: number } {
  let at = indent;
  let rest = line.slice(indent);
  for (let mark = /^-(\s+|$)/.exec(rest); mark; mark = /^-(\s+|$)/.exec(rest)) {
    while ((levels.at(-1)?.indent ?? -1) > at || ((levels.at(-1)?.indent ?? -1) === at && levels.at(-1)?.part === "*")) levels.pop();
    levels.push({ indent: at, part: "*", keys: [] });
    at += mark[0].length;
    rest = rest.slice(mark[0].length);
  }
  return { rest, at };
}

/** Keys that follow in the same mapping, below the cursor's line. */
function keysBelow(lines: readonly string[], indent: number): string[] {
  const keys: string[] = [];
  for (const line of lines) {
    const at = line.search(/\S/);
    if (at < 0) continue;
    if (at < indent || (at === indent && line[at] === "-")) break;
    const key = at === indent ? KEY.exec(line.slice(at)) : null;
    if (key) keys.push(bare(key[1] ?? ""));
  }
  return keys;
}

interface Frame {
  isMap: boolean;
  key: string | undefined;
  keys: string[];
}

function inFlow(path: string[], text: string, offset: number, indent: number): YamlPlace {
  const frames: Frame[] = [];
  let word = "";
  let quote = "";
  for (const [index, letter] of [...text].entries()) {
    const top = frames.at(-1);
    if (quote) {
      word += letter;
      if (letter === quote) quote = "";
    } else if (/["']/.test(letter) && !word.trim()) {
      quote = letter;
      word += letter;
    } else if (letter === "{" || letter === "[") {
      frames.push({ isMap: letter === "{", key: undefined, keys: [] });
      word = "";
    } else if (letter === "}" || letter === "]") {
      frames.pop();
      word = "";
    } else if (letter === ",") {
      if (top) top.key = undefined;
      word = "";
    } else if (letter === ":" && top?.isMap && top.key === undefined && /[\s]|^$/.test(text[index + 1] ?? "")) {
      top.key = bare(word.trim());
      top.keys.push(top.key);
      word = "";
    } else word += letter;
  }
  const inside = frames.flatMap(({ isMap, key }) => (isMap ? (key === undefined ? [] : [key]) : ["*"]));
  const top = frames.at(-1);
  const typed = word.trimStart();
  const isKey = top?.isMap === true && top.key === undefined;
  return {
    kind: isKey ? "key" : "value",
    path: [...path, ...inside],
    siblings: isKey ? (top?.keys ?? []) : [],
    typed,
    from: offset - typed.length,
    indent,
    isFlow: true,
  };
}
