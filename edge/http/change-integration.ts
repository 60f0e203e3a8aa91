// Changes of an integration that exists: one path for edit, switching, upgrade and another account. The catalogue is written first, and says
// what its object is owed until that has confirmed it; where the object refuses, the catalogue is put back.
import type { Integration, IntegrationPatch } from "../../shared/api/integration.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { deleteDraft } from "../db/drafts.ts";
import { type IntegrationRow, type OwnedIntegration, owing, replaceIntegration } from "../db/integrations.ts";
import { findPublishedFlow } from "../db/published-flows.ts";
import type { Change } from "../db/schema.ts";
import type { Env } from "../env.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import { logFault } from "../security/log-line.ts";
import { maskValues } from "../setup-form/secret-values.ts";
import { checkSetup } from "./check-setup.ts";
import { configureIntegration } from "./configure-integration.ts";
import { loadSetupContext, type Setup, type SetupContext } from "./find-setup.ts";
import { toIntegration } from "./integration-shape.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";

interface Changing {
  env: Env;
  db: Catalogue;
  user: TokenUser;
  owned: OwnedIntegration;
  /** As its object sees it; null where it did not answer. */
  state: IntegrationState | null;
}

/** Applies a patch. What it leaves out stays; a value of null clears a field. The form is checked where it is touched. */
export async function patchIntegration(changing: Changing, patch: IntegrationPatch): Promise<Integration> {
  const { owned } = changing;
  const { row, file, flow } = owned;
  if (row.parked && patch.enabled)
    throw new ProblemError("gone", "This integration is no longer offered and cannot be switched on. Nothing of it is lost for now.");
  const context = await loadSetupContext(changing.db, changing.user, file);
  const setup: Setup = { flow: row.flow, key: flow.key, version: row.version, file, integration: owned };
  const form = patch.values || patch.accounts ? await checkPatched(changing, setup, patch, context) : {};
  const enabled = patch.enabled ?? row.enabled;
  const change: Change = enabled === row.enabled ? "updated" : enabled ? "enabled" : "disabled";
  const next = { ...row, ...form, enabled, name: patch.name ?? row.name, updatedAt: nextTime(row) };
  return store(changing, next, file, context, change);
}

/** Pins the newest version. Refuses with `gone`, `conflict` (it is the newest), or `invalid` with the fields that now miss. */
export async function upgradeIntegration(changing: Changing, patch: Pick<IntegrationPatch, "accounts" | "values">): Promise<Integration> {
  const { db, user, owned } = changing;
  const { row, flow } = owned;
  const newest = await findPublishedFlow(db, user.workspace, flow.key);
  if (!newest?.file)
    throw new ProblemError("gone", "This integration is no longer offered, so there is no newer version. Yours goes on working.");
  if (newest.version === row.version) throw new ProblemError("conflict", "This is the newest version already.");
  return moveToVersion(changing, newest, patch);
}

/** Pins another version of the flow. Refuses with `invalid` and the fields that miss there. */
export async function moveToVersion(
  changing: Changing,
  { version, file }: { version: number; file: FlowFile },
  patch: Pick<IntegrationPatch, "accounts" | "values">,
): Promise<Integration> {
  const { db, user, owned } = changing;
  const { row, flow } = owned;
  const context = await loadSetupContext(db, user, file);
  const setup: Setup = { flow: row.flow, key: flow.key, version, file, integration: owned };
  const form = await checkPatched(changing, setup, patch, context);
  return store(changing, { ...row, ...form, version, updatedAt: nextTime(row) }, file, context, "upgraded");
}

function checkPatched({ env, db, user, owned, state }: Changing, setup: Setup, patch: IntegrationPatch, context: SetupContext) {
  const values = { ...maskValues(owned.row), ...patch.values };
  const accounts = { ...owned.row.accounts, ...patch.accounts };
  return checkSetup(env, db, user, setup, { values, accounts }, context, state);
}

async function store(
  { env, db, user, owned }: Changing,
  next: IntegrationRow,
  file: FlowFile,
  { apps, known, variables }: SetupContext,
  change: Change,
): Promise<Integration> {
  const row = { ...next, ...owing(owned.row, change) };
  if (!(await replaceIntegration(db, owned.row, row, file, user)))
    throw new ProblemError("conflict", "Something else has changed this at the same moment. Load it again, and repeat your change.");
  const state = await configureIntegration(env, db, user, { row, file, apps, variables }).catch(async (error: unknown) => {
    await putBack(env, db, user, owned, row);
    throw error;
  });
  await deleteDraft(db, user, { flow: owned.flow.key, integration: row.id });
  return toIntegration({ row, flow: owned.flow, file }, state, known);
}

/**
 * Puts `owned` back in place of `refused`, in the catalogue and, where its object has taken that before it failed, there. What cannot be
 * told now the sweep does.
 */
export async function putBack(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  { row: former, file }: OwnedIntegration,
  refused: IntegrationRow,
): Promise<void> {
  const { revision, owedAt } = owing(refused, "restored");
  const row: IntegrationRow = { ...former, revision, owed: [...former.owed, { change: "restored", revision }], owedAt };
  // Whoever has changed it since goes by what was refused, and is told by themselves.
  if (!(await replaceIntegration(db, refused, row, file, user))) return;
  try {
    const { apps, variables } = await loadSetupContext(db, user, file);
    await configureIntegration(env, db, user, { row, file, apps, variables });
  } catch (error) {
    logFault("put back", { integration: row.id, error });
  }
}

/** Now, and later than the last change in any case: the ETag lives on it. */
const nextTime = (row: IntegrationRow) => Math.max(Date.now(), row.updatedAt + 1);
