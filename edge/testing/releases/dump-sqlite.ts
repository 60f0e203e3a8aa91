// A SQLite database as text: its tables, rows and indexes, without what the platform keeps for itself.

/** Runs a query and answers its rows. */
export type Query = (text: string) => Promise<Record<string, unknown>[]>;

const PLATFORM = /^(?:_cf_|sqlite_)/;

/** Statements, one a line, that make an empty database hold what `query` reads. */
export async function dumpSqlite(query: Query): Promise<string> {
  const objects = (await query("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")).filter(
    ({ name }) => !PLATFORM.test(String(name)),
  );
  const [tables, rest] = [objects.filter(({ type }) => type === "table"), objects.filter(({ type }) => type !== "table")];
  const lines = tables.map(({ sql }) => oneLine(String(sql)));
  for (const { name } of tables) {
    for (const row of await query(`SELECT * FROM "${name}"`)) {
      const columns = Object.keys(row).map((column) => `"${column}"`);
      lines.push(`INSERT INTO "${name}" (${columns.join(", ")}) VALUES (${Object.values(row).map(literal).join(", ")});`);
    }
  }
  return `${[...lines, ...rest.map(({ sql }) => oneLine(String(sql)))].join("\n")}\n`;
}

const oneLine = (sql: string) => `${sql.replace(/--.*$/gm, "").replace(/\s+/g, " ").trim()};`;

/** Stands for a line break in a dump. */
const BREAK = "\u240a";

/** A value as SQL, on one line. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") throw new TypeError(`a column holds ${typeof value}: fixtures are text and numbers`);
  const quoted = `'${value.replaceAll("'", "''").replaceAll("\n", BREAK)}'`;
  return value.includes("\n") ? `replace(${quoted}, '${BREAK}', char(10))` : quoted;
}
