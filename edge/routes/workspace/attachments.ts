import { type Context, Hono } from "hono";
import { z } from "zod";
import { Attachment, AttachmentName, AttachmentPatch } from "../../../shared/api/attachment.ts";
import { ATTACHMENT_MAX_BYTES, ATTACHMENT_TYPES, ATTACHMENTS_MAX } from "../../../shared/api/attachment-kinds.ts";
import { listOf } from "../../../shared/api/list.ts";
import {
  type AttachmentRow,
  countAttachments,
  deleteAttachment,
  findAttachment,
  insertAttachment,
  listAttachments,
  renameAttachment,
} from "../../db/attachments.ts";
import { catalogue } from "../../db/catalogue.ts";
import { newId } from "../../db/new-id.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { putFile, readFile, removeFile } from "../../http/attachment-files.ts";
import { attachmentType, endingOf } from "../../http/attachment-type.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody, readBytes } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { theFlow } from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

const common = { tag: "Attachments", security: "member" as const };
const Query = z.object({ name: AttachmentName });
const NAMES = Object.keys(ATTACHMENT_TYPES).join(", ");

/** Files that members keep with a flow. Nobody but members reads them, and no browser shows one: it is saved. */
export const workspaceAttachments = new Hono<AppEnv>()
  .get(
    "/:flow/attachments",
    describe({
      ...common,
      summary: "List a flow's attachments, newest first",
      answers: { 200: listOf(Attachment) },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow"));
      const rows = await listAttachments(db, flow.workspace, flow.id);
      return c.json({ items: rows.map(toAttachment), nextCursor: null });
    },
  )
  .post(
    "/:flow/attachments",
    describe({
      ...common,
      summary: "Attach a file: its bytes are the body",
      description: `Up to ${ATTACHMENT_MAX_BYTES / 1_000_000} MB, ${ATTACHMENTS_MAX} a flow: ${NAMES}. What is in the file must be what its name says.`,
      answers: { 201: Attachment },
      problems: ["not_found", "invalid", "too_large", "conflict"],
    }),
    requireMember("write"),
    validate("query", Query),
    async (c) => {
      const { name } = c.req.valid("query");
      const db = catalogue(c.env);
      const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow"));
      if ((await countAttachments(db, flow.workspace, flow.id)) >= ATTACHMENTS_MAX)
        throw new ProblemError("conflict", `A flow has at most ${ATTACHMENTS_MAX} attachments. Remove one first.`);
      const bytes = await readBytes(c.req.raw, ATTACHMENT_MAX_BYTES);
      if (!bytes) throw new ProblemError("too_large", `The file is larger than ${ATTACHMENT_MAX_BYTES / 1_000_000} MB.`);
      if (!bytes.byteLength) throw refused("The file is empty.", "empty");
      const type = attachmentType(name, bytes);
      if (type === undefined) throw refused(`“${name}” cannot be attached: use ${NAMES}, with what its name says inside.`, "type");
      const row: AttachmentRow = {
        ...{ id: newId("fil"), workspace: flow.workspace, flow: flow.id, name, type, size: bytes.byteLength },
        ...{ author: c.var.member.name, createdAt: Date.now() },
      };
      await putFile(c.env, row, bytes, type);
      await insertAttachment(db, row);
      noteChange(c, { action: "attachment.added", target: flow.key, after: { id: row.id, name, type, size: row.size } });
      return c.json(toAttachment(row), 201);
    },
  )
  .get(
    "/:flow/attachments/:attachment",
    describe({ ...common, summary: "Download an attachment", answers: { 200: null }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const { row } = await load(c);
      const body = await readFile(c.env, row);
      if (!body) throw missing();
      return c.body(body, 200, {
        "content-type": row.type,
        "content-length": String(row.size),
        "content-disposition": `attachment; filename="${row.name.replace(/[^\x20-\x7e]|["\\]/g, "_")}"; filename*=UTF-8''${encodeName(row.name)}`,
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
      });
    },
  )
  .patch(
    "/:flow/attachments/:attachment",
    describe({
      ...common,
      summary: "Rename an attachment; its ending stays",
      answers: { 200: Attachment },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write"),
    capBody,
    validate("json", AttachmentPatch),
    async (c) => {
      const { row, flow } = await load(c);
      const { name } = c.req.valid("json");
      if (endingOf(name) !== endingOf(row.name)) throw refused(`The name must end in “.${endingOf(row.name)}”.`, "ending");
      await renameAttachment(catalogue(c.env), row, name);
      noteChange(c, { action: "attachment.renamed", target: flow, before: { id: row.id, name: row.name }, after: { id: row.id, name } });
      return c.json(toAttachment({ ...row, name }));
    },
  )
  .delete(
    "/:flow/attachments/:attachment",
    describe({ ...common, summary: "Remove an attachment", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("write"),
    async (c) => {
      const { row, flow } = await load(c);
      await deleteAttachment(catalogue(c.env), row);
      await removeFile(c.env, row);
      noteChange(c, { action: "attachment.removed", target: flow, before: { id: row.id, name: row.name, size: row.size } });
      return c.body(null, 204);
    },
  );

const toAttachment = ({ id, name, type, size, author, createdAt }: AttachmentRow): Attachment => ({
  ...{ id, name, type, size, author },
  createdAt: new Date(createdAt).toISOString(),
});

async function load(c: Context<AppEnv>): Promise<{ row: AttachmentRow; flow: string }> {
  const db = catalogue(c.env);
  const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow") ?? "");
  const row = await findAttachment(db, flow.workspace, flow.id, c.req.param("attachment") ?? "");
  if (!row) throw missing();
  return { row, flow: flow.key };
}

/** RFC 8187: what `encodeURIComponent` leaves, but for what a header may not hold. */
const encodeName = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const missing = () => new ProblemError("not_found", "The flow has no such attachment. It may have been removed.");
const refused = (message: string, code: string) => new ProblemError("invalid", message, { errors: [{ path: "name", code, message }] });
