import { Hono } from "hono";
import { listOf } from "../../../shared/api/list.ts";
import { FlowDeploy, FlowDeployed, SetupLink } from "../../../shared/api/setup-link.ts";
import { catalogue } from "../../db/catalogue.ts";
import { deleteSetupLink, listSetupLinks, type SetupLinkRow } from "../../db/setup-links.ts";
import { announce } from "../../http/announce.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { deployFlow } from "../../http/deploy-flow.ts";
import { describe } from "../../http/describe.ts";
import { theFlow } from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

const common = { tag: "Integrations", security: "member" as const };
type Whose = { id: string; externalId: string; name: string | null; org: string | null };

const toLink = (
  { id, author, integration, createdAt, expiresAt }: SetupLinkRow,
  { id: user, externalId, name, org }: Whose,
): SetupLink => ({
  ...{ id, user: { id: user, externalId, name, org }, author, integration },
  ...{ createdAt: new Date(createdAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() },
});

/** Flows set up for users by members, and the links that ask users for what is missing. */
export const workspaceDeployments = new Hono<AppEnv>()
  .post(
    "/:flow/deploy",
    describe({
      ...common,
      summary: "Set up an integration of the published version for a user",
      description:
        "Done at once where nothing is missing: an account of the user that is the only one for its slot is taken. Else what was given is kept as the user's draft, and `link.url` asks them for the rest: it is shown this once, lasts seven days, is good for one setup, and takes the place of an earlier one.",
      answers: { 201: FlowDeployed },
      problems: ["not_found", "invalid", "gone", "already_exists"],
    }),
    requireMember("write"),
    capBody,
    validate("json", FlowDeploy),
    async (c) => {
      const { workspace, name: author } = c.var.member;
      const db = catalogue(c.env);
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      if (flow.published === null)
        throw new ProblemError("invalid", "The flow is not published. Publish it, or give users one of its versions, first.");
      const done = await deployFlow(c.env, db, { workspace, flow, author }, c.req.valid("json"));
      const { user } = done;
      if (done.kind === "made") {
        const { id, status } = done.integration;
        noteChange(c, { action: "integration.created", target: id, after: { flow: flow.key, user: user.id, name: done.integration.name } });
        await announce(c.env, workspace, user.ref, { type: "integration", integration: { id, flow: flow.key, status } });
        return c.json({ integration: id, link: null, missing: [] }, 201);
      }
      const { link, token, missing } = done;
      noteChange(c, { action: "integration.asked_for", target: link.id, after: { flow: flow.key, user: user.id } });
      const whose = { id: user.ref, externalId: user.id, name: user.name, org: user.org };
      return c.json({ integration: null, link: { ...toLink(link, whose), url: `${c.env.PUBLIC_URL}/setup#${token}` }, missing }, 201);
    },
  )
  .get(
    "/:flow/links",
    describe({
      ...common,
      summary: "List setup links that users have not used yet",
      answers: { 200: listOf(SetupLink) },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow"));
      const rows = await listSetupLinks(db, flow.workspace, flow.id);
      return c.json({ items: rows.map(({ row, user }) => toLink(row, user)), nextCursor: null });
    },
  )
  .delete(
    "/:flow/links/:link",
    describe({ ...common, summary: "Withdraw a setup link", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("write"),
    async (c) => {
      const db = catalogue(c.env);
      const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow"));
      const row = await deleteSetupLink(db, flow.workspace, flow.id, c.req.param("link"));
      if (!row) throw new ProblemError("not_found", "The flow has no such link. It may have been used or withdrawn.");
      noteChange(c, { action: "integration.link_withdrawn", target: row.id, before: { flow: flow.key } });
      return c.body(null, 204);
    },
  );
