// The object's own tables: what was told, who has read it, where it is sent, and what is still to be sent. Times are ms since epoch.
import type { Delivery, NotificationWebhook } from "../../../shared/api/notification.ts";
import type { NotificationType } from "../../../shared/api/notification-types.ts";
import type { News, NoticeFilter, NumberedNotice } from "./rpc.ts";

export const NOTICE_STEPS: readonly string[] = [
  `CREATE TABLE notice (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, about TEXT NOT NULL, at INTEGER NOT NULL,
     message TEXT NOT NULL, subject TEXT NOT NULL, resolved INTEGER
   );
   CREATE INDEX notice_about ON notice (about) WHERE resolved IS NULL;
   CREATE TABLE reader (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE webhook (
     id TEXT PRIMARY KEY, workspace TEXT NOT NULL, url TEXT NOT NULL, types TEXT NOT NULL, secret TEXT NOT NULL,
     enabled INTEGER NOT NULL DEFAULT 1, reason TEXT, created INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE delivery (
     webhook TEXT NOT NULL, notice INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER, at INTEGER NOT NULL,
     ok INTEGER NOT NULL DEFAULT 0, status INTEGER, message TEXT NOT NULL DEFAULT '', PRIMARY KEY (webhook, notice)
   ) WITHOUT ROWID;
   CREATE INDEX delivery_due ON delivery (due) WHERE due IS NOT NULL;`,
];

/** Notifications that are kept; older ones are forgotten with what became of them. */
export const KEPT = 1_000;
export const MAX_WEBHOOKS = 10;

interface NoticeRow extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  type: NotificationType;
  at: number;
  message: string;
  subject: string;
  resolved: number | null;
}

/** A webhook as it is stored; `secret` is sealed. */
export interface WebhookRow extends Record<string, SqlStorageValue> {
  id: string;
  workspace: string;
  url: string;
  types: string;
  secret: string;
  enabled: number;
  reason: string | null;
  created: number;
}

/** A delivery that is to be tried. */
export interface DueDelivery extends Record<string, SqlStorageValue> {
  webhook: string;
  notice: number;
  attempts: number;
}

const time = (at: number) => new Date(at).toISOString();

/** What has become of a try. `due`: when to try again, null where that is not to be. */
export interface Outcome {
  ok: boolean;
  status: number | null;
  message: string;
  due: number | null;
}

/** Notes `news`, with a delivery to every webhook that wants it. Answers its number; null where the same is open already. */
export function addNotice(
  sql: SqlStorage,
  id: string,
  { type, about, message, subject }: News,
  now: number,
  isOver = false,
): number | null {
  const [open] = sql.exec("SELECT 1 FROM notice WHERE about = ? AND type = ? AND resolved IS NULL", about, type).toArray();
  if (open) return null;
  const { seq } = sql
    .exec<{ seq: number }>(
      "INSERT INTO notice (id, type, about, at, message, subject, resolved) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING seq",
      ...[id, type, about, now, message, JSON.stringify(subject), isOver ? now : null],
    )
    .one();
  for (const webhook of listWebhookRows(sql)) {
    const types = JSON.parse(webhook.types) as string[];
    const isWanted = webhook.enabled === 1 && webhook.id !== about && (types.length === 0 || types.includes(type));
    if (isWanted) sql.exec("INSERT INTO delivery (webhook, notice, due, at) VALUES (?, ?, ?, ?)", webhook.id, seq, now, now);
  }
  sql.exec("DELETE FROM delivery WHERE notice <= ?", seq - KEPT);
  sql.exec("DELETE FROM notice WHERE seq <= ?", seq - KEPT);
  return seq;
}

/** Resolves what is open about `about`. Answers how many there were. */
export const resolveNotices = (sql: SqlStorage, about: string, now: number): number =>
  sql.exec("UPDATE notice SET resolved = ? WHERE about = ? AND resolved IS NULL RETURNING 1 AS n", now, about).toArray().length;

/** Up to which number the reader has read. */
const readUpTo = (sql: SqlStorage, reader: string): number =>
  sql.exec<{ seq: number }>("SELECT seq FROM reader WHERE id = ?", reader).toArray()[0]?.seq ?? 0;

export function listNotices(sql: SqlStorage, reader: string, { type, unread, below, limit }: NoticeFilter): NumberedNotice[] {
  const read = readUpTo(sql, reader);
  return sql
    .exec<NoticeRow>(
      `SELECT seq, id, type, at, message, subject, resolved FROM notice
       WHERE seq < ?1 AND seq > ?2 AND (?3 IS NULL OR type = ?3) ORDER BY seq DESC LIMIT ?4`,
      ...[below ?? Number.MAX_SAFE_INTEGER, unread ? read : 0, type ?? null, limit],
    )
    .toArray()
    .map((row) => ({ ...toNotice(row), seq: row.seq, read: row.seq <= read }));
}

/** The notification of that number. */
export function readNotice(sql: SqlStorage, seq: number) {
  const [row] = sql.exec<NoticeRow>("SELECT seq, id, type, at, message, subject, resolved FROM notice WHERE seq = ?", seq).toArray();
  return row && toNotice(row);
}

const toNotice = ({ id, type, at, message, subject, resolved }: NoticeRow) => ({
  ...{ id, type, at: time(at), message },
  subject: JSON.parse(subject) as Record<string, string | null>,
  resolvedAt: resolved === null ? null : time(resolved),
});

export const countUnread = (sql: SqlStorage, reader: string): number =>
  sql.exec<{ n: number }>("SELECT count(*) AS n FROM notice WHERE seq > ?", readUpTo(sql, reader)).one().n;

/** The reader has read all up to the notification `through`, or all that there are. Goes back for none. */
export function markRead(sql: SqlStorage, reader: string, through: string | undefined): void {
  const where = through === undefined ? "" : "WHERE id = ?";
  const { seq } = sql
    .exec<{ seq: number | null }>(`SELECT max(seq) AS seq FROM notice ${where}`, ...(through === undefined ? [] : [through]))
    .one();
  if (seq !== null) sql.exec("INSERT INTO reader VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET seq = max(seq, ?2)", reader, seq);
}

export const listWebhookRows = (sql: SqlStorage): WebhookRow[] =>
  sql.exec<WebhookRow>("SELECT * FROM webhook ORDER BY created, id").toArray();

export const readWebhookRow = (sql: SqlStorage, id: string): WebhookRow | undefined =>
  sql.exec<WebhookRow>("SELECT * FROM webhook WHERE id = ?", id).toArray()[0];

export function insertWebhook(
  sql: SqlStorage,
  { id, workspace, url, types, secret, created }: Omit<WebhookRow, "enabled" | "reason">,
): void {
  sql.exec(
    "INSERT INTO webhook (id, workspace, url, types, secret, created) VALUES (?, ?, ?, ?, ?, ?)",
    ...[id, workspace, url, types, secret, created].map((value) => value ?? null),
  );
}

export function updateWebhook(
  sql: SqlStorage,
  { id, types, enabled, reason }: Pick<WebhookRow, "id" | "types" | "enabled" | "reason">,
): void {
  sql.exec("UPDATE webhook SET types = ?, enabled = ?, reason = ? WHERE id = ?", types, enabled, reason, id);
  if (!enabled) sql.exec("UPDATE delivery SET due = NULL WHERE webhook = ?", id);
}

export function deleteWebhook(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM delivery WHERE webhook = ?", id);
  sql.exec("DELETE FROM webhook WHERE id = ?", id);
}

/** Deliveries that are due, the oldest first. */
export const dueDeliveries = (sql: SqlStorage, now: number, limit: number): DueDelivery[] =>
  sql.exec<DueDelivery>("SELECT webhook, notice, attempts FROM delivery WHERE due <= ? ORDER BY due LIMIT ?", now, limit).toArray();

export function noteOutcome(sql: SqlStorage, { webhook, notice }: DueDelivery, { ok, status, message, due }: Outcome, now: number): void {
  sql.exec(
    "UPDATE delivery SET attempts = attempts + 1, ok = ?, status = ?, message = ?, due = ?, at = ? WHERE webhook = ? AND notice = ?",
    ...[ok ? 1 : 0, status, message, due, now, webhook, notice],
  );
}

/** When the next delivery is due; undefined where none is. */
export const nextDue = (sql: SqlStorage): number | undefined =>
  sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM delivery WHERE due IS NOT NULL").one().due ?? undefined;

/** The webhook as it goes over the wire, with its last try. */
export function toWebhook(sql: SqlStorage, { id, url, types, enabled, reason, created }: WebhookRow): NotificationWebhook {
  const [last] = sql
    .exec<{ id: string; at: number; attempts: number; ok: number; status: number | null; message: string; due: number | null }>(
      `SELECT notice.id, delivery.at, attempts, ok, status, delivery.message, due FROM delivery JOIN notice ON notice.seq = delivery.notice
       WHERE webhook = ? AND attempts > 0 ORDER BY delivery.at DESC, notice DESC LIMIT 1`,
      id,
    )
    .toArray();
  const lastDelivery: Delivery | null = last
    ? {
        ...{ notification: last.id, at: time(last.at), attempts: last.attempts, ok: last.ok === 1 },
        ...{ status: last.status, message: last.message, nextAt: last.due === null ? null : time(last.due) },
      }
    : null;
  const wanted = JSON.parse(types) as NotificationType[];
  return { id, url, types: wanted, enabled: enabled === 1, reason, createdAt: time(created), lastDelivery };
}
