// Setting up an integration for a user: at once where nothing is asked of them, else by a link that asks for the rest.
import type { Integration } from "../../shared/api/integration.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { FlowDeploy } from "../../shared/api/setup-link.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { findDraft, saveDraftBody } from "../db/drafts.ts";
import { countIntegrations } from "../db/integrations.ts";
import type { DraftBody } from "../db/schema.ts";
import { createSetupLink, type SetupLinkRow } from "../db/setup-links.ts";
import type { UsableAccount } from "../db/usable-accounts.ts";
import { findUser, NO_PROFILE } from "../db/users.ts";
import type { Env } from "../env.ts";
import { sealValues } from "../setup-form/secret-values.ts";
import { findFaults } from "./check-setup.ts";
import { createIntegration } from "./create-integration.ts";
import { findSetup, loadSetupContext, type Setup } from "./find-setup.ts";
import { ProblemError } from "./problem.ts";
import { asTokenUser, type TokenUser } from "./require-user.ts";

export type Deployment =
  | { kind: "made"; user: TokenUser; integration: Integration }
  | { kind: "asked"; user: TokenUser; link: SetupLinkRow; token: string; missing: FieldProblem[] };

/** Refuses with `invalid` what is wrong in the values given; what is only missing is asked for by the link. */
export async function deployFlow(
  env: Env,
  db: Catalogue,
  { workspace, flow, author }: { workspace: string; flow: { id: string; key: string; apps: string[] }; author: string },
  wanted: FlowDeploy,
): Promise<Deployment> {
  const user = await userOf(db, workspace, flow, wanted.user);
  const setup = await findSetup(db, user, flow.key);
  if (setup.file.instances === "one" && (await countIntegrations(db, user, setup.flow)) > 0)
    throw new ProblemError("already_exists", `“${setup.file.name}” is set up for this user already, and there can be one only.`);
  const context = await loadSetupContext(db, user, setup.file);
  const accounts = { ...onlyAccounts(setup, context.known), ...wanted.accounts };
  const filled = { values: wanted.values, accounts };
  const { checked } = await findFaults(env, db, user, setup, filled, context, null);
  if (!checked.problems.length) {
    const { name, enable } = wanted;
    const made = await createIntegration(env, db, user, { flow: flow.key, ...filled, enable, ...(name === undefined ? {} : { name }) });
    return { kind: "made", user, integration: made };
  }
  refuseGiven(checked.problems, wanted);
  await keepDraft(env, db, user, setup, { ...filled, name: wanted.name });
  const { row, token } = await createSetupLink(db, { workspace, user: user.ref, flow: flow.id, author });
  return { kind: "asked", user, link: row, token, missing: checked.problems };
}

/** Whoever is meant; made known where the host's id is new. */
async function userOf(
  db: Catalogue,
  workspace: string,
  flow: { key: string; apps: string[] },
  { id, org, name, email }: FlowDeploy["user"],
): Promise<TokenUser> {
  const row = await findUser(db, workspace, id, { ...NO_PROFILE, org: org ?? null, name: name ?? null, email: email ?? null });
  if (!row) throw new ProblemError("not_found", "There is no such user in the workspace.");
  return { ...asTokenUser(row), limit: { for: "setup", link: "", flow: flow.key, apps: flow.apps, used: false } };
}

/** Accounts of the user that are the only ones that fit their slots. */
function onlyAccounts({ file }: Setup, known: Record<string, UsableAccount>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(file.accounts).flatMap(([slot, { app, auth, owner }]) => {
      if (owner === "workspace") return [];
      const fits = Object.entries(known).filter(
        ([, one]) => one.app === app && one.owner === "user" && one.status === "connected" && (!auth || auth.includes(one.auth)),
      );
      return fits.length === 1 && fits[0] ? [[slot, fits[0][0]]] : [];
    }),
  );
}

/** A user is not asked to mend what a member has written. */
function refuseGiven(problems: FieldProblem[], { values, accounts }: FlowDeploy): void {
  const given = [...Object.keys(values).map((key) => `values.${key}`), ...Object.keys(accounts).map((slot) => `accounts.${slot}`)];
  const errors = problems.filter(({ path }) => given.some((one) => path === one || path.startsWith(`${one}.`)));
  if (errors.length) throw new ProblemError("invalid", errors[0]?.message ?? "Check what was sent.", { errors });
}

/** What was filled in stands in the form when the user opens it, over what they had begun themselves. */
async function keepDraft(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  setup: Setup,
  { values, accounts, name }: { values: Record<string, unknown>; accounts: Record<string, string>; name: string | undefined },
): Promise<void> {
  const key = { flow: setup.key, integration: undefined };
  const before = (await findDraft(db, user, key))?.body;
  const sealed = await sealValues(env, user.workspace, setup.file, values, before ? [before] : []);
  const body: DraftBody = {
    accounts: { ...before?.accounts, ...accounts },
    values: { ...before?.values, ...sealed.values },
    secretFields: [...new Set([...(before?.secretFields ?? []).filter((field) => !Object.hasOwn(values, field)), ...sealed.secretFields])],
    ...(name === undefined ? {} : { name }),
  };
  await saveDraftBody(db, user, key, body);
}
