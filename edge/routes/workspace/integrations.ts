import { Hono } from "hono";
import { z } from "zod";
import { Integration, IntegrationPatch } from "../../../shared/api/integration.ts";
import { catalogue } from "../../db/catalogue.ts";
import { deleteDraft } from "../../db/drafts.ts";
import { loadUsableAccounts } from "../../db/usable-accounts.ts";
import { findUser } from "../../db/users.ts";
import { announce } from "../../http/announce.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { patchIntegration, upgradeIntegration } from "../../http/change-integration.ts";
import { describe } from "../../http/describe.ts";
import { checkIfMatch, IF_MATCH } from "../../http/etag.ts";
import { describeOrNull } from "../../http/find-setup.ts";
import { toIntegration } from "../../http/integration-shape.ts";
import { findMemberIntegration } from "../../http/member-integration.ts";
import { ProblemError } from "../../http/problem.ts";
import { removeIntegration } from "../../http/remove-integration.ts";
import { requireMember } from "../../http/require-member.ts";
import type { TokenUser } from "../../http/require-user.ts";
import { Started, started } from "../../http/run-requests.ts";
import { validate } from "../../http/validate.ts";

const Whose = z.object({ id: z.string(), externalId: z.string(), name: z.string().nullable(), org: z.string().nullable() });
const MemberIntegration = Integration.extend({ user: Whose });
const UserDetail = z.object({
  id: z.string(),
  externalId: z.string(),
  org: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  locale: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  createdAt: z.string(),
  seenAt: z.string(),
});
/** Members rename and switch; what a user has filled in is the user's. */
const Patch = IntegrationPatch.pick({ name: true, enabled: true });
const RunNow = z.object({ input: z.unknown().optional() });
const common = { tag: "Integrations", security: "member" as const };

const whose = ({ ref, id, name, org }: TokenUser): z.infer<typeof Whose> => ({
  id: ref,
  externalId: id,
  name: name ?? null,
  org: org ?? null,
});

async function announceOne(
  env: AppEnv["Bindings"],
  user: TokenUser,
  { id, flow, status }: Pick<Integration, "id" | "flow" | "status">,
): Promise<void> {
  await announce(env, user.workspace, user.ref, { type: "integration", integration: { id, flow, status } });
}

/** One user's integration in members' hands, and the user. */
export const workspaceIntegrations = new Hono<AppEnv>()
  .get(
    "/integrations/:id",
    describe({ ...common, summary: "One integration, and whose it is", answers: { 200: MemberIntegration }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const { user, owned } = await findMemberIntegration(db, c.var.member.workspace, c.req.param("id"));
      const [state, known] = await Promise.all([describeOrNull(c.env, owned.row.id), loadUsableAccounts(db, user)]);
      return c.json({ ...toIntegration(owned, state, known), user: whose(user) });
    },
  )
  .patch(
    "/integrations/:id",
    describe({
      ...common,
      summary: "Rename an integration, or switch it on or off",
      description: IF_MATCH,
      answers: { 200: MemberIntegration },
      problems: ["not_found", "invalid", "conflict", "precondition_failed"],
    }),
    requireMember("write"),
    capBody,
    validate("json", Patch),
    async (c) => {
      const db = catalogue(c.env);
      const { user, owned } = await findMemberIntegration(db, c.var.member.workspace, c.req.param("id"));
      checkIfMatch(c, owned.row.updatedAt);
      const state = await describeOrNull(c.env, owned.row.id);
      const patch = c.req.valid("json");
      const changed = await patchIntegration({ env: c.env, db, user, owned, state }, patch);
      const { name, enabled } = owned.row;
      const isSwitched = patch.enabled !== undefined && patch.enabled !== enabled;
      noteChange(c, {
        action: `integration.${isSwitched ? (patch.enabled ? "enabled" : "disabled") : "updated"}`,
        target: changed.id,
        before: { name, enabled },
        after: { name: changed.name, enabled: changed.status !== "disabled" },
      });
      await announceOne(c.env, user, changed);
      return c.json({ ...changed, user: whose(user) });
    },
  )
  .post(
    "/integrations/:id/upgrade",
    describe({
      ...common,
      summary: "Let an integration go on with the newest version",
      description: `Refused with \`errors\` where the newer form asks its user for more. ${IF_MATCH}`,
      answers: { 200: MemberIntegration },
      problems: ["not_found", "invalid", "gone", "conflict", "precondition_failed"],
    }),
    requireMember("write"),
    async (c) => {
      const db = catalogue(c.env);
      const { user, owned } = await findMemberIntegration(db, c.var.member.workspace, c.req.param("id"));
      checkIfMatch(c, owned.row.updatedAt);
      const state = await describeOrNull(c.env, owned.row.id);
      const changed = await upgradeIntegration({ env: c.env, db, user, owned, state }, {});
      noteChange(c, {
        action: "integration.upgraded",
        target: changed.id,
        before: { version: owned.row.version },
        after: { version: changed.version },
      });
      await announceOne(c.env, user, changed);
      return c.json({ ...changed, user: whose(user) });
    },
  )
  .post(
    "/integrations/:id/blocks/:block/run",
    describe({
      ...common,
      summary: "Run a block of an integration now",
      answers: { 202: Started },
      problems: ["not_found", "invalid", "disabled", "rate_limited"],
    }),
    requireMember("write", "events"),
    capBody,
    validate("json", RunNow),
    async (c) => {
      const { owned } = await findMemberIntegration(catalogue(c.env), c.var.member.workspace, c.req.param("id"));
      const block = c.req.param("block");
      if (!owned.file.blocks.some(({ key }) => key === block))
        throw new ProblemError("not_found", `The integration has no block “${block}”.`);
      const run = started(await c.env.INTEGRATIONS.getByName(owned.row.id).runNow(block, c.req.valid("json").input));
      noteChange(c, { action: "integration.run", target: owned.row.id, after: { block, run: run.run } });
      return c.json(run, 202);
    },
  )
  .delete(
    "/integrations/:id",
    describe({ ...common, summary: "Remove an integration, with its runs", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("write"),
    async (c) => {
      const db = catalogue(c.env);
      const { user, owned } = await findMemberIntegration(db, c.var.member.workspace, c.req.param("id"));
      const { row, flow } = owned;
      await removeIntegration(c.env, db, user, row.id);
      await deleteDraft(db, user, { flow: flow.key, integration: row.id });
      const { name, version, enabled } = row;
      noteChange(c, { action: "integration.removed", target: row.id, before: { flow: flow.key, name, version, enabled } });
      const integration = { id: row.id, flow: flow.key, status: "disabled" as const, deleted: true };
      await announce(c.env, user.workspace, user.ref, { type: "integration", integration });
      return c.body(null, 204);
    },
  )
  .get(
    "/users/:id",
    describe({
      tag: "Users",
      security: "member",
      summary: "One user: `usr_…`, or the host's own id",
      answers: { 200: UserDetail },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const found = await findUser(catalogue(c.env), c.var.member.workspace, c.req.param("id"));
      if (!found) throw new ProblemError("not_found", "There is no such user in the workspace.");
      const { workspace: _, revision: __, saidAt: ___, tellAt: ____, createdAt, seenAt, ...user } = found;
      return c.json({ ...user, createdAt: new Date(createdAt).toISOString(), seenAt: new Date(seenAt).toISOString() });
    },
  );
