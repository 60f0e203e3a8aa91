import { type Context, Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { Run, RunDetail, RunRepeat, RunRetried, RunRetry, RunStatus, StepRun } from "../../../shared/api/run.ts";
import { Slot } from "../../../shared/api/slot.ts";
import { catalogue } from "../../db/catalogue.ts";
import { findExisting, findOwner } from "../../db/integrations.ts";
import { findUserRef } from "../../db/users.ts";
import type { Env } from "../../env.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { jsonWithETag } from "../../http/etag.ts";
import { idempotent } from "../../http/idempotency.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { noteRetries, retryMany } from "../../http/retry-runs.ts";
import {
  answerRuns,
  answerSlots,
  findMemberRun,
  noRun,
  noStep,
  planRepeat,
  RepeatQuery,
  RunQuery,
  retryOptions,
  SlotQuery,
  Started,
  StepPath,
  StepsFrom,
  started,
  Time,
} from "../../http/run-requests.ts";
import { validate } from "../../http/validate.ts";

const key = z.string().max(64).optional();
const Query = z.object({
  status: RunStatus.optional(),
  ...{ flow: key, integration: key, block: key },
  user: z.string().max(256).optional().meta({ description: "The host's own id of the user, or `usr_…`" }),
  ...{ from: Time.optional(), to: Time.optional() },
  ...paging,
});
const Bulk = RunRetry.extend({ runs: z.array(z.string().max(100)).min(1).max(100) });
const Position = z.tuple([z.string(), z.string()]);
const common = { tag: "Runs", security: "member" as const };

/** Runs of all users: the list is the ledger's index, one run comes from the object that holds it. */
export const workspaceRuns = new Hono<AppEnv>()
  .get(
    "/runs",
    describe({
      ...common,
      summary: "List the workspace's runs, newest first",
      description: "Those of integrations that were removed are listed with `removed` for as long as others; one by id is 410 `gone` then.",
      answers: { 200: listOf(Run) },
      problems: ["bad_request"],
    }),
    requireMember("read"),
    validate("query", Query),
    async (c) => {
      const { limit, cursor, user, from, to, ...same } = c.req.valid("query");
      const { workspace } = c.var.member;
      const list = ["runs", workspace, user ?? null, from ?? null, to ?? null, same];
      const after = await readCursor(list, cursor, Position);
      const ref = user === undefined ? undefined : await findUserRef(catalogue(c.env), workspace, user);
      if (user !== undefined && ref === undefined) return c.json({ items: [], nextCursor: null });
      const given = { ...same, user: ref, from: from && new Date(from).toISOString(), to: to && new Date(to).toISOString() };
      const page = await c.env.LEDGERS.getByName(workspace).listRuns({
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        limit,
        ...(after ? { after: { acceptedAt: after[0], id: after[1] } } : {}),
      });
      const next = page.nextCursor === null ? null : Position.parse(JSON.parse(page.nextCursor));
      const items = await markRemoved(c.env, workspace, page.items);
      return c.json({ items, nextCursor: next && (await writeCursor(list, next)) });
    },
  )
  .post(
    "/runs/retry",
    describe({
      ...common,
      summary: "Try up to 100 finished runs again",
      description: "Each as `POST …/runs/{run}/retry` would, with the same `from` and `input`. One that is refused keeps no other from it.",
      answers: { 200: z.object({ items: z.array(RunRetried) }) },
      problems: ["invalid"],
    }),
    requireMember("write", "events"),
    capBody,
    idempotent,
    validate("json", Bulk),
    async (c) => {
      const { runs, ...options } = c.req.valid("json");
      const items = await retryMany(c.env, c.var.member.workspace, runs, retryOptions(options));
      for (const { run, started } of items.filter((one) => one.started !== undefined))
        noteChange(c, { action: "run.retried", target: run, after: { run: started } });
      return c.json({ items });
    },
  )
  .get(
    "/runs/:run",
    describe({ ...common, summary: "One run with its steps", answers: { 200: RunDetail, 304: null }, problems: ["not_found", "gone"] }),
    requireMember("read"),
    validate("query", StepsFrom),
    async (c) => {
      const { object, run } = await findMemberRun(c.env, c.var.member.workspace, c.req.param("run"));
      const found = await object.readRun(run, c.req.valid("query").steps);
      if (!found) throw noRun();
      return jsonWithETag(c, found);
    },
  )
  .get(
    "/runs/:run/steps",
    describe({ ...common, summary: "One step of a run, whole", answers: { 200: StepRun }, problems: ["not_found", "gone", "bad_request"] }),
    requireMember("read"),
    validate("query", StepPath),
    async (c) => {
      const { object, run } = await findMemberRun(c.env, c.var.member.workspace, c.req.param("run"));
      const step = await object.readStep(run, c.req.valid("query").path);
      if (!step) throw noStep();
      return c.json(step);
    },
  )
  .get(
    "/runs/:run/repeat",
    describe({
      ...common,
      summary: "What a retry would repeat",
      answers: { 200: RunRepeat },
      problems: ["not_found", "gone", "conflict", "invalid"],
    }),
    requireMember("read"),
    validate("query", RepeatQuery),
    async (c) => {
      const { run } = await findMemberRun(c.env, c.var.member.workspace, c.req.param("run"));
      return c.json(await planRepeat(c.env, run, c.req.valid("query")));
    },
  )
  .post(
    "/runs/:run/retry",
    describe({
      ...common,
      summary: "Try a finished run again",
      answers: { 202: Started },
      problems: ["not_found", "gone", "conflict", "invalid", "quota_exceeded"],
    }),
    requireMember("write", "events"),
    capBody,
    idempotent,
    validate("json", RunRetry),
    async (c) => {
      const { object, run } = await findMemberRun(c.env, c.var.member.workspace, c.req.param("run"));
      const again = started(await object.retryRun(run, retryOptions(c.req.valid("json"))));
      await noteRetries(c.env, c.var.member.workspace, [{ run, started: again.run }]);
      noteChange(c, { action: "run.retried", target: run, after: { run: again.run } });
      return c.json(again, 202);
    },
  )
  .post(
    "/runs/:run/cancel",
    describe({ ...common, summary: "Cancel a run", answers: { 200: Run }, problems: ["not_found", "gone"] }),
    requireMember("write", "events"),
    async (c) => {
      const { object, run } = await findMemberRun(c.env, c.var.member.workspace, c.req.param("run"));
      const canceled = await object.cancelRun(run);
      if (!canceled) throw noRun();
      noteChange(c, { action: "run.canceled", target: run });
      return c.json(canceled);
    },
  )
  .get(
    "/integrations/:id/runs",
    describe({
      ...common,
      summary: "List an integration's runs, newest first",
      answers: { 200: listOf(Run) },
      problems: ["not_found", "bad_request"],
    }),
    requireMember("read"),
    validate("query", RunQuery),
    async (c) => {
      const id = c.req.param("id");
      await refuseOthers(c, id);
      return c.json(await answerRuns(c.env, id, c.req.valid("query")));
    },
  )
  .get(
    "/integrations/:id/slots",
    describe({
      ...common,
      summary: "How the due times of schedules and polls ended, latest first",
      answers: { 200: listOf(Slot) },
      problems: ["not_found", "bad_request"],
    }),
    requireMember("read"),
    validate("query", SlotQuery),
    async (c) => {
      const id = c.req.param("id");
      await refuseOthers(c, id);
      return c.json(await answerSlots(c.env, id, c.req.valid("query")));
    },
  );

/** `runs`, those marked whose integration is there no more. */
async function markRemoved(env: Env, workspace: string, runs: readonly Run[]): Promise<Run[]> {
  if (!runs.length) return [];
  const existing = await findExisting(catalogue(env), workspace, [...new Set(runs.map(({ integration }) => integration))]);
  return runs.map((run) => (existing.has(run.integration) ? run : { ...run, removed: true }));
}

async function refuseOthers(c: Context<AppEnv>, integration: string): Promise<void> {
  const owner = await findOwner(catalogue(c.env), integration);
  if (owner?.workspace !== c.var.member.workspace) throw new ProblemError("not_found", "There is no such integration.");
}
