// What changed between two texts, line by line: Myers' O(ND) algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986).

/** One line of a difference. `old` and `new` count from 1; a line that was added has no `old`, one that was removed no `new`. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  old: number | null;
  new: number | null;
  text: string;
}

/** Lines that changed, with up to three unchanged lines around them, as in a unified diff. */
export interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: DiffLine[];
}

/** Beyond this many changed lines, what differs is told as one whole block. */
const MAX_CHANGES = 800;
const AROUND = 3;

/** The lines of `text`, without the empty one behind a last line feed. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Every line of both texts, in order. Nothing is left out: unchanged lines are `same`. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const same = (text: string, index: number): DiffLine => ({ kind: "same", old: index + 1, new: index + 1, text });
  const head = a.slice(0, start).map(same);
  const tail = a.slice(a.length - end).map((text, index): DiffLine => {
    return { kind: "same", old: a.length - end + index + 1, new: b.length - end + index + 1, text };
  });
  return [...head, ...editScript(middleA, middleB, start), ...tail];
}

function editScript(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  const removed = (index: number): DiffLine => ({ kind: "removed", old: offset + index + 1, new: null, text: a[index] ?? "" });
  const added = (index: number): DiffLine => ({ kind: "added", old: null, new: offset + index + 1, text: b[index] ?? "" });
  const trace = shortestEdit(a, b);
  if (!trace) return [...a.map((_, index) => removed(index)), ...b.map((_, index) => added(index))];
  const found: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const furthest = trace[depth] as Map<number, number>;
    const k = x - y;
    const isDown = k === -depth || (k !== depth && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const fromK = isDown ? k + 1 : k - 1;
    const fromX = depth === 0 ? 0 : (furthest.get(fromK) ?? 0);
    const fromY = depth === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      found.push({ kind: "same", old: offset + x + 1, new: offset + y + 1, text: a[x] ?? "" });
    }
    if (depth === 0) break;
    found.push(isDown ? added(fromY) : removed(fromX));
    [x, y] = [fromX, fromY];
  }
  return found.reverse();
}

/** What each number of edits reaches, by diagonal, up to the end; undefined where it takes too many. */
function shortestEdit(a: readonly string[], b: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let depth = 0; depth <= Math.min(a.length + b.length, MAX_CHANGES); depth++) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let k = -depth; k <= depth; k += 2) {
      const isDown = k === -depth || (k !== depth && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = isDown ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
    furthest = next;
  }
  return undefined;
}

/** The changed parts of a difference, each with what stands around it. Empty where nothing changed. */
export function toHunks(lines: readonly DiffLine[], around = AROUND): Hunk[] {
  const hunks: Hunk[] = [];
  for (let at = 0; at < lines.length; ) {
    const first = lines.findIndex((line, index) => index >= at && line.kind !== "same");
    if (first < 0) break;
    let last = first;
    for (let index = first; index < lines.length && index - last <= around * 2; index++) if (lines[index]?.kind !== "same") last = index;
    const [from, to] = [Math.max(at, first - around), Math.min(lines.length, last + around + 1)];
    const part = lines.slice(from, to);
    const before = lines.slice(0, from);
    hunks.push({
      oldStart: before.filter((line) => line.old !== null).length + 1,
      oldLines: part.filter((line) => line.old !== null).length,
      newStart: before.filter((line) => line.new !== null).length + 1,
      newLines: part.filter((line) => line.new !== null).length,
      lines: part,
    });
    at = to;
  }
  return hunks;
}

/** A row of two texts beside each other; a side is null where the other has a line more. */
export interface SideRow {
  left: { line: number; text: string } | null;
  right: { line: number; text: string } | null;
  changed: boolean;
}

/** A difference as rows: what was removed stands beside what came in its place. */
export function toSideRows(lines: readonly DiffLine[]): SideRow[] {
  const rows: SideRow[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as DiffLine;
    if (line.kind === "same") {
      rows.push({ left: { line: line.old ?? 0, text: line.text }, right: { line: line.new ?? 0, text: line.text }, changed: false });
      at++;
      continue;
    }
    const end = lines.findIndex((one, index) => index > at && one.kind === "same");
    const part = lines.slice(at, end < 0 ? lines.length : end);
    const [left, right] = [part.filter(({ kind }) => kind === "removed"), part.filter(({ kind }) => kind === "added")];
    for (let row = 0; row < Math.max(left.length, right.length); row++) {
      const [l, r] = [left[row], right[row]];
      rows.push({
        left: l ? { line: l.old ?? 0, text: l.text } : null,
        right: r ? { line: r.new ?? 0, text: r.text } : null,
        changed: true,
      });
    }
    at += part.length;
  }
  return rows;
}

/** A difference as text, as `diff -u` prints it. Empty where nothing changed. */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  const hunks = toHunks(diffLines(before, after));
  if (!hunks.length) return "";
  const marks = { same: " ", added: "+", removed: "-" };
  const body = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
    const texts = lines.map(({ kind, text }) => `${marks[kind]}${text}`);
    return [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...texts].join("\n");
  });
  return [`--- ${names.before}`, `+++ ${names.after}`, ...body, ""].join("\n");
}
