import type { AppFile } from "../../shared/flow/app-file.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Catalogue } from "../db/catalogue.ts";
import { type IntegrationRow, isKept, noteSettled } from "../db/integrations.ts";
import { readUser } from "../db/users.ts";
import { jsonSize } from "../engine/json-size.ts";
import { QUEUE_LIMITS } from "../engine/limits.ts";
import type { Env } from "../env.ts";
import type { IntegrationConfig, IntegrationState } from "../objects/integration/rpc.ts";
import { sweepDue } from "./due.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";
import { configUser } from "./tell-profile.ts";

interface Pinned {
  row: IntegrationRow;
  file: FlowFile;
  apps: Record<string, AppFile>;
  variables: Record<string, string>;
}

/**
 * Hands what the catalogue holds to the integration's object, with the changes that it has not confirmed, and notes in the catalogue that it
 * has, and what it says to it.
 */
export async function configureIntegration(
  env: Env,
  db: Catalogue,
  user: TokenUser,
  { row, file, apps, variables }: Pinned,
): Promise<IntegrationState> {
  // As the newest token has it, which need not be the one that asks.
  const profile = await readUser(db, user.workspace, user.ref);
  const { ref, id, org, name, email, locale, attributes } = user;
  const config: IntegrationConfig = {
    id: row.id,
    workspace: row.workspace,
    user: profile ? configUser(profile) : { ref, id, org, name, email, locale, attributes },
    name: row.name,
    version: row.version,
    flow: file,
    apps,
    accounts: row.accounts,
    values: row.values,
    secretFields: row.secretFields,
    env: variables,
    publicUrl: env.PUBLIC_URL,
    enabled: row.enabled,
  };
  checkSize(config);
  const object = env.INTEGRATIONS.getByName(row.id);
  const state: IntegrationState = await object.configure(config, row.owed);
  const isSettled = await noteSettled(db, row, { attention: state.attention, nextDue: sweepDue(state, Date.now()) });
  // Removed meanwhile: what comes late brings nothing back.
  if (!isSettled && !(await isKept(db, row.id))) await object.remove();
  return state;
}

/** Refuses with `too_large` what the object could not store. */
function checkSize(config: IntegrationConfig): void {
  const bytes = (part: unknown) => jsonSize(part, 0);
  const size = bytes(config);
  if (size <= QUEUE_LIMITS.config) return;
  const parts = { "the flow's file": config.flow, "the files of its apps": config.apps, "what was entered": config.values };
  const [largest] = Object.entries(parts).sort(([, a], [, b]) => bytes(b) - bytes(a));
  const words = `An integration has at most ${QUEUE_LIMITS.config} bytes with its flow, apps and values; this one has ${size}.`;
  throw new ProblemError("too_large", `${words} Most of it is ${largest?.[0]}, with ${bytes(largest?.[1])}: make that smaller.`);
}
