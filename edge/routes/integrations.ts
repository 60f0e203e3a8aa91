import { Hono } from "hono";
import { z } from "zod";
import { Integration, IntegrationCreate, IntegrationPatch } from "../../shared/api/integration.ts";
import { listOf } from "../../shared/api/list.ts";
import { Preview } from "../../shared/api/preview.ts";
import { matchesTags, parseTags } from "../../shared/flow/tags.ts";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { deleteDraft } from "../db/drafts.ts";
import { listIntegrations, type OwnedIntegration } from "../db/integrations.ts";
import { useSetupLink } from "../db/setup-links.ts";
import { loadUsableAccounts } from "../db/usable-accounts.ts";
import { announce } from "../http/announce.ts";
import type { AppEnv } from "../http/app-env.ts";
import { differing, noteChange } from "../http/audited.ts";
import { patchIntegration, upgradeIntegration } from "../http/change-integration.ts";
import { createIntegration } from "../http/create-integration.ts";
import { paging, readCursor, writeCursor } from "../http/cursor.ts";
import { describe } from "../http/describe.ts";
import { checkIfMatch, IF_MATCH, jsonWithETag, revisionedETag } from "../http/etag.ts";
import { describeOrNull, findOwnIntegration } from "../http/find-setup.ts";
import { idempotent, idOfRequest } from "../http/idempotency.ts";
import { toIntegration } from "../http/integration-shape.ts";
import { previewSetup } from "../http/preview-setup.ts";
import { ProblemError } from "../http/problem.ts";
import { removeIntegration } from "../http/remove-integration.ts";
import { requireUser, type TokenUser } from "../http/require-user.ts";
import { validate } from "../http/validate.ts";
import { isWithinToken } from "../http/visible-flow.ts";
import { maskValues } from "../setup-form/secret-values.ts";

const Query = z.object({ flow: z.string().max(64).optional(), tag: z.string().max(500).optional(), ...paging });
const Position = z.tuple([z.number(), z.string()]);
const Upgrade = IntegrationPatch.pick({ accounts: true, values: true });
const tag = "Integrations";

/** The user's integrations. */
export const integrations = new Hono<AppEnv>()
  .get(
    "/v1/integrations",
    describe({
      tag,
      summary: "List the user's integrations, newest first",
      answers: { 200: listOf(Integration) },
      problems: ["bad_request"],
    }),
    requireUser,
    validate("query", Query),
    async (c) => {
      const { limit, cursor, ...filter } = c.req.valid("query");
      const user = c.var.user;
      const db = catalogue(c.env);
      const list = ["integrations", user.workspace, user.ref, user.tags ?? null, filter];
      const after = await readCursor(list, cursor, Position);
      const found = await listMatching(db, user, filter, after && { createdAt: after[0], id: after[1] }, limit + 1);
      const page = found.slice(0, limit);
      const known = await loadUsableAccounts(db, user);
      const last = page.at(-1)?.row;
      return c.json({
        items: await Promise.all(page.map(async (owned) => toIntegration(owned, await describeOrNull(c.env, owned.row.id), known))),
        nextCursor: found.length > limit && last ? await writeCursor(list, [last.createdAt, last.id]) : null,
      });
    },
  )
  .post(
    "/v1/integrations",
    describe({
      tag,
      summary: "Set up an integration",
      answers: { 201: Integration },
      problems: ["invalid", "too_large", "not_found", "gone", "already_exists", "idempotency_mismatch", "conflict"],
    }),
    requireUser,
    idempotent,
    validate("json", IntegrationCreate),
    async (c) => {
      const { user } = c.var;
      const db = catalogue(c.env);
      if (user.limit?.used) throw usedUp();
      const made = await createIntegration(c.env, db, user, c.req.valid("json"), await idOfRequest(c, "int"));
      if (user.limit?.for === "setup") await useSetupLink(db, user.workspace, user.limit.link, made.id);
      noteChange(c, { action: "integration.created", target: made.id, after: loggedOf(made) });
      await announceOne(c.env, c.var.user, made);
      return c.json(made, 201);
    },
  )
  .get(
    "/v1/integrations/:id",
    describe({ tag, summary: "One integration", answers: { 200: Integration, 304: null }, problems: ["not_found"] }),
    requireUser,
    async (c) => {
      const db = catalogue(c.env);
      const owned = await findOwnIntegration(db, c.var.user, c.req.param("id"));
      const [state, known] = await Promise.all([describeOrNull(c.env, owned.row.id), loadUsableAccounts(db, c.var.user)]);
      const shown = toIntegration(owned, state, known);
      return jsonWithETag(c, shown, await revisionedETag(owned.row.updatedAt, shown));
    },
  )
  .patch(
    "/v1/integrations/:id",
    describe({
      tag,
      summary: "Rename, edit, switch on or off",
      description: `What is left out stays as it is; a value of null clears its field. ${IF_MATCH}`,
      answers: { 200: Integration },
      problems: ["invalid", "too_large", "not_found", "conflict", "precondition_failed", "idempotency_mismatch"],
    }),
    requireUser,
    idempotent,
    validate("json", IntegrationPatch),
    async (c) => {
      const db = catalogue(c.env);
      const owned = await findOwnIntegration(db, c.var.user, c.req.param("id"));
      checkIfMatch(c, owned.row.updatedAt);
      const state = await describeOrNull(c.env, owned.row.id);
      const patch = c.req.valid("json");
      const changed = await patchIntegration({ env: c.env, db, user: c.var.user, owned, state }, patch);
      const switched = patch.enabled !== undefined && patch.enabled !== owned.row.enabled;
      const action = `integration.${switched ? (patch.enabled ? "enabled" : "disabled") : "updated"}`;
      noteChange(c, { action, target: changed.id, ...differencesOf(toIntegration(owned, state, {}), changed, patch.values) });
      await announceOne(c.env, c.var.user, changed);
      c.header("etag", await revisionedETag(Date.parse(changed.updatedAt), changed));
      return c.json(changed);
    },
  )
  .delete(
    "/v1/integrations/:id",
    describe({
      tag,
      summary: "Remove an integration, with its runs",
      answers: { 204: null },
      problems: ["not_found", "precondition_failed"],
    }),
    requireUser,
    async (c) => {
      const db = catalogue(c.env);
      const user = c.var.user;
      const { row, flow } = await findOwnIntegration(db, user, c.req.param("id"));
      checkIfMatch(c, row.updatedAt);
      await removeIntegration(c.env, db, user, row.id);
      await deleteDraft(db, user, { flow: flow.key, integration: row.id });
      const { name, version, enabled } = row;
      noteChange(c, { action: "integration.removed", target: row.id, before: { flow: flow.key, name, version, enabled } });
      const integration = { id: row.id, flow: flow.key, status: "disabled" as const, deleted: true };
      await announce(c.env, user.workspace, user.ref, { type: "integration", integration });
      return c.body(null, 204);
    },
  )
  .post(
    "/v1/integrations/:id/preview",
    describe({
      tag,
      summary: "Dry run with sample rows",
      description: "Reads the rows that would start each block now, and shows what the mappings make of them. Writes nothing.",
      answers: { 200: Preview },
      problems: ["not_found", "invalid"],
    }),
    requireUser,
    validate("json", Upgrade),
    async (c) => {
      const db = catalogue(c.env);
      const user = c.var.user;
      const owned = await findOwnIntegration(db, user, c.req.param("id"));
      const { row, flow } = owned;
      const given = c.req.valid("json");
      const filled = { values: { ...maskValues(row), ...given.values }, accounts: { ...row.accounts, ...given.accounts } };
      const setup = { flow: row.flow, key: flow.key, version: row.version, file: owned.file, integration: owned };
      return c.json(await previewSetup(c.env, db, user, setup, filled));
    },
  )
  .post(
    "/v1/integrations/:id/upgrade",
    describe({
      tag,
      summary: "Go on with the newest version",
      description: `Refused with \`errors\` where the newer form asks for more: send that as \`values\` and \`accounts\`. ${IF_MATCH}`,
      answers: { 200: Integration },
      problems: ["invalid", "too_large", "not_found", "gone", "conflict", "precondition_failed"],
    }),
    requireUser,
    idempotent,
    validate("json", Upgrade),
    async (c) => {
      const db = catalogue(c.env);
      const owned = await findOwnIntegration(db, c.var.user, c.req.param("id"));
      checkIfMatch(c, owned.row.updatedAt);
      const state = await describeOrNull(c.env, owned.row.id);
      const patch = c.req.valid("json");
      const changed = await upgradeIntegration({ env: c.env, db, user: c.var.user, owned, state }, patch);
      const differences = differencesOf(toIntegration(owned, state, {}), changed, patch.values);
      noteChange(c, { action: "integration.upgraded", target: changed.id, ...differences });
      await announceOne(c.env, c.var.user, changed);
      return c.json(changed);
    },
  );

const usedUp = () =>
  new ProblemError("gone", "This link has been used: the integration is set up. Ask for another link to set up one more.");

/** What the audit log keeps of an integration; its secrets are masked already. */
const loggedOf = ({ flow, version, name, status, accounts, values }: Integration) => ({
  ...{ flow, version, name, enabled: status !== "disabled" },
  accounts,
  values,
});

/** `replaced`: secret fields that were given anew; their values show nowhere. */
function differencesOf(before: Integration, after: Integration, given: Record<string, unknown> = {}) {
  const isSecret = (key: string) => JSON.stringify(after.values[key]) === '{"$secret":true}';
  const replaced = Object.keys(given).filter((key) => isSecret(key) && JSON.stringify(given[key]) !== '{"$secret":true}');
  return differing(loggedOf(before), { ...loggedOf(after), ...(replaced.length ? { replaced } : {}) });
}

const announceOne = (env: AppEnv["Bindings"], user: TokenUser, { id, flow, status }: Integration) =>
  announce(env, user.workspace, user.ref, { type: "integration", integration: { id, flow, status } });

/** Up to `limit` integrations whose flow has the wanted tags and is within the token's. */
async function listMatching(
  db: Catalogue,
  user: TokenUser,
  { flow, tag = "" }: { flow?: string | undefined; tag?: string | undefined },
  after: { createdAt: number; id: string } | undefined,
  limit: number,
): Promise<OwnedIntegration[]> {
  const wanted = parseTags(tag);
  const found: OwnedIntegration[] = [];
  for (let from = after; found.length < limit; ) {
    const page = await listIntegrations(db, user, { flow, after: from, limit: 100 });
    found.push(...page.filter((one) => isWithinToken(user, one.flow.tags) && matchesTags(wanted, one.flow.tags)));
    const last = page.at(-1)?.row;
    if (page.length < 100 || !last) break;
    from = { createdAt: last.createdAt, id: last.id };
  }
  return found.slice(0, limit);
}
