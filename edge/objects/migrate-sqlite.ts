/** Brings an object's own database to the newest schema: `steps` only ever grows, each runs once, all in one transaction. */
export function migrateSqlite(storage: DurableObjectStorage, steps: readonly string[]): void {
  storage.transactionSync(() => {
    storage.sql.exec("CREATE TABLE IF NOT EXISTS migration (step INTEGER PRIMARY KEY)");
    const done = storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM migration").one().n;
    steps.slice(done).forEach((step, index) => {
      storage.sql.exec(step);
      storage.sql.exec("INSERT INTO migration (step) VALUES (?)", done + index);
    });
  });
}
