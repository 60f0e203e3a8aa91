// Text of code in coloured pieces, pure. It colours; it does not judge.

export type CodeKind = "plain" | "comment" | "string" | "number" | "word" | "key";
export interface CodeToken {
  kind: CodeKind;
  text: string;
}

const SCRIPT =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|(?<number>\b\d[\w.]*)|(?<word>\b(?:as|async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|false|finally|for|from|function|if|import|in|instanceof|let|new|null|of|return|switch|this|throw|true|try|typeof|undefined|var|void|while|yield)\b)/g;
const JSON_TEXT =
  /(?<key>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\\n]|\\.)*"?)|(?<number>-?\b\d[\w.+-]*)|(?<word>\b(?:true|false|null)\b)/g;
const GRAMMARS: Readonly<Record<string, RegExp>> = { javascript: SCRIPT, js: SCRIPT, typescript: SCRIPT, ts: SCRIPT, json: JSON_TEXT };
/** Longer text is shown in one colour: it would be slow to colour at every key. In characters. */
const LONGEST = 30_000;

/** The pieces of `text`, which together are `text` again. A language that is not known is plain. */
export function tokenize(text: string, language: string): CodeToken[] {
  const grammar = GRAMMARS[language.toLowerCase()];
  if (!grammar || text.length > LONGEST) return [{ kind: "plain", text }];
  const tokens: CodeToken[] = [];
  let at = 0;
  for (const match of text.matchAll(grammar)) {
    if (match.index > at) tokens.push({ kind: "plain", text: text.slice(at, match.index) });
    const [kind = "plain"] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? [];
    tokens.push({ kind: kind as CodeKind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) tokens.push({ kind: "plain", text: text.slice(at) });
  return tokens;
}

export interface CodeEdit {
  from: number;
  to: number;
  text: string;
  /** What is selected afterwards. */
  select: [from: number, to: number];
}

const STEP = "  ";

/** What Tab (`by` 1) and Shift+Tab (`by` -1) do to the lines that are selected; one step of two spaces. */
export function indentLines(text: string, start: number, end: number, by: 1 | -1): CodeEdit {
  if (by > 0 && start === end) return { from: start, to: end, text: STEP, select: [start + STEP.length, start + STEP.length] };
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lines = text.slice(from, end).split("\n");
  const changed = lines.map((line) => (by > 0 ? STEP + line : line.replace(/^ {1,2}|^\t/, "")));
  const grownFirst = (changed[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const next = changed.join("\n");
  return { from, to: end, text: next, select: [Math.max(from, start + grownFirst), from + next.length] };
}

/** What Enter does: the new line begins where the one before does, one step further behind an opening bracket. */
export function breakLine(text: string, start: number, end: number): CodeEdit {
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const inserted = `\n${indent}${/[[{(]\s*$/.test(line) ? STEP : ""}`;
  return { from: start, to: end, text: inserted, select: [start + inserted.length, start + inserted.length] };
}
