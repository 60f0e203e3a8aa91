import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { Delivery, NotificationWebhook, ReadNotification } from "../../../shared/api/notification.ts";
import { NOTIFICATION_TYPES } from "../../../shared/api/notification-types.ts";
import { newId } from "../../db/new-id.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange, noteNothing } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { sealedAs } from "../../objects/notice/notice-object.ts";
import { MAX_WEBHOOKS } from "../../objects/notice/notice-store.ts";
import { checkUrl } from "../../providers/http/guarded-fetch.ts";
import { sealSecret } from "../../security/seal.ts";

const Types = z.array(z.enum(NOTIFICATION_TYPES)).max(NOTIFICATION_TYPES.length);
const Query = z.object({ type: z.enum(NOTIFICATION_TYPES).optional(), unread: z.enum(["true", "false"]).default("false"), ...paging });
const Through = z.object({ through: z.string().max(100).optional().meta({ description: "The newest that was read. Default: all" }) });
const NewWebhook = z.object({ url: z.string().min(1).max(2_000), types: Types.default([]) });
const WebhookChange = z.object({ types: Types.optional(), enabled: z.boolean().optional() });
const Made = NotificationWebhook.extend({ secret: z.string().meta({ description: "`whsec_…`: signs what is sent; shown this once" }) });

const noWebhook = () => new ProblemError("not_found", "There is no such webhook in the workspace.");
const originOf = (url: string) => new URL(url).origin;

/** What members are told of, and where it is sent. */
export const workspaceNotifications = new Hono<AppEnv>()
  .get(
    "/",
    describe({
      tag: "Notifications",
      summary: "List what members are told of, newest first",
      description: "`unread` counts all that the asking member, or API token, has not read. The newest 1,000 are kept.",
      security: "member",
      answers: { 200: listOf(ReadNotification).extend({ unread: z.number().int() }) },
      problems: ["bad_request"],
    }),
    requireMember("read"),
    validate("query", Query),
    async (c) => {
      const { limit, cursor, type, unread } = c.req.valid("query");
      const { workspace, id } = c.var.member;
      const list = ["notifications", workspace, id, type ?? null, unread];
      const after = await readCursor(list, cursor, z.tuple([z.number()]));
      const filter = { limit: limit + 1, type, unread: unread === "true", below: after?.[0] };
      const found = await c.env.NOTICES.getByName(workspace).list(id, filter);
      const page = found.items.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = found.items.length > limit && last ? await writeCursor(list, [last.seq]) : null;
      return c.json({ items: page.map(({ seq: _, ...item }) => item), nextCursor, unread: found.unread });
    },
  )
  .post(
    "/read",
    describe({ tag: "Notifications", summary: "Mark notifications as read", security: "member", answers: { 204: null } }),
    requireMember("read"),
    capBody,
    validate("json", Through),
    async (c) => {
      const { workspace, id } = c.var.member;
      await c.env.NOTICES.getByName(workspace).read(id, c.req.valid("json").through);
      noteNothing(c);
      return c.body(null, 204);
    },
  )
  .get(
    "/webhooks",
    describe({
      tag: "Notifications",
      summary: "List the addresses that notifications are sent to",
      security: "member",
      answers: { 200: listOf(NotificationWebhook) },
    }),
    requireMember("admin"),
    async (c) => c.json({ items: await c.env.NOTICES.getByName(c.var.member.workspace).listWebhooks(), nextCursor: null }),
  )
  .post(
    "/webhooks",
    describe({
      tag: "Notifications",
      summary: "Have notifications sent to an address",
      description:
        "A POST of `{type, timestamp, data}`, signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`, `webhook-signature`); `data` is the notification. What is not answered with 2xx within 15 s comes again, with the same `webhook-id`, eleven times in four days; 410 ends it.",
      security: "member",
      answers: { 201: Made },
      problems: ["invalid", "in_use"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", NewWebhook),
    async (c) => {
      const { workspace } = c.var.member;
      const { url, types } = c.req.valid("json");
      const checked = checkUrl(c.env, url);
      if (!checked.ok) throw new ProblemError("invalid", "This address cannot be called.", { errors: [faultOf(checked.message)] });
      const id = newId("nwh");
      const secret = `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
      const sealed = await sealSecret(c.env, workspace, sealedAs(id), secret);
      const made = await c.env.NOTICES.getByName(workspace).addWebhook(workspace, { id, url: checked.url.href, types, secret: sealed });
      if (!made) throw new ProblemError("in_use", `A workspace has at most ${MAX_WEBHOOKS} webhooks for notifications. Remove one first.`);
      noteChange(c, { action: "notification-webhook.added", target: id, after: { origin: originOf(made.url), types } });
      return c.json({ ...made, secret }, 201);
    },
  )
  .patch(
    "/webhooks/:id",
    describe({
      tag: "Notifications",
      summary: "Choose what is sent to an address, or switch it off and on",
      security: "member",
      answers: { 200: NotificationWebhook },
      problems: ["invalid", "not_found"],
    }),
    requireMember("admin"),
    capBody,
    validate("json", WebhookChange),
    async (c) => {
      const { types, enabled } = c.req.valid("json");
      const change = { ...(types === undefined ? {} : { types }), ...(enabled === undefined ? {} : { enabled }) };
      const changed = await c.env.NOTICES.getByName(c.var.member.workspace).changeWebhook(c.req.param("id"), change);
      if (!changed) throw noWebhook();
      noteChange(c, { action: "notification-webhook.changed", target: changed.id, after: change });
      return c.json(changed);
    },
  )
  .delete(
    "/webhooks/:id",
    describe({
      tag: "Notifications",
      summary: "Send nothing more to an address",
      security: "member",
      answers: { 204: null },
      problems: ["not_found"],
    }),
    requireMember("admin"),
    async (c) => {
      const gone = await c.env.NOTICES.getByName(c.var.member.workspace).removeWebhook(c.req.param("id"));
      if (!gone) throw noWebhook();
      noteChange(c, { action: "notification-webhook.removed", target: gone.id, before: { origin: originOf(gone.url), types: gone.types } });
      return c.body(null, 204);
    },
  )
  .post(
    "/webhooks/:id/test",
    describe({
      tag: "Notifications",
      summary: "Send a notification of the type `test` to an address, and see what it answers",
      security: "member",
      answers: { 200: Delivery },
      problems: ["not_found"],
    }),
    requireMember("admin"),
    async (c) => {
      const id = c.req.param("id");
      const tried = await c.env.NOTICES.getByName(c.var.member.workspace).tryOut(id);
      if (!tried) throw noWebhook();
      noteChange(c, { action: "notification-webhook.tested", target: id, after: { ok: tried.ok, status: tried.status } });
      return c.json(tried);
    },
  );

const faultOf = (why: string) => ({ path: "url", code: "blocked", message: `${why.charAt(0).toUpperCase()}${why.slice(1)}.` });
