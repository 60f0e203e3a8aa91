import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { Folder, FolderWrite, Home } from "../../../shared/api/workspace-flow.ts";
import { catalogue } from "../../db/catalogue.ts";
import { createFolder, deleteFolder, findFolder, listFolders, renameFolder } from "../../db/folders.ts";
import { readHome, writeHome } from "../../db/homes.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

const common = { tag: "Home", security: "member" as const };
const taken = (name: string) => new ProblemError("already_exists", `There is a folder “${name}” already.`);
const isStandalone = (name: string) => name.toLowerCase() === "standalone";

/** Folders, and how each member has arranged Home. */
export const workspaceFolders = new Hono<AppEnv>()
  .get(
    "/folders",
    describe({ ...common, summary: "List folders; Standalone, which is always there, first", answers: { 200: listOf(Folder) } }),
    requireMember("read"),
    async (c) => c.json({ items: await listFolders(catalogue(c.env), c.var.member.workspace), nextCursor: null }),
  )
  .post(
    "/folders",
    describe({ ...common, summary: "Make a folder", answers: { 201: Folder }, problems: ["invalid", "already_exists"] }),
    requireMember("write"),
    capBody,
    validate("json", FolderWrite),
    async (c) => {
      const { name } = c.req.valid("json");
      const id = isStandalone(name) ? undefined : await createFolder(catalogue(c.env), c.var.member.workspace, name);
      if (id === undefined) throw taken(name);
      noteChange(c, { action: "folder.created", target: id, after: { name } });
      return c.json({ id, name, flows: 0 }, 201);
    },
  )
  .patch(
    "/folders/:folder",
    describe({
      ...common,
      summary: "Rename a folder",
      answers: { 200: z.object({ id: z.string(), name: z.string() }) },
      problems: ["not_found", "invalid", "already_exists"],
    }),
    requireMember("write"),
    capBody,
    validate("json", FolderWrite),
    async (c) => {
      const { workspace } = c.var.member;
      const id = await theFolder(c.env, workspace, c.req.param("folder"));
      const { name } = c.req.valid("json");
      if (isStandalone(name) || !(await renameFolder(catalogue(c.env), workspace, id, name))) throw taken(name);
      noteChange(c, { action: "folder.renamed", target: id, after: { name } });
      return c.json({ id, name });
    },
  )
  .delete(
    "/folders/:folder",
    describe({
      ...common,
      summary: "Remove a folder; its flows move to Standalone",
      answers: { 204: null },
      problems: ["not_found", "conflict"],
    }),
    requireMember("write"),
    async (c) => {
      const { workspace } = c.var.member;
      const id = await theFolder(c.env, workspace, c.req.param("folder"));
      await deleteFolder(catalogue(c.env), workspace, id);
      noteChange(c, { action: "folder.removed", target: id });
      return c.body(null, 204);
    },
  )
  .get("/home", describe({ ...common, summary: "How you have arranged Home", answers: { 200: Home } }), requireMember("read"), async (c) =>
    c.json(await readHome(catalogue(c.env), c.var.member.workspace, whoseHome(c.var.member))),
  )
  .put(
    "/home",
    describe({
      ...common,
      summary: "Arrange Home: the view, the order of flows, and those pinned",
      description: "Kept for you alone: by a member's API token it is the member's. Flows that the order leaves out come behind, by name.",
      answers: { 204: null },
      problems: ["invalid"],
    }),
    requireMember("read"),
    capBody,
    validate("json", Home),
    async (c) => {
      c.set("changes", []);
      await writeHome(catalogue(c.env), c.var.member.workspace, whoseHome(c.var.member), c.req.valid("json"));
      return c.body(null, 204);
    },
  );

/** A member's token arranges the Home that the member sees. */
const whoseHome = ({ person, id }: AppEnv["Variables"]["member"]) => person ?? id;

async function theFolder(env: AppEnv["Bindings"], workspace: string, id: string): Promise<string> {
  if (id === "standalone") throw new ProblemError("conflict", "Standalone holds what is in no folder: it stays, under this name.");
  const found = await findFolder(catalogue(env), workspace, id);
  if (!found) throw new ProblemError("not_found", "There is no such folder.");
  return found.id;
}
