import type { AppFile } from "../../shared/flow/app-file.ts";
import { type AccountRow, deleteAccount, findAccount, findByKey, findSameAccount, saveAccount, setAccountStatus } from "../db/accounts.ts";
import { catalogue } from "../db/catalogue.ts";
import { endReconnectLinks } from "../db/reconnect-links.ts";
import type { Env } from "../env.ts";
import type { Credentials } from "../objects/account/rpc.ts";
import type { Identity } from "../providers/app/test-account.ts";
import type { Change } from "./audited.ts";

interface Proven {
  workspace: string;
  /** `usr_…`; null for an account of the workspace. */
  user: string | null;
  app: AppFile;
  /** Workspace variables. */
  variables: Record<string, string>;
  credentials: Credentials;
  identity: Identity;
  /** Renew this account. */
  account?: string | undefined;
  label?: string | undefined;
  /** What flow files call an account of the workspace by. */
  key?: string | undefined;
}

/** The stored account, or why the credentials cannot stand for the account that they were to renew. */
export type StoredAccountResult = { ok: true; row: AccountRow; existed: boolean } | { ok: false; message: string };

/** Stores credentials that the app has accepted: a new account, or the one of the user's that it turns out to be. Held runs go on. */
export async function storeProvenAccount(env: Env, proven: Proven, defer: (work: Promise<unknown>) => void): Promise<StoredAccountResult> {
  const { workspace, user, app, variables, credentials, identity } = proven;
  const db = catalogue(env);
  const before = proven.account === undefined ? undefined : await findAccount(db, workspace, user, proven.account);
  const refusal = await refuseOther(env, proven, before);
  if (refusal) return { ok: false, message: refusal };
  const auth = app.auth.find(({ key }) => key === credentials.auth);
  const asked = auth && "scopes" in auth ? auth.scopes : undefined;
  const saved = await saveAccount(db, workspace, user, {
    id: before?.id,
    app: app.key,
    auth: credentials.auth,
    label: proven.label ?? identity.label ?? app.name,
    newLabel: proven.label,
    externalId: identity.externalId ?? before?.externalId ?? null,
    scopes: credentials.scopes ?? asked ?? [],
    key: proven.key ?? before?.key,
  });
  try {
    await env.ACCOUNTS.getByName(saved.id).establish({ id: saved.id, workspace, app, env: variables }, credentials);
  } catch (error) {
    if (!saved.existed) await deleteAccount(db, workspace, user, saved.id);
    throw error;
  }
  const row = await setAccountStatus(db, workspace, saved.id, "connected");
  if (saved.existed) await endReconnectLinks(db, workspace, saved.id);
  if (!row) throw new Error("the account was removed while it was being stored");
  defer(publishAccount(env, row));
  if (saved.existed) defer(env.ACCOUNTS.getByName(saved.id).restoreUsers());
  return { ok: true, row, existed: saved.existed };
}

/** Reconnecting must not slip somebody else's account under the integrations that use this one. */
async function refuseOther(
  env: Env,
  { workspace, user, app, identity, account, key }: Proven,
  before: AccountRow | undefined,
): Promise<string | undefined> {
  const holder = key === undefined ? undefined : await findByKey(catalogue(env), workspace, app.key, key);
  const isOther = holder && holder.id !== account && (holder.externalId === null || holder.externalId !== identity.externalId);
  if (isOther) return `Another account of ${app.name} is called “${key}”: ${holder.label}. Choose another key, or remove that one first.`;
  if (account === undefined) return undefined;
  if (!before || before.app !== app.key) return "The account that was to be connected again is no longer there. Connect a new one.";
  if (identity.externalId === null || before.externalId === identity.externalId) return undefined;
  const who = identity.label ?? identity.externalId;
  if (before.externalId !== null)
    return `You signed in to ${app.name} as ${who}, but this account is ${before.label}. Sign in as ${before.label}, or connect ${who} as a new account.`;
  const same = await findSameAccount(catalogue(env), workspace, user, app.key, identity.externalId);
  return same && `${who} is connected already, as ${same.label}. Use that account, or remove it first.`;
}

/** Tells open streams of the account's user. Of an account of the workspace users know nothing. */
export async function publishAccount(env: Env, { id, workspace, user, app, status }: AccountRow, deleted = false): Promise<void> {
  if (user === null) return;
  const message = { type: "account" as const, account: { id, app, status, ...(deleted ? { deleted } : {}) } };
  await env.LEDGERS.getByName(workspace).publish([{ user, message }]);
}

/** What the audit log keeps of a change of an account: `before` where it is gone, else `after`. Never a credential. */
export function accountChange(how: "connected" | "reconnected" | "renamed" | "removed", row: AccountRow): Change {
  const { id: target, workspace, app, auth, label, externalId, owner } = row;
  const shown = { app, auth, label, externalId, owner };
  return { action: `account.${how}`, target, workspace, ...(how === "removed" ? { before: shown } : { after: shown }) };
}
