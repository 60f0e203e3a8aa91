/** Ledgerly's tables. Money in cents; days as YYYY-MM-DD. `events` is the outbox to Inlay. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY, org TEXT NOT NULL, name TEXT NOT NULL, contact TEXT NOT NULL, email TEXT NOT NULL, city TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS invoices (
    number TEXT PRIMARY KEY, org TEXT NOT NULL, customer TEXT NOT NULL REFERENCES customers, issued_on TEXT NOT NULL, due_on TEXT NOT NULL,
    lines TEXT NOT NULL, total INTEGER NOT NULL, paid_at TEXT
  );
  CREATE INDEX IF NOT EXISTS invoices_by_org ON invoices (org, issued_on);
  CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, user TEXT NOT NULL, data TEXT NOT NULL, state TEXT NOT NULL, answer TEXT
  );
`;
