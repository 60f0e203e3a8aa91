// The records of a dry run as a table, pure: what its columns are, and each cell in words.
import type { FormField, Option } from "../../shared/api/flow.ts";
import type { Preview } from "../../shared/api/preview.ts";

export interface PreviewColumn {
  key: string;
  label: string;
  /** Where its values come from, in the words of the other app. */
  from?: string | undefined;
}

export interface PreviewTable {
  /** The mapping that made it; none where the records stand as they were read. */
  field?: FormField | undefined;
  columns: PreviewColumn[];
  rows: Record<string, unknown>[];
}

/** Columns of records that no mapping has given a shape. */
const MOST_COLUMNS = 6;

export type Labels = ReadonlyMap<string, readonly Option[]>;

/** The tables of one block: one for each mapping that its records go through, else the records themselves. `labels`: options by `KEY.from` and `KEY.to`. */
export function layTables(
  { rows, mapped }: Pick<Preview["blocks"][number], "rows" | "mapped">,
  fields: readonly FormField[],
  pairs: (field: FormField) => readonly { from: unknown; to: unknown }[],
  labels: Labels,
): PreviewTable[] {
  const tables = fields.flatMap((field): PreviewTable[] => {
    const made = Object.hasOwn(mapped, field.key) ? mapped[field.key] : undefined;
    if (!made?.some((row) => Object.keys(row).length > 0)) return [];
    const columns = pairs(field).map(({ from, to }) => ({
      key: String(to),
      label: labelOf(labels.get(`${field.key}.to`), to),
      from: labelOf(labels.get(`${field.key}.from`), from),
    }));
    return [{ field, columns, rows: made }];
  });
  if (tables.length > 0) return tables;
  const records = rows.map(toRecord);
  const columns = columnsOf(records).map((key) => ({ key, label: key }));
  return columns.length > 0 ? [{ columns, rows: records }] : [];
}

const labelOf = (options: readonly Option[] | undefined, value: unknown): string =>
  options?.find((option) => option.value === value)?.label ?? String(value);

const toRecord = (row: unknown): Record<string, unknown> =>
  row !== null && typeof row === "object" && !Array.isArray(row) ? (row as Record<string, unknown>) : { value: row };

/** The first columns that hold plain values; any columns where none does. */
function columnsOf(records: readonly Record<string, unknown>[]): string[] {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const plain = keys.filter((key) => records.some((record) => record[key] !== null && typeof record[key] !== "object"));
  return (plain.length > 0 ? plain : keys).slice(0, MOST_COLUMNS);
}

/** A value as a cell shows it; undefined: there is none. */
export function cellText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
