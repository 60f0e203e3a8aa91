// The objects' own databases, read while nothing runs.
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const FOLDER = "storage/v3/do/inlay-IntegrationObject";

/** When any integration's object was last written to (ms since epoch). */
export function lastWrite(state: string): number {
  const folder = join(state, FOLDER);
  const own = readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.sqlite/.test(name));
  return Math.max(0, ...own.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

/** Calls `read` with the database of each integration's object of a state folder. The files themselves stay as they are. */
export function readObjects<T>(state: string, read: (db: DatabaseSync) => T): T[] {
  const copy = mkdtempSync(join(tmpdir(), "inlay-kill-"));
  try {
    cpSync(join(state, FOLDER), copy, { recursive: true });
    const results: T[] = [];
    for (const name of readdirSync(copy).filter((file) => file.endsWith(".sqlite"))) {
      const db = new DatabaseSync(join(copy, name));
      if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'journal'").all().length) results.push(read(db));
      db.close();
    }
    return results;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Orders whose run has neither ended nor a success of its call on record. */
export function openOrders(state: string): Set<string> {
  const runs = readObjects(state, (db) => db.prepare(OPEN).all()).flat();
  return new Set(runs.map(({ input }) => (JSON.parse(String(input)) as { body: { id: string } }).body.id));
}

const OPEN = `SELECT input FROM run WHERE ended IS NULL AND type = 'webhook'
  AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.run = run.id AND body LIKE '%"status":"succeeded"%')`;
