// The chain: each entry's code covers the one before it, under a key of the workspace. Whoever can write the rows but lacks the key cannot
// mend the chain behind a change. Everything here is synchronous, so two appends cannot take the same place.
import { createHmac } from "node:crypto";
import type { AuditCheck } from "../../../shared/api/audit.ts";
import { equalText } from "../../security/equal-text.ts";
import type { AuditChange, AuditFilter, AuditRow } from "./rpc.ts";

/** The object's tables. Times are ms since epoch; `body` is JSON: who, old, new, from where. Rows are neither changed nor deleted. */
export const AUDIT_STEPS: readonly string[] = [
  `CREATE TABLE entry (
     seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL,
     body TEXT NOT NULL, mac TEXT NOT NULL
   );
   CREATE INDEX entry_actor ON entry (actor, seq);
   CREATE INDEX entry_action ON entry (action, seq);
   CREATE INDEX entry_target ON entry (target, seq);
   CREATE INDEX entry_at ON entry (at, seq);
   CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
   CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;`,
];

interface Row extends AuditRow {
  [column: string]: SqlStorageValue;
  actor: string;
}

/** The end of a chain. An empty one ends in 0 and an empty code. */
export interface Head {
  seq: number;
  mac: string;
}

/** The last entry's number and code. */
export function readHead(sql: SqlStorage): Head {
  return sql.exec<Row>("SELECT seq, mac FROM entry ORDER BY seq DESC LIMIT 1").toArray()[0] ?? { seq: 0, mac: "" };
}

function macOf(key: Uint8Array, previous: string, { seq, at, actor, action, target, body }: Omit<Row, "mac">): string {
  const text = JSON.stringify(["inlay.audit.v1", previous, seq, at, actor, action, target, body]);
  return createHmac("sha256", key).update(text).digest("base64url");
}

/** Adds `changes` behind the last entry. Answers the new end. */
export function appendEntries(sql: SqlStorage, key: Uint8Array, changes: readonly AuditChange[], now: number): Head {
  let head = readHead(sql);
  for (const { actor, action, target, before, after, from } of changes) {
    const body = JSON.stringify({ actor, before, after, from });
    const row = { seq: head.seq + 1, at: now, actor: actor.id, action, target, body };
    head = { seq: row.seq, mac: macOf(key, head.mac, row) };
    sql.exec("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row.seq, row.at, row.actor, row.action, row.target, row.body, head.mac);
  }
  return head;
}

/** Entries that fit, newest first. */
export function listEntries(sql: SqlStorage, { actor, action, target, seq, from, to, below, limit }: AuditFilter): AuditRow[] {
  const conditions: [string, SqlStorageValue | undefined][] = [
    ["actor = ?", actor],
    ["target = ?", target],
    ["seq = ?", seq],
    ["at >= ?", from],
    ["at <= ?", to],
    ["seq < ?", below],
    action?.endsWith(".") ? ["substr(action, 1, length(?)) = ?", action] : ["action = ?", action],
  ];
  const used = conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]));
  const where = used.length ? `WHERE ${used.map(({ text }) => text).join(" AND ")}` : "";
  const values = used.flatMap(({ text, value }) => Array.from(text.matchAll(/\?/g), () => value));
  const columns = "seq, at, action, target, body, mac";
  return sql.exec<Row>(`SELECT ${columns} FROM entry ${where} ORDER BY seq DESC LIMIT ?`, ...values, limit).toArray();
}

/** Checks up to `limit` entries behind number `after`, whose own code is taken as it stands. Names the first that is missing or changed. */
export function checkEntries(sql: SqlStorage, key: Uint8Array, after: number, limit: number): AuditCheck {
  const rows = sql.exec<Row>("SELECT * FROM entry WHERE seq > ? ORDER BY seq LIMIT ?", after, limit).toArray();
  const [known] = sql.exec<Row>("SELECT seq, mac FROM entry WHERE seq = ?", after).toArray();
  let head: Head = known ?? { seq: after, mac: "" };
  const end = (rest: Partial<AuditCheck>): AuditCheck => ({ ok: true, checked: head.seq - after, next: null, head, ...rest });
  if (after > 0 && !known) return end({ ok: false, broken: { seq: after, reason: "missing", at: null, action: null, target: null } });
  for (const row of rows) {
    const expected = head.seq + 1;
    if (row.seq !== expected) return end({ ok: false, broken: { seq: expected, reason: "missing", at: null, action: null, target: null } });
    if (!equalText(macOf(key, head.mac, row), row.mac)) {
      const { seq, at, action, target } = row;
      return end({ ok: false, broken: { seq, reason: "changed", at: new Date(at).toISOString(), action, target } });
    }
    head = { seq: row.seq, mac: row.mac };
  }
  return end({ next: rows.length === limit ? head.seq : null });
}
