// Moving integrations from one account to another of the same app and owner: values stay, runs that wait for the former go on with the other.
import type { Context } from "hono";
import type { Account, AccountMove, AccountMoved } from "../../shared/api/account.ts";
import { type AccountRow, findUsers } from "../db/accounts.ts";
import { loadApps } from "../db/app-files.ts";
import { catalogue } from "../db/catalogue.ts";
import { owing, replaceIntegration } from "../db/integrations.ts";
import { loadVariables } from "../db/settings.ts";
import { logFault } from "../security/log-line.ts";
import { announce } from "./announce.ts";
import type { AppEnv } from "./app-env.ts";
import { noteChange } from "./audited.ts";
import { putBack } from "./change-integration.ts";
import { configureIntegration } from "./configure-integration.ts";
import { findMemberIntegration } from "./member-integration.ts";
import { ProblemError } from "./problem.ts";

type Used = Account["usedBy"][number];

/**
 * Moves all integrations that use `from`, or those named. One that cannot be moved is told of and keeps the account that it has.
 * `isWithin` says of a flow's tags whether its integrations may be touched at all.
 */
export async function moveIntegrations(
  c: Context<AppEnv>,
  from: AccountRow,
  to: AccountRow,
  { integrations: wanted }: Pick<AccountMove, "integrations">,
  isWithin: (tags: string[]) => boolean = () => true,
): Promise<AccountMoved> {
  refuseMove(from, to);
  const used = (await findUsers(catalogue(c.env), from.workspace, [from.id])).get(from.id) ?? [];
  const chosen = wanted ? used.filter(({ integration }) => wanted.includes(integration)) : used;
  const strange = wanted?.find((id) => !used.some(({ integration }) => integration === id));
  if (strange !== undefined) throw new ProblemError("not_found", `There is no integration ${strange} that uses this account.`);
  const moved: Used[] = [];
  const refused: AccountMoved["refused"] = [];
  for (const one of chosen) {
    const owner = await findMemberIntegration(catalogue(c.env), from.workspace, one.integration);
    if (!isWithin(owner.owned.flow.tags)) continue;
    const fault = await moveOne(c, owner, from, to);
    if (fault) refused.push({ ...one, ...fault });
    else moved.push(one);
  }
  if (moved.length)
    noteChange(c, { action: "account.moved", target: from.id, before: { account: from.id }, after: { account: to.id, moved } });
  return { to: to.id, moved, refused };
}

function refuseMove(from: AccountRow, to: AccountRow): void {
  const refuse = (message: string) => new ProblemError("invalid", message, { errors: [{ path: "to", code: "account", message }] });
  if (from.id === to.id) throw refuse("Choose another account than the one to move away from.");
  if (from.app !== to.app) throw refuse("Choose an account of the same app.");
  if (to.status !== "connected") throw refuse(`The sign-in “${to.label}” no longer works. Connect it again first.`);
}

async function moveOne(
  c: Context<AppEnv>,
  { user, owned }: Awaited<ReturnType<typeof findMemberIntegration>>,
  from: AccountRow,
  to: AccountRow,
): Promise<{ code: string; message: string } | undefined> {
  const { env } = c;
  const db = catalogue(env);
  const { row, file, flow } = owned;
  const slots = Object.keys(row.accounts).filter((slot) => row.accounts[slot] === from.id);
  if (slots.some((slot) => file.accounts[slot]?.auth && !file.accounts[slot].auth.includes(to.auth)))
    return { code: "account", message: "The flow asks for an account that was connected in another way." };
  const accounts = { ...row.accounts, ...Object.fromEntries(slots.map((slot) => [slot, to.id])) };
  const next = { ...row, accounts, updatedAt: Math.max(Date.now(), row.updatedAt + 1), ...owing(row, "updated") };
  const appKeys = Object.values(file.accounts).map(({ app }) => app);
  const [apps, variables] = await Promise.all([loadApps(db, row.workspace, appKeys), loadVariables(db, row.workspace)]);
  if (!(await replaceIntegration(db, row, next, file, user)))
    return { code: "conflict", message: "Something else has changed this integration at the same moment. Move it again." };
  try {
    const state = await configureIntegration(env, db, user, { row: next, file, apps, variables });
    const status = state.enabled ? (state.attention.length ? ("needs_attention" as const) : ("enabled" as const)) : ("disabled" as const);
    await announce(env, row.workspace, row.user, { type: "integration", integration: { id: row.id, flow: flow.key, status } });
  } catch (error) {
    await putBack(env, db, user, owned, next);
    // The object did not answer, which whoever operates this has to know.
    logFault("move", { integration: row.id, error });
    return { code: "unavailable", message: "This integration cannot be changed at the moment. Try again shortly." };
  }
  return undefined;
}
