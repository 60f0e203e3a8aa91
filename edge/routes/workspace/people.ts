import { and, asc, desc, eq, gt, lt, not, or, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { Hono } from "hono";
import { z } from "zod";
import { HostEventAccepted, HostEventWrite } from "../../../shared/api/host-event.ts";
import { listOf } from "../../../shared/api/list.ts";
import { RUN_STATUSES } from "../../../shared/api/run.ts";
import { catalogue } from "../../db/catalogue.ts";
import { needsSomebody } from "../../db/needs-somebody.ts";
import { flows, integrations, users } from "../../db/schema.ts";
import { findUserRef } from "../../db/users.ts";
import { jsonSize } from "../../engine/json-size.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { capBody } from "../../http/cap-body.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

/** Bytes of JSON: what a run takes, less what an event has beside its data. */
const MAX_EVENT = QUEUE_LIMITS.input - 1_000;

const UserRow = z.object({
  id: z.string(),
  externalId: z.string(),
  org: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  seenAt: z.string(),
});
const IntegrationRow = z.object({
  id: z.string(),
  flow: z.string(),
  name: z.string(),
  version: z.number().int(),
  user: z.string(),
  org: z.string().nullable(),
  status: z.enum(["enabled", "disabled", "needs_attention"]),
  updatedAt: z.string(),
  /** Null where it has not run, or its runs are old. */
  lastRun: z.object({ id: z.string(), status: z.enum(RUN_STATUSES), acceptedAt: z.string() }).nullable(),
  tasks: z.number().int().meta({ description: "Of all its runs that have ended" }),
});
const UserQuery = z.object({
  search: z.string().max(200).optional().meta({ description: "Part of the host's id, name, email or org" }),
  ...paging,
});
const IntegrationQuery = z.object({
  flow: z.string().max(64).optional(),
  user: z.string().max(256).optional().meta({ description: "The host's own id of the user, or `usr_…`" }),
  status: z.enum(["enabled", "disabled", "needs_attention"]).optional(),
  ...paging,
});
type Status = NonNullable<z.infer<typeof IntegrationQuery>["status"]>;

/** What `status` means in the catalogue. */
function hasStatus(status: Status) {
  if (status === "disabled") return eq(integrations.enabled, false);
  return and(eq(integrations.enabled, true), status === "enabled" ? not(needsSomebody) : needsSomebody);
}

/** Users, their integrations, and the events that the host raises for them. */
export const workspacePeople = new Hono<AppEnv>()
  .get(
    "/users",
    describe({ tag: "Users", summary: "List users", security: "member", answers: { 200: listOf(UserRow) } }),
    requireMember("read"),
    validate("query", UserQuery),
    async (c) => {
      const { limit, cursor, search } = c.req.valid("query");
      const { workspace } = c.var.member;
      const list = ["users", workspace, search ?? null];
      const after = await readCursor(list, cursor, z.tuple([z.string()]));
      const like = (column: SQLiteColumn) => sql`instr(lower(${column}), ${search?.toLowerCase() ?? ""}) > 0`;
      const isFound = search ? or(like(users.externalId), like(users.name), like(users.email), like(users.org)) : undefined;
      const rows = await catalogue(c.env)
        .select()
        .from(users)
        .where(and(eq(users.workspace, workspace), gt(users.externalId, after?.[0] ?? ""), isFound))
        .orderBy(asc(users.externalId))
        .limit(limit + 1);
      const items = rows.slice(0, limit).map(({ id, externalId, org, name, email, seenAt }) => ({
        id,
        externalId,
        org,
        name,
        email,
        seenAt: new Date(seenAt).toISOString(),
      }));
      const last = items.at(-1);
      return c.json({ items, nextCursor: rows.length > limit && last ? await writeCursor(list, [last.externalId]) : null });
    },
  )
  .get(
    "/integrations",
    describe({
      tag: "Integrations",
      summary: "List all users' integrations, newest first",
      security: "member",
      answers: { 200: listOf(IntegrationRow) },
    }),
    requireMember("read"),
    validate("query", IntegrationQuery),
    async (c) => {
      const { limit, cursor, flow, user, status } = c.req.valid("query");
      const { workspace } = c.var.member;
      const list = ["integrations", workspace, flow ?? null, user ?? null, status ?? null];
      const before = await readCursor(list, cursor, z.tuple([z.number(), z.string()]));
      const { createdAt, id } = integrations;
      const behind = before && or(lt(createdAt, before[0]), and(eq(createdAt, before[0]), lt(id, before[1])));
      const ref = user === undefined ? undefined : await findUserRef(catalogue(c.env), workspace, user);
      if (user !== undefined && ref === undefined) return c.json({ items: [], nextCursor: null });
      const rows = await catalogue(c.env)
        .select({ one: integrations, needs: needsSomebody, flow: flows.key, user: users.externalId, org: users.org })
        .from(integrations)
        .innerJoin(flows, eq(flows.id, integrations.flow))
        .innerJoin(users, eq(users.id, integrations.user))
        .where(
          and(
            eq(integrations.workspace, workspace),
            eq(integrations.removing, false),
            behind,
            flow === undefined ? undefined : eq(flows.key, flow),
            ref === undefined ? undefined : eq(integrations.user, ref),
            status === undefined ? undefined : hasStatus(status),
          ),
        )
        .orderBy(desc(createdAt), desc(id))
        .limit(limit + 1);
      const page = rows.slice(0, limit);
      const work = await c.env.LEDGERS.getByName(workspace).workOf(page.map(({ one }) => one.id));
      const items = page.map(({ one, needs, flow, user, org }) => ({
        id: one.id,
        flow,
        name: one.name,
        version: one.version,
        user,
        org,
        status: one.enabled ? (needs ? ("needs_attention" as const) : ("enabled" as const)) : ("disabled" as const),
        updatedAt: new Date(one.updatedAt).toISOString(),
        ...(work[one.id] ?? { lastRun: null, tasks: 0 }),
      }));
      const end = page.at(-1);
      return c.json({
        items,
        nextCursor: rows.length > limit && end ? await writeCursor(list, [end.one.createdAt, end.one.id]) : null,
      });
    },
  )
  .post(
    "/events",
    describe({
      tag: "Events",
      summary: "Raise a host event",
      description: "Durable before the answer. An `id` seen in the last 24 h starts nothing twice.",
      security: "member",
      answers: { 202: HostEventAccepted },
      problems: ["invalid", "too_large"],
    }),
    requireMember("events"),
    capBody,
    validate("json", HostEventWrite),
    async (c) => {
      const { workspace } = c.var.member;
      const event = c.req.valid("json");
      // Written out, numbers such as 1e20 are longer than they came: what no run takes is refused while there is somebody to tell.
      if (jsonSize(event, MAX_EVENT) > MAX_EVENT)
        throw new ProblemError(
          "too_large",
          `An event has at most ${MAX_EVENT} bytes of JSON, its numbers written out: send less in “data”.`,
        );
      return c.json(await c.env.INBOXES.getByName(workspace).accept(workspace, event), 202);
    },
  );
