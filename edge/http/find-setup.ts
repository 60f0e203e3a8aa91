// What a setup works on: a flow's version, the user, and everything around the form that comes from the catalogue.
import { z } from "zod";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { loadApps } from "../db/app-files.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { findIntegration, type OwnedIntegration } from "../db/integrations.ts";
import { findPublishedFlow } from "../db/published-flows.ts";
import { loadVariables } from "../db/settings.ts";
import { loadUsableAccounts, type UsableAccount } from "../db/usable-accounts.ts";
import type { Env } from "../env.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import type { FormInput } from "../setup-form/form-scope.ts";
import { slotAccounts } from "../setup-form/slot-accounts.ts";
import { isOfLink } from "./link-user.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";
import { findOfferedFlow, isOffered, isWithinToken } from "./visible-flow.ts";

export interface Setup {
  /** `flows.id` */
  flow: string;
  key: string;
  version: number;
  file: FlowFile;
  /** Being edited; absent for a new one. */
  integration?: OwnedIntegration;
}

/** The user's integration. Refuses with `not_found` where it is not theirs, or outside what their token lets them see. */
export async function findOwnIntegration(db: Catalogue, user: TokenUser, id: string): Promise<OwnedIntegration> {
  const found = await findIntegration(db, user, id);
  if (!found || !isWithinToken(user, found.flow.tags) || !isOfLink(user, found.flow.key))
    throw new ProblemError("not_found", "There is no such integration. It may have been removed.");
  return found;
}

/** Which setup is meant: a new one, or that of `integration`, on one of the two versions that it can have. */
export const SetupQuery = z.object({
  integration: z.string().optional().meta({ description: "The integration that is being changed" }),
  version: z.coerce.number().int().optional().meta({ description: "Its own version, where a newer one is offered" }),
});
export type SetupQuery = z.infer<typeof SetupQuery>;

/**
 * The setup of flow `key`. That of an integration is on the newest version where it is offered to the user, which saving upgrades to, else
 * on the pinned one; `version` chooses between them. Refuses with `not_found` or `gone`.
 */
export async function findSetup(db: Catalogue, user: TokenUser, key: string, { integration, version }: SetupQuery = {}): Promise<Setup> {
  if (integration === undefined) {
    const found = await findOfferedFlow(db, user, key);
    return { flow: found.flow.id, key, version: found.version, file: found.file };
  }
  const owned = await findOwnIntegration(db, user, integration);
  if (owned.flow.key !== key) throw new ProblemError("not_found", `The integration is not one of “${key}”.`);
  const pinned: Setup = { flow: owned.row.flow, key, version: owned.row.version, file: owned.file, integration: owned };
  const newest = await findPublishedFlow(db, user.workspace, key);
  const isNewer = newest !== undefined && newest.file !== null && newest.version > pinned.version && isOffered(user, newest.flow);
  const chosen = isNewer && version !== pinned.version ? { ...pinned, version: newest.version, file: newest.file } : pinned;
  if (version !== undefined && version !== chosen.version)
    throw new ProblemError("not_found", `The integration has version ${pinned.version}, and cannot be set up on version ${version}.`);
  return chosen;
}

/** Everything around a form that comes from the catalogue. */
export interface SetupContext {
  apps: Record<string, AppFile>;
  known: Record<string, UsableAccount>;
  variables: Record<string, string>;
}

/** Loads the apps that `file` names, the accounts that the user may use, and the workspace's variables. */
export async function loadSetupContext(db: Catalogue, user: TokenUser, file: FlowFile): Promise<SetupContext> {
  const keys = Object.values(file.accounts).map(({ app }) => app);
  const [apps, known, variables] = await Promise.all([
    loadApps(db, user.workspace, keys),
    loadUsableAccounts(db, user),
    loadVariables(db, user.workspace),
  ]);
  return { apps, known, variables };
}

/** What the form's expressions read; `known` are the accounts that slots of the workspace choose from. */
export const formInput = (
  user: TokenUser,
  file: FlowFile,
  { values, accounts }: { values: Record<string, unknown>; accounts: Record<string, string> },
  variables: Record<string, string>,
  state: IntegrationState | null,
  known: Record<string, UsableAccount> = {},
): FormInput => ({
  values,
  accounts: slotAccounts(file, known, accounts),
  user: { id: user.id, org: user.org, name: user.name, email: user.email, locale: user.locale, attributes: user.attributes },
  settings: file.settings,
  env: variables,
  hooks: Object.fromEntries((state?.blocks ?? []).flatMap(({ key, url }) => (url === undefined ? [] : [[key, { url }]]))),
});

/** The integration as its object sees it; null where the object does not answer, which keeps nobody from the rest. */
export async function describeOrNull(env: Env, id: string): Promise<IntegrationState | null> {
  try {
    return await env.INTEGRATIONS.getByName(id).describe();
  } catch {
    return null;
  }
}
