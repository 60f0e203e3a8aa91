// Two people changed one text: what both did, together. Lines that both changed differently are left for somebody to decide.
import { type DiffLine, diffLines, linesOf } from "./diff-lines.ts";

/** `text` holds both changes; each conflict stands in it between `<<<<<<<`, `=======` and `>>>>>>>`. */
export interface Merged {
  text: string;
  conflicts: number;
}

interface Change {
  /** Lines of the base that it replaces: from `start` up to `end`. */
  start: number;
  end: number;
  lines: string[];
}

/** What turns the base into the other text, in order. Nothing is changed where two meet: they are one. */
function changesOf(lines: readonly DiffLine[]): Change[] {
  const changes: Change[] = [];
  let base = 0;
  let open: Change | undefined;
  for (const { kind, text } of lines) {
    if (kind === "same") {
      open = undefined;
      base++;
      continue;
    }
    if (!open) {
      open = { start: base, end: base, lines: [] };
      changes.push(open);
    }
    if (kind === "removed") open.end = ++base;
    else open.lines.push(text);
  }
  return changes;
}

const textOf = (base: readonly string[], changes: readonly Change[], start: number, end: number): string[] => {
  const result: string[] = [];
  let at = start;
  for (const change of changes) {
    result.push(...base.slice(at, change.start), ...change.lines);
    at = change.end;
  }
  return [...result, ...base.slice(at, end)];
};

const isEqual = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((line, index) => line === b[index]);

/** Merges what `mine` and `theirs` made of `base`, line by line (as diff3 does). */
export function mergeTexts(base: string, mine: string, theirs: string): Merged {
  const lines = linesOf(base);
  const queues = { mine: changesOf(diffLines(base, mine)), theirs: changesOf(diffLines(base, theirs)) };
  const result: string[] = [];
  let conflicts = 0;
  let at = 0;
  while (queues.mine.length || queues.theirs.length) {
    const next = Math.min(queues.mine[0]?.start ?? Number.POSITIVE_INFINITY, queues.theirs[0]?.start ?? Number.POSITIVE_INFINITY);
    result.push(...lines.slice(at, next));
    const taken: { mine: Change[]; theirs: Change[] } = { mine: [], theirs: [] };
    let end = next;
    const touches = (change: Change | undefined) =>
      change !== undefined && (change.start < end || change.start === next || (change.start === end && change.start === change.end));
    for (let grown = true; grown; ) {
      grown = false;
      for (const side of ["mine", "theirs"] as const) {
        while (touches(queues[side][0])) {
          const change = queues[side].shift() as Change;
          taken[side].push(change);
          end = Math.max(end, change.end);
          grown = true;
        }
      }
    }
    const [ours, others] = [textOf(lines, taken.mine, next, end), textOf(lines, taken.theirs, next, end)];
    if (!taken.theirs.length || isEqual(ours, others)) result.push(...ours);
    else if (!taken.mine.length) result.push(...others);
    else {
      conflicts++;
      result.push("<<<<<<< mine", ...ours, "=======", ...others, ">>>>>>> theirs");
    }
    at = end;
  }
  result.push(...lines.slice(at));
  return { text: result.length ? `${result.join("\n")}\n` : "", conflicts };
}
