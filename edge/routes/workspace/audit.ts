import { Hono } from "hono";
import { z } from "zod";
import { AuditCheck, AuditEntry } from "../../../shared/api/audit.ts";
import { listOf } from "../../../shared/api/list.ts";
import type { Env } from "../../env.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { csvLine, csvResponse } from "../../http/csv.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { requireMember } from "../../http/require-member.ts";
import { Time } from "../../http/run-requests.ts";
import { validate } from "../../http/validate.ts";
import type { AuditFilter, AuditRow } from "../../objects/audit/rpc.ts";

const Filter = z.object({
  actor: z.string().max(100).optional().meta({ description: "`mem_…`, `tok_…`, `usr_…` or `operator`" }),
  action: z.string().max(200).optional().meta({ description: "One action; with a dot at its end all that begin so: `account.`" }),
  target: z.string().max(300).optional(),
  seq: z.coerce.number().int().min(1).optional(),
  ...{ from: Time.optional(), to: Time.optional() },
});
const Query = Filter.extend({ ...paging, format: z.enum(["json", "csv"]).default("json") });
const After = z.object({ after: z.coerce.number().int().min(0).default(0) });
/** Entries that one request checks, and that one call of the object answers. */
const CHECK = 20_000;
const PAGE = 500;
const HEADINGS = ["seq", "at", "actor", "actorId", "name", "action", "target", "before", "after", "address", "agent", "request", "mac"];

/** The workspace's audit log: read, exported and checked, never written to from outside. */
export const workspaceAudit = new Hono<AppEnv>()
  .get(
    "/audit",
    describe({
      tag: "Audit",
      summary: "List changes of the workspace, newest first",
      description: "Who, what, old and new with secrets masked, from where, when. `format=csv` answers all that fit as one file.",
      security: "member",
      answers: { 200: listOf(AuditEntry) },
      problems: ["bad_request"],
    }),
    requireMember("admin"),
    validate("query", Query),
    async (c) => {
      const { limit, cursor, format, ...given } = c.req.valid("query");
      const { workspace } = c.var.member;
      const list = ["audit", workspace, given];
      const after = await readCursor(list, cursor, z.tuple([z.number()]));
      const filter = { ...given, from: given.from && Date.parse(given.from), to: given.to && Date.parse(given.to) };
      const wanted = defined({ ...filter, below: after?.[0] });
      if (format === "csv") return csvResponse("audit.csv", linesOf(c.env, workspace, wanted));
      const found = await c.env.AUDITS.getByName(workspace).list({ ...wanted, limit: limit + 1 });
      const items = found.slice(0, limit).map(toEntry);
      const last = items.at(-1);
      return c.json({ items, nextCursor: found.length > limit && last ? await writeCursor(list, [last.seq]) : null });
    },
  )
  .get(
    "/audit/verify",
    describe({
      tag: "Audit",
      summary: "Check that no entry was changed, removed or put in between",
      description: `Up to ${CHECK} entries behind \`after\`; go on from \`next\`. Keep \`head\` elsewhere to notice a log cut at its end.`,
      security: "member",
      answers: { 200: AuditCheck },
      problems: ["bad_request"],
    }),
    requireMember("admin"),
    validate("query", After),
    async (c) => {
      const { workspace } = c.var.member;
      return c.json(await c.env.AUDITS.getByName(workspace).verify(workspace, c.req.valid("query").after, CHECK));
    },
  );

type Wanted = Omit<AuditFilter, "limit">;
const defined = (filter: Record<string, unknown>): Wanted =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ""));

async function* linesOf(env: Env, workspace: string, wanted: Wanted): AsyncGenerator<string> {
  yield csvLine(HEADINGS);
  for (let below = wanted.below; ; ) {
    const page = await env.AUDITS.getByName(workspace).list({ ...wanted, ...(below === undefined ? {} : { below }), limit: PAGE });
    if (page.length) yield page.map((row) => lineOf(toEntry(row))).join("");
    below = page.at(-1)?.seq;
    if (page.length < PAGE) return;
  }
}

function toEntry({ seq, at, action, target, body, mac }: AuditRow): AuditEntry {
  const { actor, ...rest } = JSON.parse(body) as Pick<AuditEntry, "actor" | "before" | "after" | "from">;
  return { seq, at: new Date(at).toISOString(), actor, action, target, ...rest, mac };
}

function lineOf({ seq, at, actor, action, target, before, after, from, mac }: AuditEntry): string {
  return csvLine([seq, at, actor.type, actor.id, actor.name, action, target, before, after, from.address, from.agent, from.request, mac]);
}
