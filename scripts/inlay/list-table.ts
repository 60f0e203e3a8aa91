// Lists of the workspace as tables, or as JSON.
import { UsageError } from "./command.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

/** A column: its heading, and the property that it shows (`a.b` reaches into objects, lists are joined). */
export type Column = readonly [heading: string, property: string];

const PAGE = 100;
const WIDEST = 48;

function cellOf(row: unknown, property: string): string {
  const value = property.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], row);
  if (Array.isArray(value)) return value.map(String).join(" ");
  return value === null || value === undefined ? "–" : String(value).replaceAll(/\s+/g, " ");
}

/** `rows` under their headings, each column as wide as its widest cell, at most 48 letters. */
export function tableOf(columns: readonly Column[], rows: readonly unknown[]): string {
  const lines = [columns.map(([heading]) => heading), ...rows.map((row) => columns.map(([, property]) => cellOf(row, property)))].map(
    (line) => line.map((cell) => (cell.length > WIDEST ? `${cell.slice(0, WIDEST - 1)}…` : cell)),
  );
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The most that `--limit` asks for. Throws `UsageError` where it is no such number. */
export function limitOf(given = "100"): number {
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw new UsageError("--limit is a number between 1 and 10000.");
  return limit;
}

/** Items of a list of the API, at most `limit`, from as many pages as it takes. */
export async function readList(
  access: WorkspaceAccess,
  path: string,
  query: Readonly<Record<string, string>>,
  limit: number,
): Promise<unknown[]> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  do {
    const search: URLSearchParams = new URLSearchParams({ ...query, limit: String(Math.min(PAGE, limit)) });
    if (cursor !== null) search.set("cursor", cursor);
    const page: { items: unknown[]; nextCursor: string | null } = await access.json(`${path}?${search}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return items.slice(0, limit);
}

/** Prints rows as a table, or as one JSON document. */
export function printRows(columns: readonly Column[], rows: readonly unknown[], json: boolean): void {
  if (json) console.log(JSON.stringify(rows, null, 2));
  else console.log(rows.length ? tableOf(columns, rows) : "There are none.");
}
