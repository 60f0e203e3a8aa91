import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { HostEventAccepted, HostEventWrite } from "../../../shared/api/host-event.ts";
import { listOf } from "../../../shared/api/list.ts";
import { catalogue } from "../../db/catalogue.ts";
import { flows, integrations, users } from "../../db/schema.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { capBody } from "../../http/cap-body.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

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
});
const Paging = z.object(paging);

/** Users, their integrations, and the events that the host raises for them. */
export const workspacePeople = new Hono<AppEnv>()
  .get(
    "/users",
    describe({ tag: "Users", summary: "List users", security: "member", answers: { 200: listOf(UserRow) } }),
    requireMember("read"),
    validate("query", Paging),
    async (c) => {
      const { limit, cursor } = c.req.valid("query");
      const { workspace } = c.var.member;
      const after = await readCursor(["users", workspace], cursor, z.tuple([z.string()]));
      const rows = await catalogue(c.env)
        .select()
        .from(users)
        .where(and(eq(users.workspace, workspace), gt(users.externalId, after?.[0] ?? "")))
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
      return c.json({ items, nextCursor: rows.length > limit && last ? await writeCursor(["users", workspace], [last.externalId]) : null });
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
    validate("query", Paging),
    async (c) => {
      const { limit, cursor } = c.req.valid("query");
      const { workspace } = c.var.member;
      const before = await readCursor(["integrations", workspace], cursor, z.tuple([z.number()]));
      const rows = await catalogue(c.env)
        .select({ one: integrations, flow: flows.key, user: users.externalId, org: users.org })
        .from(integrations)
        .innerJoin(flows, eq(flows.id, integrations.flow))
        .innerJoin(users, eq(users.id, integrations.user))
        .where(and(eq(integrations.workspace, workspace), lt(integrations.createdAt, before?.[0] ?? Number.MAX_SAFE_INTEGER)))
        .orderBy(desc(integrations.createdAt))
        .limit(limit + 1);
      const items = rows.slice(0, limit).map(({ one, flow, user, org }) => ({
        id: one.id,
        flow,
        name: one.name,
        version: one.version,
        user,
        org,
        status: one.enabled ? (one.attention.length ? ("needs_attention" as const) : ("enabled" as const)) : ("disabled" as const),
        updatedAt: new Date(one.updatedAt).toISOString(),
      }));
      const last = rows.at(limit - 1);
      return c.json({
        items,
        nextCursor: rows.length > limit && last ? await writeCursor(["integrations", workspace], [last.one.createdAt]) : null,
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
      return c.json(await c.env.INBOXES.getByName(workspace).accept(workspace, c.req.valid("json")), 202);
    },
  );
