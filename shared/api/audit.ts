import { z } from "zod";

/** Who made a change: a member, an API token, a user of the host, whoever operates the deployment, or Inlay by itself. */
export const AuditActor = z.object({
  type: z.enum(["member", "token", "user", "operator", "system"]),
  /** `mem_…`, `tok_…`, `usr_…`, `operator`, or what of Inlay it was. */
  id: z.string(),
  name: z.string().nullable(),
});
export type AuditActor = z.infer<typeof AuditActor>;

/** One change, as the workspace's log keeps it. `before` and `after` hold what differs; secrets are masked in both. */
export const AuditEntry = z.object({
  /** Counts from 1 without a gap. */
  seq: z.number().int(),
  at: z.string(),
  actor: AuditActor,
  /** `integration.updated`, `key.revoked`, …; for a route that names none, its method and pattern. */
  action: z.string(),
  /** What was changed: an id or a key. */
  target: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** Address (as the platform saw it) and program of whoever asked, and the request's id. */
  from: z.object({ address: z.string().nullable(), agent: z.string().nullable(), request: z.string().nullable() }),
  /** Of this entry and, through the one before, of all that came earlier. */
  mac: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What a check of the log has found: from `after` on, `checked` entries hold, up to `head`; `broken` is the first that does not. */
export const AuditCheck = z.object({
  ok: z.boolean(),
  checked: z.number().int(),
  /** Where the next page begins; null where the log's end was reached. */
  next: z.number().int().nullable(),
  head: z.object({ seq: z.number().int(), mac: z.string() }),
  broken: z
    .object({
      seq: z.number().int(),
      reason: z.enum(["changed", "missing"]),
      at: z.string().nullable(),
      action: z.string().nullable(),
      target: z.string().nullable(),
    })
    .optional(),
});
export type AuditCheck = z.infer<typeof AuditCheck>;
