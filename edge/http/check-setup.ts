import type { Catalogue } from "../db/catalogue.ts";
import { findDraft } from "../db/drafts.ts";
import type { Env } from "../env.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import { type CheckedForm, checkForm } from "../setup-form/check-form.ts";
import { keptSecrets, type StoredValues, sealValues } from "../setup-form/secret-values.ts";
import { askOptions } from "./ask-options.ts";
import { formInput, type Setup, type SetupContext } from "./find-setup.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";

interface Filled {
  values: Record<string, unknown>;
  accounts: Record<string, string>;
}

/** Checks a filled-in form; nothing is refused. `stored` is where secrets that are only marked come from. */
export async function findFaults(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  setup: Setup,
  filled: Filled,
  context: SetupContext,
  state: IntegrationState | null,
): Promise<{ checked: CheckedForm; stored: StoredValues[] }> {
  const { file: flow, key, integration } = setup;
  const draft = await findDraft(db, user, { flow: key, integration: integration?.row.id });
  const stored: StoredValues[] = [...(draft ? [draft.body] : []), ...(integration ? [integration.row] : [])];
  const input = formInput(user, flow, filled, context.variables, state, context.known);
  const { apps, known } = context;
  const checked = await checkForm(flow, input, {
    known,
    appNames: Object.fromEntries(Object.values(apps).map((app) => [app.key, app.name])),
    kept: keptSecrets(flow, filled.values, stored),
    targets: async (field, values) => {
      if (!field.to || Array.isArray(field.to)) return undefined;
      try {
        return (await askOptions(field.to, {}, { env, flow, apps, known, input, setup: values })).items;
      } catch (error) {
        if (error instanceof ProblemError) return undefined;
        throw error;
      }
    },
  });
  return { checked, stored };
}

/** Checks a filled-in form. Refuses with `invalid` and an error for each fault; otherwise what is to be stored, secrets sealed. */
export async function checkSetup(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  setup: Setup,
  filled: Filled,
  context: SetupContext,
  state: IntegrationState | null,
): Promise<StoredValues & { accounts: Record<string, string> }> {
  const { checked, stored } = await findFaults(env, db, user, setup, filled, context, state);
  if (checked.problems.length) {
    const many = checked.problems.length === 1 ? "One thing needs" : `${checked.problems.length} things need`;
    throw new ProblemError("invalid", `${many} your attention before this can be saved.`, { errors: checked.problems });
  }
  return { ...(await sealValues(env, user.workspace, setup.file, checked.values, stored)), accounts: checked.accounts };
}
