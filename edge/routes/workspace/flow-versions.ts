import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import {
  DraftSaved,
  FlowComparison,
  FlowPublish,
  FlowVersion,
  FlowVersionDetail,
  FlowVersionPatch,
} from "../../../shared/api/workspace-flow.ts";
import { type DiffLine, diffLines, toHunks, toSideRows } from "../../../shared/flow/diff-lines.ts";
import { catalogue } from "../../db/catalogue.ts";
import { changeDraft, findVersion, publishVersion } from "../../db/flow-files.ts";
import { listVersions, patchVersion } from "../../db/flow-versions.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { differing, noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { announceFlow, checkDraftMatch, checkSource, draftChanged, draftTag, readVersion, theFlow } from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { refuseLargeFile } from "../../http/refuse-large-file.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { faultsProblem } from "./files.ts";

const Compare = z.object({
  from: z.string().max(20).default("published"),
  to: z.string().max(20).default("draft"),
  view: z.enum(["unified", "side"]).default("unified"),
});
const common = { tag: "Flows", security: "member" as const };
const number = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN);

/** Versions of a flow: published with a note, never changed, compared, restored. */
export const workspaceFlowVersions = new Hono<AppEnv>()
  .get(
    "/:flow/versions",
    describe({ ...common, summary: "List versions, newest first", answers: { 200: listOf(FlowVersion) }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow"));
      return c.json({ items: await listVersions(db, c.var.member.workspace, flow), nextCursor: null });
    },
  )
  .post(
    "/:flow/versions",
    describe({
      ...common,
      summary: "Publish the draft as the next version",
      description: "With `If-Match` (the ETag of `…/file`), that revision of the draft and no other.",
      answers: { 201: z.object({ version: z.number().int() }) },
      problems: ["not_found", "invalid", "precondition_failed", "too_large"],
    }),
    requireMember("write"),
    capBody,
    validate("json", FlowPublish),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace, name: author } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      checkDraftMatch(c, flow);
      if (flow.draft === null) throw new ProblemError("invalid", "The flow has no draft. Store its file first.");
      const { file, faults } = await checkSource(db, workspace, flow.draft);
      if (!file || faults.length) throw faultsProblem(faults);
      refuseLargeFile(flow.draft, file);
      const { note = null, labels } = c.req.valid("json");
      const version = await publishVersion(db, workspace, flow.id, { source: flow.draft, file, note, labels, author });
      noteChange(c, { action: "flow.published", target: flow.key, after: { version, note } });
      c.executionCtx.waitUntil(announceFlow(c.env, workspace, flow.key));
      return c.json({ version }, 201);
    },
  )
  .get(
    "/:flow/versions/:version",
    describe({ ...common, summary: "One version with its file", answers: { 200: FlowVersionDetail }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const { name, source } = await readVersion(db, workspace, flow, noDraft(c.req.param("version")));
      const version = (await listVersions(db, workspace, flow)).find((one) => String(one.version) === name);
      if (!version) throw new ProblemError("not_found", "There is no such version.");
      return c.json({ ...version, source });
    },
  )
  .get(
    "/:flow/versions/:version/file",
    describe({
      ...common,
      summary: "Download a version's file, byte for byte",
      answers: { 200: null },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const { name, source } = await readVersion(db, workspace, flow, noDraft(c.req.param("version")));
      const file =
        c.req.query("download") === undefined ? {} : { "content-disposition": `attachment; filename="${flow.key}.v${name}.flow.yaml"` };
      return c.body(source, 200, { "content-type": "application/yaml; charset=utf-8", ...file });
    },
  )
  .patch(
    "/:flow/versions/:version",
    describe({
      ...common,
      summary: "Change a version's note and labels, or whether it is available",
      description: "Labels are kept in lower case. The published version stays available: publish another first.",
      answers: { 200: FlowVersion },
      problems: ["not_found", "invalid", "conflict"],
    }),
    requireMember("write"),
    capBody,
    validate("json", FlowVersionPatch),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const wanted = number(c.req.param("version"));
      const before = await findVersion(db, workspace, flow.id, wanted);
      if (!before) throw new ProblemError("not_found", "There is no such version.");
      const { note, labels, available } = c.req.valid("json");
      if (available === false && flow.published === wanted)
        throw new ProblemError("conflict", "This version is the one that users get. Publish another one first, or withdraw the flow.");
      const change = {
        ...(note === undefined ? {} : { note }),
        ...(labels === undefined ? {} : { labels }),
        ...(available === undefined ? {} : { available }),
      };
      await patchVersion(db, workspace, flow.id, wanted, change);
      const old = { note: before.note, labels: before.labels, available: before.available };
      noteChange(c, { action: "flow.version_changed", target: `${flow.key}@${wanted}`, ...differing(old, { ...old, ...change }) });
      return c.json((await listVersions(db, workspace, flow)).find(({ version }) => version === wanted));
    },
  )
  .post(
    "/:flow/versions/:version/restore",
    describe({
      ...common,
      summary: "Make a version's file the draft",
      description: "With `If-Match`, a draft that somebody else has changed meanwhile is kept, and the change refused with 412.",
      answers: { 200: DraftSaved },
      problems: ["not_found", "precondition_failed"],
    }),
    requireMember("write"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      checkDraftMatch(c, flow);
      const { source } = await readVersion(db, workspace, flow, noDraft(c.req.param("version")));
      const { file, faults } = await checkSource(db, workspace, source);
      const revision = flow.draft === source ? flow.revision : await changeDraft(db, workspace, flow, source, file);
      if (revision === undefined) throw draftChanged(await theFlow(db, workspace, flow.key));
      noteChange(c, { action: "flow.restored", target: flow.key, after: { version: c.req.param("version"), revision } });
      c.header("etag", draftTag(revision));
      return c.json({ key: flow.key, changed: flow.draft !== source, revision, faults });
    },
  )
  .get(
    "/:flow/compare",
    describe({
      ...common,
      summary: "What differs between two versions, or a version and the draft",
      description: "`from` and `to` are numbers, `published` or `draft`. `view=side` answers rows of two columns instead of hunks.",
      answers: { 200: FlowComparison },
      problems: ["not_found", "bad_request"],
    }),
    requireMember("read"),
    validate("query", Compare),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const { from, to, view } = c.req.valid("query");
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const [before, after] = await Promise.all([readVersion(db, workspace, flow, from), readVersion(db, workspace, flow, to)]);
      const lines = diffLines(before.source, after.source);
      const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
      const shown = view === "side" ? { rows: toSideRows(lines) } : { hunks: toHunks(lines) };
      return c.json({ from: before.name, to: after.name, added: count("added"), removed: count("removed"), ...shown });
    },
  );

/** A version's name that must not mean the draft, which is no version. */
const noDraft = (name: string) => (name === "draft" ? "" : name);
