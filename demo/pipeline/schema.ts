/** Pipeline's tables. Times are ISO 8601 UTC where people and the API see them, milliseconds since the epoch elsewhere. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS contacts (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, email TEXT COLLATE NOCASE, phone TEXT, company TEXT, title TEXT, city TEXT,
    birthday TEXT, plan TEXT, tags TEXT NOT NULL DEFAULT '[]', created_at TEXT NOT NULL, updated_at TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS contacts_by_update ON contacts (owner, updated_at, id);
  CREATE UNIQUE INDEX IF NOT EXISTS contacts_by_email ON contacts (owner, email) WHERE email IS NOT NULL;

  CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY, client TEXT NOT NULL, person TEXT NOT NULL, scope TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE (client, person)
  );
  CREATE TABLE IF NOT EXISTS families (
    id TEXT PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES grants ON DELETE CASCADE, scope TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS tokens (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, family TEXT NOT NULL REFERENCES families ON DELETE CASCADE, expires_at INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS codes (
    hash TEXT PRIMARY KEY, client TEXT NOT NULL, redirect_uri TEXT NOT NULL, challenge TEXT NOT NULL, person TEXT NOT NULL, scope TEXT NOT NULL,
    expires_at INTEGER NOT NULL, family TEXT
  );
  CREATE TABLE IF NOT EXISTS personal_tokens (owner TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE);

  CREATE TABLE IF NOT EXISTS webhooks (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, grant_id TEXT REFERENCES grants ON DELETE CASCADE, url TEXT NOT NULL, event TEXT NOT NULL,
    secret TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE (owner, url, event)
  );
  CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, webhook TEXT NOT NULL, url TEXT NOT NULL, payload TEXT NOT NULL, subject TEXT NOT NULL,
    created_at INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER, answer TEXT
  );
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, next_at);

  CREATE TABLE IF NOT EXISTS idempotency (
    owner TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
  );
`;
