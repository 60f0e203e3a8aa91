// The object's own SQLite: one row of configuration and sealed credentials, one of what was learned about limits.
import type { ACCOUNT_STATUSES } from "../../../shared/api/account.ts";
import { type Budget, emptyBudget } from "./budget.ts";
import type { AccountConfig } from "./rpc.ts";

export const ACCOUNT_STEPS = [
  "CREATE TABLE account (id INTEGER PRIMARY KEY CHECK (id = 1), config TEXT NOT NULL, sealed TEXT NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL)",
  "CREATE TABLE memo (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
  "ALTER TABLE account ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
];

export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** The account as stored. `sealed` are its credentials; `message` says why the status is not connected. */
export interface StoredAccount {
  config: AccountConfig;
  sealed: string;
  status: AccountStatus;
  message: string;
}

/** What every lease asks first. `since`: when it became so (ms since epoch); 0 where that is not known. */
export interface AccountState {
  status: AccountStatus;
  message: string;
  since: number;
}

type Row = { config: string; sealed: string; status: string; message: string };

export function readAccount(sql: SqlStorage): StoredAccount | undefined {
  const [row] = sql.exec<Row>("SELECT config, sealed, status, message FROM account").toArray();
  return row && { ...row, config: JSON.parse(row.config) as AccountConfig, status: row.status as AccountStatus };
}

/** The status alone. */
export function readState(sql: SqlStorage): AccountState | undefined {
  const [row] = sql.exec<{ status: string; message: string; since: number }>("SELECT status, message, since FROM account").toArray();
  return row && { ...row, status: row.status as AccountStatus };
}

export function writeAccount(sql: SqlStorage, { config, sealed, status, message }: StoredAccount): void {
  sql.exec(
    "INSERT OR REPLACE INTO account (id, config, sealed, status, message) VALUES (1, ?, ?, ?, ?)",
    JSON.stringify(config),
    sealed,
    status,
    message,
  );
}

/** Replaces the credentials `before` by others; does nothing where they are not those any more. */
export function replaceCredentials(sql: SqlStorage, before: string, sealed: string): void {
  sql.exec("UPDATE account SET sealed = ? WHERE id = 1 AND sealed = ?", sealed, before);
}

export function writeStatus(sql: SqlStorage, { status, message, since }: AccountState): void {
  sql.exec("UPDATE account SET status = ?, message = ?, since = ? WHERE id = 1", status, message, since);
}

/**
 * What is to be done once more, or later: news that nobody has taken yet, runs to be let go or on, a fault to be looked at again, a renewal that
 * was under way; since when there has been no renewal; the breaker; since when the credentials cannot be opened.
 */
export type MemoKey = "untold" | "holding" | "restoring" | "faulty" | "removed" | "renewing" | "unrenewed" | "breaker" | "locked";

export function readMemo<T>(sql: SqlStorage, key: MemoKey): T | undefined {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM memo WHERE key = ?", key).toArray();
  return row && (JSON.parse(row.value) as T);
}

/** Sets a memo; undefined forgets it. */
export function writeMemo(sql: SqlStorage, key: MemoKey, value: unknown): void {
  if (value === undefined) sql.exec("DELETE FROM memo WHERE key = ?", key);
  else sql.exec("INSERT OR REPLACE INTO memo VALUES (?, ?)", key, JSON.stringify(value));
}

/** What is remembered of the budget over restarts. */
export function readBudget(sql: SqlStorage): Budget {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM memo WHERE key = 'budget'").toArray();
  return row ? (JSON.parse(row.value) as Budget) : emptyBudget();
}

export function writeBudget(sql: SqlStorage, budget: Budget): void {
  sql.exec("INSERT OR REPLACE INTO memo VALUES ('budget', ?)", JSON.stringify(budget));
}
