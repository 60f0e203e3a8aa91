import { and, eq, inArray } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { RunRetried } from "../../../shared/api/run.ts";
import { ERROR_STATUSES, ErrorFilter, ErrorGroup, ErrorPatch, ErrorRetry, FailedRun } from "../../../shared/api/workspace-error.ts";
import { catalogue } from "../../db/catalogue.ts";
import { members } from "../../db/schema.ts";
import type { Env } from "../../env.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { differing, noteChange, noteNothing } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { csvLine, csvResponse } from "../../http/csv.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { idempotent } from "../../http/idempotency.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { retryMany } from "../../http/retry-runs.ts";
import { retryOptions } from "../../http/run-requests.ts";
import { validate } from "../../http/validate.ts";

const Query = ErrorFilter.extend({ ...paging, format: z.enum(["json", "csv"]).default("json") });
const FailedQuery = z.object({ status: z.enum(ERROR_STATUSES).default("open"), ...paging });
const Position = z.tuple([z.string(), z.string()]);
const Change = ErrorPatch.extend({ runs: z.array(z.string().max(100)).min(1).max(100).optional() });
const common = { tag: "Errors", security: "member" as const };
const ledgerOf = (env: Env, workspace: string) => env.LEDGERS.getByName(workspace);

/** What members change of an error. `open` tells of runs that were resolved one by one. */
const changeable = ({ status, open, assignee, tags }: ErrorGroup) => ({ status, open, assignee, tags });

async function theError(env: Env, workspace: string, id: string): Promise<ErrorGroup> {
  const found = await ledgerOf(env, workspace).readError(id);
  if (!found) throw new ProblemError("not_found", "There is no such error. Errors are removed with their runs, after 30 days.");
  return found;
}

/** Failed runs, sorted by what went wrong. */
export const workspaceErrors = new Hono<AppEnv>()
  .get(
    "/errors",
    describe({
      ...common,
      summary: "List errors of all flows, sorted by what went wrong, latest first",
      description: "`format=csv` answers all of them as a table.",
      answers: { 200: listOf(ErrorGroup) },
      problems: ["bad_request"],
    }),
    requireMember("read"),
    validate("query", Query),
    async (c) => {
      const { limit, cursor, format, assignee, ...same } = c.req.valid("query");
      const { workspace, id: me } = c.var.member;
      const who = assignee === "me" ? me : assignee;
      const filter = { ...same, ...(who === undefined ? {} : { assignee: who }) };
      if (format === "csv") return csvResponse("errors.csv", errorLines(c.env, workspace, filter));
      const list = ["errors", workspace, filter];
      const after = await readCursor(list, cursor, Position);
      const found = await ledgerOf(c.env, workspace).listErrors({
        ...filter,
        limit: limit + 1,
        ...(after ? { after: { last: after[0], id: after[1] } } : {}),
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return c.json({ items, nextCursor: found.length > limit && last ? await writeCursor(list, [last.lastAt, last.id]) : null });
    },
  )
  .get(
    "/errors/:error",
    describe({ ...common, summary: "One error", answers: { 200: ErrorGroup }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => c.json(await theError(c.env, c.var.member.workspace, c.req.param("error"))),
  )
  .patch(
    "/errors/:error",
    describe({
      ...common,
      summary: "Resolve an error or open it again, assign it, tag it",
      description: "With `runs`, those alone are resolved.",
      answers: { 200: ErrorGroup },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write", "events"),
    capBody,
    validate("json", Change),
    async (c) => {
      const { workspace, id: me } = c.var.member;
      const { status, assignee, tags, runs } = c.req.valid("json");
      if (typeof assignee === "string" && !(await isMember(c.env, workspace, assignee)))
        throw new ProblemError("invalid", "Assign an error to a member of this workspace.", {
          errors: [{ path: "assignee", code: "unknown", message: "No such member" }],
        });
      const change = {
        ...(status === undefined ? {} : { status }),
        ...(runs === undefined ? {} : { runs }),
        ...(assignee === undefined ? {} : { assignee }),
        ...(tags === undefined ? {} : { tags }),
      };
      const changed = await ledgerOf(c.env, workspace).changeError(c.req.param("error"), change, me);
      if (!changed) throw new ProblemError("not_found", "There is no such error. Errors are removed with their runs, after 30 days.");
      const { before, after } = changed;
      const fields = differing(changeable(before), changeable(after));
      if (Object.keys(fields.after as object).length) noteChange(c, { action: "error.changed", target: after.id, ...fields });
      else noteNothing(c);
      return c.json(after);
    },
  )
  .get(
    "/errors/:error/runs",
    describe({
      ...common,
      summary: "The failed runs of an error, latest first",
      answers: { 200: listOf(FailedRun) },
      problems: ["not_found", "bad_request"],
    }),
    requireMember("read"),
    validate("query", FailedQuery),
    async (c) => {
      const { workspace } = c.var.member;
      const { limit, cursor, status } = c.req.valid("query");
      const { id } = await theError(c.env, workspace, c.req.param("error"));
      const list = ["failed", workspace, id, status];
      const after = await readCursor(list, cursor, Position);
      const filter = { status, limit: limit + 1, ...(after ? { after: { at: after[0], run: after[1] } } : {}) };
      const found = await ledgerOf(c.env, workspace).listFailed(id, filter);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return c.json({ items, nextCursor: found.length > limit && last ? await writeCursor(list, [last.at, last.run]) : null });
    },
  )
  .post(
    "/errors/:error/retry",
    describe({
      ...common,
      summary: "Try failed runs of an error again, with other input where it is given",
      description:
        "Those named; or, without names, up to `limit` of the open ones that are not being tried again already, and `nextCursor` goes on with the rest. A run that succeeds resolves its error.",
      answers: { 200: listOf(RunRetried) },
      problems: ["not_found", "invalid", "bad_request"],
    }),
    requireMember("write", "events"),
    capBody,
    idempotent,
    validate("json", ErrorRetry),
    async (c) => {
      const { workspace } = c.var.member;
      const { runs: named, limit, cursor, ...options } = c.req.valid("json");
      const { id } = await theError(c.env, workspace, c.req.param("error"));
      const list = ["retried", workspace, id];
      const after = await readCursor(list, cursor, Position);
      const filter = { limit, ...(after ? { after: { at: after[0], run: after[1] } } : {}) };
      const page = named ? [] : await ledgerOf(c.env, workspace).claimFailed(id, filter);
      const items = await retryMany(c.env, workspace, named ?? page.map(({ run }) => run), retryOptions(options));
      const begun = { runs: items.filter(({ started }) => started !== undefined).length };
      noteChange(c, { action: "error.retried", target: id, after: begun });
      const last = page.at(-1);
      return c.json({ items, nextCursor: page.length === limit && last ? await writeCursor(list, [last.at, last.run]) : null });
    },
  );

async function isMember(env: Env, workspace: string, id: string): Promise<boolean> {
  const rows = await catalogue(env)
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.workspace, workspace), inArray(members.id, [id])));
  return rows.length > 0;
}

const COLUMNS = [
  "id",
  "flow",
  "block",
  "step",
  "class",
  "code",
  "status",
  "open",
  "total",
  "firstAt",
  "lastAt",
  "assignee",
  "pattern",
  "message",
] as const;

async function* errorLines(env: Env, workspace: string, filter: ErrorFilter): AsyncGenerator<string> {
  yield csvLine([...COLUMNS, "tags"]);
  let after: { last: string; id: string } | undefined;
  do {
    const page: ErrorGroup[] = await ledgerOf(env, workspace).listErrors({ ...filter, limit: 200, ...(after ? { after } : {}) });
    for (const group of page) yield csvLine([...COLUMNS.map((name) => group[name]), group.tags.join(" ")]);
    const last = page.at(-1);
    after = page.length === 200 && last ? { last: last.lastAt, id: last.id } : undefined;
  } while (after);
}
