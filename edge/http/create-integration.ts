import type { Integration, IntegrationCreate } from "../../shared/api/integration.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { deleteDraft } from "../db/drafts.ts";
import {
  countIntegrations,
  deleteIntegration,
  findIntegration,
  type IntegrationRow,
  isFirstIntegration,
  saveIntegration,
} from "../db/integrations.ts";
import { newId } from "../db/new-id.ts";
import type { Env } from "../env.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import { checkSetup } from "./check-setup.ts";
import { type Change, configureIntegration } from "./configure-integration.ts";
import { findSetup, loadSetupContext, type Setup } from "./find-setup.ts";
import { KEY_LIFE } from "./idempotency.ts";
import { toIntegration } from "./integration-shape.ts";
import { ProblemError } from "./problem.ts";
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
  const left = id === undefined ? undefined : await findLeft(db, user, id);
  const before = (await countIntegrations(db, user, setup.flow)) - (left === "mine" ? 1 : 0);
  const isSingle = setup.file.instances === "one";
  if (isSingle && before > 0) throw exists(setup);
  const context = await loadSetupContext(db, user, setup.file);
  const checked = await checkSetup(env, db, user, setup, wanted, context, null);
  const now = Date.now();
  const row: IntegrationRow = {
    ...{
      id: id === undefined || left === "old" ? newId("int") : id,
      workspace: user.workspace,
      user: user.ref,
      flow: setup.flow,
      version: setup.version,
    },
    name: wanted.name ?? (before ? `${setup.file.name} ${before + 1}` : setup.file.name),
    enabled: wanted.enable,
    attention: [],
    ...checked,
    ...{ nextDue: null, parked: false, profile: 0, createdAt: now, updatedAt: now },
  };
  await saveIntegration(db, row, setup.file, user);
  if (isSingle && !(await isFirstIntegration(db, user, setup.flow, row.id))) {
    await deleteIntegration(db, user, row.id);
    throw exists(setup);
  }
  const isKnown = left === "mine" && (await env.INTEGRATIONS.getByName(row.id).describe()).blocks.length > 0;
  const state = await configureOrForget(env, db, user, setup, row, context, isKnown ? "updated" : "created");
  await deleteDraft(db, user, { flow: setup.key, integration: undefined });
  const flow = { key: setup.key, tags: setup.file.tags, published: setup.version };
  return toIntegration({ row, flow, file: setup.file }, state, context.known);
}

/** Whether there is an integration `id`: this request's own, or one that was made when its key was used before, long ago. */
async function findLeft(db: Catalogue, user: TokenUser, id: string): Promise<"mine" | "old" | undefined> {
  const found = await findIntegration(db, user, id);
  return found && (found.row.createdAt > Date.now() - KEY_LIFE ? "mine" : "old");
}

async function configureOrForget(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  { file }: Setup,
  row: IntegrationRow,
  { apps, variables }: Awaited<ReturnType<typeof loadSetupContext>>,
  change: Change,
): Promise<IntegrationState> {
  try {
    return await configureIntegration(env, db, user, { row, file, apps, variables }, change);
  } catch (error) {
    await deleteIntegration(db, user, row.id);
    await env.INTEGRATIONS.getByName(row.id)
      .remove()
      .catch(() => undefined);
    throw error;
  }
}

const exists = ({ file }: Setup) =>
  new ProblemError("already_exists", `“${file.name}” is set up already, and there can be one only. Change that one, or remove it first.`);
