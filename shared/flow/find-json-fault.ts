// Where text stops being JSON (RFC 8259). Engines tell it each in their own words or not at all. Pure, without recursion, in linear time.

/** Counted from 1. */
export interface Place {
  line: number;
  column: number;
}

const SPACE = /[ \t\n\r]*/y;
const TEXT = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\da-f]{4})[^"\\\p{Cc}]*)*"/iuy;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/y;

/** The place of the first character that JSON has no use for, or the end where something lacks; undefined where `text` is JSON. */
export function findJsonFault(text: string): Place | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return placeOf(text, findBreak(text));
  }
}

type Wanted = "value" | "item" | "key" | "entry" | "colon" | "more";

function findBreak(text: string): number {
  const open: string[] = [];
  let at = 0;
  let wants: Wanted = "value";
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const next = (): Wanted | undefined => {
    const char = text[at];
    const inner = open.at(-1);
    if (char !== undefined && char === (inner === "{" ? "}" : "]") && /more|item|entry/.test(wants) && inner) {
      open.pop();
      at++;
      return "more";
    }
    if (wants === "key" || wants === "entry") return take(TEXT) ? "colon" : undefined;
    if (wants === "colon" || wants === "more") {
      if (char !== (wants === "colon" ? ":" : ",") || !inner) return undefined;
      at++;
      return wants === "more" && inner === "{" ? "key" : "value";
    }
    if (char === "{" || char === "[") {
      open.push(char);
      at++;
      return char === "{" ? "entry" : "item";
    }
    return take(TEXT) || take(WORD) ? "more" : undefined;
  };
  for (let now: Wanted | undefined = wants; now; now = next()) {
    wants = now;
    take(SPACE);
  }
  return at;
}

function placeOf(text: string, at: number): Place {
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
