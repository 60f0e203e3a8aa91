// Pages of a poll that could not be read to their end in one go, for want of time or of calls: the next one goes on behind them. Nothing is
// started of them, and no cursor moves, before all are there: what a poll commits, it commits at once.

import { QUEUE_LIMITS } from "../../engine/limits.ts";
import type { ReadBefore, Unfinished } from "../../providers/app/pages.ts";
import { hideSecrets, showSecrets } from "../../security/hide-secrets.ts";
import type { Startable } from "./accept.ts";
import type { Parts } from "./parts.ts";

/** How far a poll has come. `size` in characters of JSON; `begun` (ms): when its first page was asked for. */
interface Kept {
  /** Of which configuration: another one begins anew. */
  config: number;
  source: string;
  /** What its first page was asked with. */
  input: unknown;
  begun: number;
  cursor: string;
  pages: number;
  count: number;
  size: number;
}

export type PollBefore = Kept & ReadBefore;

/** What has been read of this poll; undefined where nothing is kept. What belongs to another source or configuration is forgotten. */
export function readKept(parts: Parts, { open, block }: Startable, source: string): PollBefore | undefined {
  const text = parts.polls.readKept(block.key);
  if (text === undefined) return undefined;
  const kept = JSON.parse(showSecrets(text, open.hidden, "")) as Kept;
  if (kept.config === open.id && kept.source === source) {
    const items = () => parts.polls.keptPages(block.key).flatMap((page) => JSON.parse(showSecrets(page, open.hidden)) as unknown[]);
    return { ...kept, items };
  }
  parts.polls.forgetKept(block.key);
  return undefined;
}

/** Keeps what has been read. False where that is too much: it is forgotten, and the next poll begins anew. */
export function keepPages(
  parts: Parts,
  { open, block }: Startable,
  poll: Pick<Kept, "source" | "input" | "begun">,
  before: Kept | undefined,
  { items, pages, cursor }: Unfinished,
): boolean {
  const rows = toRows(items.map((item) => hideSecrets(JSON.stringify(item ?? null), open.hidden)));
  const size = rows.reduce((sum, { length }) => sum + length, before?.size ?? 0);
  const isLarge = size > QUEUE_LIMITS.kept || rows.some(isTooLong);
  const kept: Kept = { ...poll, config: open.id, cursor, pages, count: (before?.count ?? 0) + items.length, size };
  parts.transaction(() => {
    if (isLarge) parts.polls.forgetKept(block.key);
    else parts.polls.keep(block.key, hideSecrets(JSON.stringify(kept), open.hidden), rows);
  });
  return !isLarge;
}

/** Bytes of a row; a character has three at most. */
const LARGEST = 1_900_000;
const isTooLong = (row: string) => row.length > LARGEST / 3 && new TextEncoder().encode(row).length > LARGEST;

/** The items, each as JSON, in as few lists as rows take. */
function toRows(items: readonly string[]): string[] {
  const rows: string[] = [];
  let row: string[] = [];
  let size = 0;
  for (const item of items) {
    if (row.length && size + item.length > LARGEST / 3) {
      rows.push(`[${row.join()}]`);
      row = [];
      size = 0;
    }
    row.push(item);
    size += item.length + 1;
  }
  return row.length ? [...rows, `[${row.join()}]`] : rows;
}
