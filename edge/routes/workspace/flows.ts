import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { DraftSaved, FlowFilter, FlowInfo, FlowPatch, FlowRow } from "../../../shared/api/workspace-flow.ts";
import { FlowFile } from "../../../shared/flow/flow-file.ts";
import { catalogue } from "../../db/catalogue.ts";
import { changeDraft, findFlow, findVersion, saveDraft, setPublished } from "../../db/flow-files.ts";
import { listFlows } from "../../db/flow-list.ts";
import { moveFlow } from "../../db/flow-versions.ts";
import { findFolder } from "../../db/folders.ts";
import { loadAppNames } from "../../db/published-flows.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody, readBody } from "../../http/cap-body.ts";
import { readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { jsonWithETag, revisionedETag } from "../../http/etag.ts";
import {
  announceFlow,
  checkDraftMatch,
  checkSource,
  draftChanged,
  draftTag,
  type ListContext,
  refuseBinned,
  theFlow,
  toFlowInfo,
  toFlowRow,
} from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember, requireMemberSomewhere, requireOnFlow } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { readFileBody } from "./files.ts";

const Saved = z.object({ key: z.string(), changed: z.boolean() });
const Query = FlowFilter.extend({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(2_000).optional(),
});
const Position = z.tuple([z.string(), z.string()]);
const common = { tag: "Flows", security: "member" as const };

/** What lists need around flows. */
export async function listContext(env: AppEnv["Bindings"], workspace: string): Promise<ListContext> {
  const [appNames, openErrors] = await Promise.all([
    loadAppNames(catalogue(env), workspace),
    env.LEDGERS.getByName(workspace)
      .openErrors()
      .catch((): Record<string, number> => ({})),
  ]);
  return { publicUrl: env.PUBLIC_URL, workspace, appNames, openErrors: new Map(Object.entries(openErrors)) };
}

/** Flows: the list, one, its draft, and what users get of it. */
export const workspaceFlows = new Hono<AppEnv>()
  .get(
    "/",
    describe({ ...common, summary: "List flows by name", answers: { 200: listOf(FlowRow) }, problems: ["bad_request"] }),
    requireMember("read"),
    validate("query", Query),
    async (c) => {
      const { limit, cursor, ...filter } = c.req.valid("query");
      const { workspace } = c.var.member;
      const list = ["flows", workspace, filter];
      const after = await readCursor(list, cursor, Position);
      const context = await listContext(c.env, workspace);
      const rows = await listFlows(catalogue(c.env), workspace, filter, {
        after: after && { name: after[0], key: after[1] },
        limit: limit + 1,
        failing: [...context.openErrors.keys()],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = rows.length > limit && last ? await writeCursor(list, [last.name, last.key]) : null;
      return c.json({ items: page.map((row) => toFlowRow(row, context)), nextCursor });
    },
  )
  .post(
    "/",
    describe({
      ...common,
      summary: "Store a flow file as the flow's draft",
      description: "`If-None-Match: *` makes a new flow only. `If-Match` with the ETag of `…/file` changes that revision only.",
      answers: { 200: Saved },
      problems: ["invalid", "too_large", "conflict", "already_exists", "precondition_failed"],
    }),
    requireMemberSomewhere("write"),
    async (c) => {
      const { source, file } = await readFileBody(c, FlowFile);
      await requireOnFlow(c, file.key, "write");
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      await refuseBinned(db, workspace, file.key);
      const before = await findFlow(db, workspace, file.key);
      if (before && c.req.header("if-none-match")?.trim() === "*")
        throw new ProblemError("already_exists", `There is a flow “${file.key}” already. Use another key.`);
      if (before) checkDraftMatch(c, before);
      const { changed } = await saveDraft(db, workspace, source, file);
      noteChange(c, { action: before ? "flow.draft_saved" : "flow.created", target: file.key });
      return c.json({ key: file.key, changed });
    },
  )
  .get(
    "/:flow",
    describe({ ...common, summary: "One flow", answers: { 200: FlowInfo, 304: null }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const { workspace } = c.var.member;
      const db = catalogue(c.env);
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const info = await toFlowInfo(db, flow, await listContext(c.env, workspace));
      return jsonWithETag(c, info, await revisionedETag(flow.revision, info));
    },
  )
  .patch(
    "/:flow",
    describe({
      ...common,
      summary: "Publish another version, withdraw the flow, or move it to a folder",
      answers: { 200: z.object({ published: z.number().int().nullable(), folder: z.string().nullable() }) },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write"),
    capBody,
    validate("json", FlowPatch),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const { published, folder } = c.req.valid("json");
      const wanted = typeof published === "number" ? await findVersion(db, workspace, flow.id, published) : undefined;
      if (typeof published === "number" && !wanted?.available)
        throw new ProblemError("invalid", `The flow has no ${wanted ? "available " : ""}version ${published}.`, {
          errors: [{ path: "published", code: "unknown", message: wanted ? "Make this version available first" : "No such version" }],
        });
      if (typeof folder === "string" && !(await findFolder(db, workspace, folder)))
        throw new ProblemError("invalid", "There is no such folder.", {
          errors: [{ path: "folder", code: "unknown", message: "No such folder" }],
        });
      if (published !== undefined) {
        await setPublished(db, workspace, flow.key, published);
        const action = published === null ? "flow.withdrawn" : "flow.version_published";
        noteChange(c, { action, target: flow.key, before: flow.published, after: published });
      }
      if (folder !== undefined) {
        await moveFlow(db, workspace, flow.id, folder);
        noteChange(c, { action: "flow.moved", target: flow.key, before: flow.folder, after: folder });
      }
      if (published !== undefined) c.executionCtx.waitUntil(announceFlow(c.env, workspace, flow.key));
      return c.json({
        published: published === undefined ? flow.published : published,
        folder: folder === undefined ? flow.folder : folder,
      });
    },
  )
  .get(
    "/:flow/file",
    describe({
      ...common,
      summary: "Download a flow's draft, byte for byte",
      answers: { 200: null, 304: null },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const flow = await theFlow(catalogue(c.env), c.var.member.workspace, c.req.param("flow"));
      const etag = draftTag(flow.revision);
      if (c.req.header("if-none-match")?.includes(etag)) return c.body(null, 304, { etag });
      return c.body(flow.draft ?? "", 200, { "content-type": "application/yaml; charset=utf-8", etag, ...download(c, flow.key) });
    },
  )
  .put(
    "/:flow/file",
    describe({
      ...common,
      summary: "Store the draft as it is written, faults and all",
      description:
        "For editors: what keeps the draft from being published comes back as `faults`. With `If-Match`, a draft that somebody else has changed meanwhile is refused with 412; the problem then carries it as `current`, with its `etag`.",
      answers: { 200: DraftSaved },
      problems: ["not_found", "invalid", "too_large", "precondition_failed"],
    }),
    requireMember("write"),
    async (c) => {
      const source = await readBody(c.req.raw);
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      checkDraftMatch(c, flow);
      const { file, faults } = await checkSource(db, workspace, source);
      if (file && file.key !== flow.key)
        throw new ProblemError(
          "invalid",
          `The file's key is “${file.key}”, the flow's is “${flow.key}”. A key stays; fork the flow instead.`,
          {
            errors: [{ path: "key", code: "changed", message: "A flow's key stays" }],
          },
        );
      const revision = flow.draft === source ? flow.revision : await changeDraft(db, workspace, flow, source, file);
      if (revision === undefined) throw draftChanged(await theFlow(db, workspace, flow.key));
      noteChange(c, { action: "flow.draft_saved", target: flow.key, after: { revision } });
      c.header("etag", draftTag(revision));
      return c.json({ key: flow.key, changed: flow.draft !== source, revision, faults });
    },
  );

/** `?download` saves the file instead of showing it. */
function download(c: { req: { query: (name: string) => string | undefined } }, key: string): Record<string, string> {
  return c.req.query("download") === undefined ? {} : { "content-disposition": `attachment; filename="${key}.flow.yaml"` };
}
