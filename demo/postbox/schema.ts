/** Postbox's tables. `fields` of a member is a JSON object by merge tag. Times are ISO 8601 UTC, those of the request log milliseconds. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (owner TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS audiences (id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, created_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS members (
    audience TEXT NOT NULL REFERENCES audiences ON DELETE CASCADE, email TEXT NOT NULL COLLATE NOCASE, status TEXT NOT NULL, fields TEXT NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (audience, email)
  );
  CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS requests_by_owner ON requests (owner, id);
`;
