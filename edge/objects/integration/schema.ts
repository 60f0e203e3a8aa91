/** The object's tables, a step each; steps are only ever added. Times are ms since epoch, bodies JSON. */
export const SCHEMA: readonly string[] = [
  `CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE config (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
   CREATE TABLE run (
     id TEXT PRIMARY KEY, block TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, wake REAL NOT NULL, part TEXT NOT NULL,
     config INTEGER NOT NULL, origin TEXT NOT NULL, pub INTEGER NOT NULL DEFAULT 0, tasks INTEGER NOT NULL DEFAULT 0,
     crashes INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL, started INTEGER, ended INTEGER, account TEXT, reason TEXT, error TEXT,
     input TEXT NOT NULL, state TEXT, output TEXT, trace TEXT
   ) WITHOUT ROWID;
   CREATE INDEX run_live ON run (block, part, id) WHERE status IN ('queued', 'running', 'waiting');
   CREATE INDEX run_pub ON run (id) WHERE pub = 0;
   CREATE TABLE journal (run TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, path)) WITHOUT ROWID;
   CREATE TABLE dedupe (block TEXT NOT NULL, k TEXT NOT NULL, run TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (block, k)) WITHOUT ROWID;
   CREATE TABLE hook (block TEXT PRIMARY KEY, key TEXT NOT NULL, secret TEXT NOT NULL, app TEXT, account TEXT, wanted TEXT, subscription TEXT) WITHOUT ROWID;
   CREATE TABLE slot (block TEXT PRIMARY KEY, rhythm TEXT NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE slot_log (block TEXT NOT NULL, due INTEGER NOT NULL, outcome TEXT NOT NULL, run TEXT, PRIMARY KEY (block, due)) WITHOUT ROWID;
   CREATE TABLE poll (block TEXT PRIMARY KEY, source TEXT NOT NULL, cursor TEXT) WITHOUT ROWID;
   CREATE TABLE seen (block TEXT NOT NULL, k TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (block, k)) WITHOUT ROWID;
   CREATE TABLE state (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;`,
  "ALTER TABLE slot ADD COLUMN wake INTEGER NOT NULL DEFAULT 0",
  `CREATE TABLE waiter (run TEXT NOT NULL, path TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY (run, path)) WITHOUT ROWID;
   CREATE INDEX waiter_event ON waiter (event);
   CREATE TABLE signal (seq INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL);
   CREATE INDEX signal_run ON signal (run, path, seq);
   CREATE TABLE quota (block TEXT PRIMARY KEY, since INTEGER NOT NULL, runs INTEGER NOT NULL, tasks INTEGER NOT NULL) WITHOUT ROWID;`,
  "ALTER TABLE slot_log ADD COLUMN at INTEGER; ALTER TABLE slot_log ADD COLUMN reason TEXT;",
  // One index instead of two: of runs that have not ended, or whose end the ledger does not know. It costs a row at accept and one when told.
  `ALTER TABLE run ADD COLUMN open INTEGER NOT NULL DEFAULT 1;
   UPDATE run SET open = 0 WHERE ended IS NOT NULL AND pub = 1;
   DROP INDEX run_live;
   DROP INDEX run_pub;
   CREATE INDEX run_open ON run (block, part, id) WHERE open = 1;`,
  // With the time, so that thousands of runs that wait are not looked at for one that is due.
  "DROP INDEX run_open; CREATE INDEX run_open ON run (block, part, wake, id) WHERE open = 1;",
  // What is queued is in memory, found after a restart from a mark on (restart-marks.ts): no index follows a run through its life any more.
  // `pub` and `open` mean nothing since. The last effect's entry stands in the run's own row.
  `DROP INDEX run_open;
   ALTER TABLE run ADD COLUMN journal TEXT;
   CREATE INDEX run_waiting ON run (wake, id) WHERE status = 'waiting';
   CREATE INDEX run_waiting_part ON run (block, part, id) WHERE status = 'waiting' AND part <> '';
   CREATE TABLE late (run TEXT PRIMARY KEY) WITHOUT ROWID;`,
  "ALTER TABLE hook ADD COLUMN due INTEGER",
  // Reasons of ours by code, as JSON; whether somebody started a run by hand.
  `ALTER TABLE run ADD COLUMN why TEXT;
   ALTER TABLE run ADD COLUMN hand INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE slot_log ADD COLUMN why TEXT;`,
  // Subscriptions that an app could not be asked to end.
  `CREATE TABLE leftover (block TEXT NOT NULL, key TEXT NOT NULL, app TEXT, account TEXT, wanted TEXT, subscription TEXT NOT NULL, since INTEGER NOT NULL,
     due INTEGER NOT NULL, PRIMARY KEY (block, subscription)) WITHOUT ROWID;`,
  "ALTER TABLE slot ADD COLUMN planned INTEGER NOT NULL DEFAULT 0",
  // Pages of polls that could not be read to their end in one go: how far (n = 0), and the items.
  "CREATE TABLE poll_page (block TEXT NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (block, n)) WITHOUT ROWID",
];
