import { Hono } from "hono";
import { z } from "zod";
import { FlowClone, FlowCopy } from "../../../shared/api/workspace-flow.ts";
import { rewriteFile } from "../../../shared/flow/rewrite-file.ts";
import { type Catalogue, catalogue } from "../../db/catalogue.ts";
import { createFlow, isKeyTaken } from "../../db/flow-files.ts";
import type { FlowRow } from "../../db/published-flows.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { checkSource, theFlow } from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMemberOfAll } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

const common = { tag: "Flows", security: "member" as const, answers: { 201: z.object({ key: z.string() }) } };

/** A key that no flow of the workspace has: `key`, else `base` with a number. Refuses a `key` that is taken. */
export async function freeKey(db: Catalogue, workspace: string, key: string | undefined, base: string): Promise<string> {
  if (key !== undefined) {
    if (await isKeyTaken(db, workspace, key))
      throw new ProblemError("already_exists", `There is a flow “${key}” already, or one in the recycle bin. Use another key.`);
    return key;
  }
  for (let number = 1; number <= 1_000; number++) {
    const candidate = `${base.slice(0, 58)}${number === 1 ? "" : `-${number}`}`;
    if (!(await isKeyTaken(db, workspace, candidate))) return candidate;
  }
  throw new ProblemError("already_exists", "There are too many copies already: give a key.");
}

async function copyFlow(
  db: Catalogue,
  workspace: string,
  flow: FlowRow,
  wanted: z.infer<typeof FlowClone>,
  forkedFrom: string | null,
): Promise<string> {
  if (flow.draft === null) throw new ProblemError("invalid", "The flow has no draft to copy. Store its file first.");
  const key = await freeKey(db, workspace, wanted.key, `${flow.key}-copy`);
  const accounts = Object.entries(wanted.accounts ?? {}).map(([slot, account]) => [`accounts.${slot}.account`, account]);
  const source = rewriteFile(flow.draft, { key, name: wanted.name ?? `${flow.name} (copy)`, ...Object.fromEntries(accounts) });
  const { file, faults } = await checkSource(db, workspace, source);
  if (!file)
    throw new ProblemError("invalid", `The draft has a fault (line ${faults[0]?.line}): ${faults[0]?.message}. Mend it, then copy it.`);
  const strange = Object.keys(wanted.accounts ?? {}).find((slot) => file.accounts[slot]?.owner !== "workspace");
  if (strange !== undefined)
    throw new ProblemError("invalid", "An account can be named for those slots that use one of the workspace.", {
      errors: [{ path: `accounts.${strange}`, code: "unknown", message: "No slot with an account of the workspace" }],
    });
  await createFlow(db, workspace, source, file, { forkedFrom, folder: flow.folder });
  return key;
}

/** Copies of flows. Neither is published; both keep the file with its schedules and comments, and ask users for accounts anew. */
export const workspaceFlowCopies = new Hono<AppEnv>()
  .post(
    "/:flow/fork",
    describe({
      ...common,
      summary: "Fork a flow: a copy that knows where it comes from",
      problems: ["not_found", "invalid", "already_exists"],
    }),
    requireMemberOfAll("write"),
    capBody,
    validate("json", FlowCopy),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const from = `${flow.key}@${flow.published ?? "draft"}`;
      const key = await copyFlow(db, workspace, flow, c.req.valid("json"), from);
      noteChange(c, { action: "flow.forked", target: key, after: { from } });
      return c.json({ key }, 201);
    },
  )
  .post(
    "/:flow/clone",
    describe({
      ...common,
      summary: "Clone a flow: a copy of its own",
      description:
        "Schedules and comments stay. `accounts` says which accounts of the workspace the copy uses; users are asked for theirs.",
      problems: ["not_found", "invalid", "already_exists"],
    }),
    requireMemberOfAll("write"),
    capBody,
    validate("json", FlowClone),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const key = await copyFlow(db, workspace, flow, c.req.valid("json"), null);
      noteChange(c, { action: "flow.cloned", target: key, after: { from: flow.key } });
      return c.json({ key }, 201);
    },
  );
