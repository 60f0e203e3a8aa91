/** Brings an object's own database to the newest schema: `steps` only ever grows, each runs once, all in one transaction. Each list of steps has its own `table`. */
export function migrateSqlite(storage: DurableObjectStorage, steps: readonly string[], table = "migration"): void {
  storage.transactionSync(() => {
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS ${table} (step INTEGER PRIMARY KEY)`);
    const done = storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
    steps.slice(done).forEach((step, index) => {
      storage.sql.exec(step);
      storage.sql.exec(`INSERT INTO ${table} (step) VALUES (?)`, done + index);
    });
  });
}
