/** Brings an object's own database to the newest schema: `steps` only ever grows, each runs once, all in one transaction. Each list of steps has its own `table`. */
export function migrateSqlite(storage: DurableObjectStorage, steps: readonly string[], table = "migration"): void {
  if (countDone(storage.sql, table) === steps.length) return;
  storage.transactionSync(() => {
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (step INTEGER PRIMARY KEY)`);
    const done = countDone(storage.sql, table) ?? 0;
    steps.slice(done).forEach((step, index) => {
      storage.sql.exec(step);
      storage.sql.exec(`INSERT INTO ${table} (step) VALUES (?)`, done + index);
    });
  });
}

/** How many steps ran; undefined in a database that is new. Objects wake often: nothing else is asked of one that is up to date. */
function countDone(sql: SqlStorage, table: string): number | undefined {
  try {
    return sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
  } catch {
    return undefined;
  }
}
