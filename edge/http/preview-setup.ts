import type { Preview } from "../../shared/api/preview.ts";
import type { Catalogue } from "../db/catalogue.ts";
import type { Env } from "../env.ts";
import { settleForm } from "../setup-form/evaluate-form.ts";
import { findFaults } from "./check-setup.ts";
import { formInput, loadSetupContext, type Setup } from "./find-setup.ts";
import { findMissingScopes, previewBlocks } from "./preview-blocks.ts";
import type { TokenUser } from "./require-user.ts";

/** A dry run of a form as filled in: what each block would work on, and everything that keeps it from being saved or from working. */
export async function previewSetup(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  setup: Setup,
  filled: { values: Record<string, unknown>; accounts: Record<string, string> },
): Promise<Preview> {
  const { file: flow } = setup;
  const context = await loadSetupContext(db, user, flow);
  const input = formInput(user, flow, filled, context.variables, null, context.known);
  const { setup: settled } = await settleForm(flow, input);
  const asked = { env, flow, apps: context.apps, known: context.known, input, setup: settled };
  const [blocks, { checked }] = await Promise.all([previewBlocks(asked), findFaults(env, db, user, setup, filled, context, null)]);
  return { blocks, problems: [...findMissingScopes(asked), ...checked.problems] };
}
