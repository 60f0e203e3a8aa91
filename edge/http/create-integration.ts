import type { Integration, IntegrationCreate } from "../../shared/api/integration.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { deleteDraft } from "../db/drafts.ts";
import {
  countIntegrations,
  deleteIntegration,
  findLeft,
  type IntegrationRow,
  isFirstIntegration,
  owing,
  saveIntegration,
} from "../db/integrations.ts";
import { newId } from "../db/new-id.ts";
import type { Env } from "../env.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import { checkSetup } from "./check-setup.ts";
import { configureIntegration } from "./configure-integration.ts";
import { findSetup, loadSetupContext, type Setup } from "./find-setup.ts";
import { KEY_LIFE } from "./idempotency.ts";
import { toIntegration } from "./integration-shape.ts";
import { ProblemError } from "./problem.ts";
import { forgetIntegration } from "./remove-integration.ts";
import type { TokenUser } from "./require-user.ts";

/**
 * Sets up an integration. Refuses with `not_found`, `gone`, `already_exists` or `invalid`; what was refused leaves nothing behind. Where
 * an earlier try with the same `id` died half-way, this one takes up what it left.
 */
export async function createIntegration(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  wanted: IntegrationCreate,
  id?: string,
): Promise<Integration> {
  const setup = await findSetup(db, user, wanted.flow);
  const found = id === undefined ? undefined : await findLeft(db, user, id);
  const left = found && !found.removing && found.createdAt > Date.now() - KEY_LIFE ? found : undefined;
  const before = (await countIntegrations(db, user, setup.flow)) - (left ? 1 : 0);
  const isSingle = setup.file.instances === "one";
  if (isSingle && before > 0) throw exists(setup);
  const context = await loadSetupContext(db, user, setup.file);
  const checked = await checkSetup(env, db, user, setup, wanted, context, null);
  const now = Date.now();
  const isKnown = left !== undefined && (await env.INTEGRATIONS.getByName(left.id).describe()).blocks.length > 0;
  const row: IntegrationRow = {
    ...{
      id: id === undefined || (found && !left) ? newId("int") : id,
      workspace: user.workspace,
      user: user.ref,
      flow: setup.flow,
      version: setup.version,
    },
    name: wanted.name ?? (before ? `${setup.file.name} ${before + 1}` : setup.file.name),
    enabled: wanted.enable,
    attention: [],
    ...checked,
    ...{ nextDue: null, parked: false, profile: 0, removing: false, createdAt: now, updatedAt: now },
    ...owing({ revision: left?.revision ?? 0, owed: [] }, isKnown ? "updated" : "created", now),
  };
  await saveIntegration(db, row, setup.file, user);
  if (isSingle && !(await isFirstIntegration(db, user, setup.flow, row.id))) {
    await deleteIntegration(db, user, row.id);
    throw exists(setup);
  }
  const state = await configureOrForget(env, db, user, setup, row, context);
  await deleteDraft(db, user, { flow: setup.key, integration: undefined });
  const flow = { key: setup.key, tags: setup.file.tags, published: setup.version };
  return toIntegration({ row, flow, file: setup.file }, state, context.known);
}

async function configureOrForget(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  { file }: Setup,
  row: IntegrationRow,
  { apps, variables }: Awaited<ReturnType<typeof loadSetupContext>>,
): Promise<IntegrationState> {
  try {
    return await configureIntegration(env, db, user, { row, file, apps, variables });
  } catch (error) {
    await forgetIntegration(env, db, user, row.id);
    throw error;
  }
}

const exists = ({ file }: Setup) =>
  new ProblemError("already_exists", `“${file.name}” is set up already, and there can be one only. Change that one, or remove it first.`);
