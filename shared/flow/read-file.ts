import { isMap, isScalar, LineCounter, parseDocument, Scalar, visit } from "yaml";
import type { z } from "zod";
import { suggestWord } from "./suggest-word.ts";

/** A fault in a file, at its place. `line` and `column` count from 1; `path` is the way down from the root; `suggestion` what was probably meant. */
export interface FileFault {
  code: string;
  message: string;
  path: string;
  line: number;
  column: number;
  suggestion?: string | undefined;
}

export type FileResult<T> = { ok: true; value: T } | { ok: false; faults: FileFault[] };

const MAX_BYTES = 1_000_000;

/** Reads YAML (or JSON, which is YAML) and checks it against `schema`. Refuses aliases beyond 100 and files over 1 MB. */
export function readFile<T>(text: string, schema: z.ZodType<T>): FileResult<T> {
  if (text.length > MAX_BYTES)
    return { ok: false, faults: [{ code: "too_large", message: "the file is larger than 1 MB", path: "", line: 1, column: 1 }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length) {
    const faults = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { code: "syntax", message: error.message, path: "", line, column: col };
    });
    return { ok: false, faults };
  }
  joinCommas(document, text);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return {
      ok: false,
      faults: [{ code: "aliases", message: String(error instanceof Error ? error.message : error), path: "", line: 1, column: 1 }],
    };
  }
  const result = schema.safeParse(data);
  if (result.success) return { ok: true, value: result.data };
  const locate = (path: PropertyKey[]): { line: number; col: number } => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]);
    }
    return { line: 1, col: 1 };
  };
  /** An unknown key is at fault itself, not what stands under it. */
  const locateKey = (path: PropertyKey[]): { line: number; col: number } => {
    const map = document.getIn(path.slice(0, -1), true);
    const key = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === path.at(-1))?.key : undefined;
    return isScalar(key) && key.range ? lines.linePos(key.range[0]) : locate(path);
  };
  const faults = flatten(result.error.issues).map(({ code, message, path, suggestion }) => {
    const { line, col } = code === "unknown_key" ? locateKey(path) : locate(path);
    return { code, message, path: path.map(String).join("."), line, column: col, ...(suggestion === undefined ? {} : { suggestion }) };
  });
  return { ok: false, faults };
}

/** A fault that is known by its dotted path alone; `way` where keys on the way have dots in them. */
export interface PathFault {
  code: string;
  message: string;
  path: string;
  way?: readonly string[];
}

/** Each fault with the line and column of its place in `text`. */
export function placeFaults(text: string, faults: readonly PathFault[]): FileFault[] {
  if (!faults.length) return [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return faults.map(({ code, message, path, way = path.split(".").filter(Boolean) }) => {
    for (let depth = way.length; depth >= 0; depth--) {
      const node = document.getIn(way.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (!node?.range) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return { code, message, path, line, column: col };
    }
    return { code, message, path, line: 1, column: 1 };
  });
}

/**
 * In `{ key: skip, stop: Not tagged, or no address }` YAML takes the comma for the end of the text. What follows is a key
 * with blanks and without a colon, which no key of ours is: it is read as the rest of the text.
 */
function joinCommas(document: ReturnType<typeof parseDocument>, text: string): void {
  visit(document, {
    Map(_, map) {
      if (!map.flow) return;
      for (let i = map.items.length - 1; i > 0; i--) {
        const [before, rest] = [map.items[i - 1], map.items[i]];
        if (!rest || rest.value !== null || !isScalar(rest.key) || !isScalar(before?.value)) continue;
        const value = before.value;
        const isPlain = rest.key.type === Scalar.PLAIN && value.type === Scalar.PLAIN;
        if (!isPlain || !/\s/.test(String(rest.key.value)) || !value.range || !rest.key.range) continue;
        value.value = text.slice(value.range[0], rest.key.range[1]);
        map.items.splice(i, 1);
      }
    },
  });
}

interface Issue {
  code: string;
  message: string;
  path: PropertyKey[];
  suggestion?: string | undefined;
}

/** A union's issues are those of the member that came furthest; unknown keys become one issue each, at the key. */
function flatten(issues: readonly z.core.$ZodIssue[], above: PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = [...above, ...issue.path];
    if (issue.code === "invalid_union" && issue.errors.length) {
      const unknownKeys = (list: readonly z.core.$ZodIssue[]) => list.filter((one) => one.code === "unrecognized_keys").length;
      const depth = (list: readonly z.core.$ZodIssue[]) => Math.max(0, ...list.map((one) => one.path.length));
      const [best] = [...issue.errors].sort((a, b) => unknownKeys(a) - unknownKeys(b) || depth(b) - depth(a) || a.length - b.length);
      return flatten(best ?? [], path);
    }
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const suggestion = suggestWord(key);
        const message = `“${key}” is not a key here${suggestion === undefined ? "" : `; did you mean “${suggestion}”?`}`;
        return { code: "unknown_key", message, path: [...path, key], ...(suggestion === undefined ? {} : { suggestion }) };
      });
    const name = path.at(-1);
    const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
    return [{ code: issue.code, message: isMissing && typeof name === "string" ? `“${name}” is missing here` : issue.message, path }];
  });
}
