// The stored account, opened: its app file as it is now, its credentials in memory, and what it takes to renew them.
import type { Auth } from "../../../shared/flow/app-file.ts";
import { loadApps } from "../../db/app-files.ts";
import { catalogue } from "../../db/catalogue.ts";
import { loadVariables } from "../../db/settings.ts";
import type { Env } from "../../env.ts";
import { findAuth, makeCarry } from "../../providers/app/carry.ts";
import { isRenewable, renew } from "../../providers/oauth/sign-in.ts";
import { signInDeps } from "../../providers/oauth/sign-in-deps.ts";
import { openText, sealText, workspaceKey } from "../../security/seal.ts";
import { Access } from "./access.ts";
import * as store from "./account-store.ts";
import type { AccountConfig, Carry, Credentials } from "./rpc.ts";

/** How often (ms) the app file and the variables are read again. */
const READ_AGAIN = 300_000;

/** What the object keeps in memory of the stored account. */
export interface LiveAccount {
  config: AccountConfig;
  configReadAt: number;
  auth: Auth;
  /** Its app no longer has that kind of auth. */
  isCutOff?: boolean;
  access: Access;
  carry?: { version: number; value: Carry } | undefined;
}

const CUT_OFF = "(The last renewal was cut off before its answer was stored.)";

const ownerOf = ({ id }: AccountConfig) => ({ owner: id, field: "credentials" });

/** New credentials as they are stored. */
export async function sealCredentials(env: Env, config: AccountConfig, credentials: Credentials): Promise<string> {
  return sealText(await workspaceKey(env, config.workspace), ownerOf(config), JSON.stringify(credentials));
}

/** Opens the stored account; undefined where there is none, or where its app no longer has its kind of auth. */
export async function openAccount(env: Env, sql: SqlStorage): Promise<LiveAccount | undefined> {
  const stored = store.readAccount(sql);
  if (!stored) return undefined;
  const key = await workspaceKey(env, stored.config.workspace);
  const credentials = JSON.parse(await openText(key, ownerOf(stored.config), stored.sealed)) as Credentials;
  const config = await readConfig(env, stored.config);
  const auth = findAuth(config.app, credentials.auth);
  if (!auth) return undefined;
  let last = stored.sealed;
  const wasCutOff = store.readMemo<number>(sql, "renewing") !== undefined;
  const access = new Access(credentials, {
    now: Date.now,
    isRenewable: (spent) => isRenewable(auth, spent),
    renew: async (spent) => {
      // Durable before the request leaves (output gate), so that a death before its answer is stored is known afterwards.
      store.writeMemo(sql, "renewing", Date.now());
      const result = await renew(config.app, auth, spent, signInDeps(env, config.workspace, config.env));
      if (result.ok || result.kind === "denied") store.writeMemo(sql, "unrenewed", undefined);
      if (result.ok) return result;
      store.writeMemo(sql, "renewing", undefined);
      return result.kind === "denied" && wasCutOff ? { ...result, message: `${result.message} ${CUT_OFF}` } : result;
    },
    store: async (fresh) => {
      const sealed = await sealText(key, ownerOf(config), JSON.stringify(fresh));
      store.replaceCredentials(sql, last, sealed);
      store.writeMemo(sql, "renewing", undefined);
      last = sealed;
    },
  });
  return { config, configReadAt: Date.now(), auth, access };
}

/** Reads the app file and the variables again where that was longer than `every` ms ago; undefined where there is nothing to wait for. */
export function readAgain(env: Env, live: LiveAccount, every = READ_AGAIN): Promise<void> | undefined {
  if (Date.now() - live.configReadAt < every) return undefined;
  live.configReadAt = Date.now();
  return readConfig(env, live.config).then((config) => {
    const auth = findAuth(config.app, live.auth.key);
    Object.assign(live, { config, carry: undefined, auth: auth ?? live.auth, isCutOff: !auth });
  });
}

/** The app file and the variables as they are now; the pinned ones where the catalogue cannot tell. */
async function readConfig(env: Env, config: AccountConfig): Promise<AccountConfig> {
  try {
    const db = catalogue(env);
    const [apps, variables] = await Promise.all([loadApps(db, config.workspace, [config.app.key]), loadVariables(db, config.workspace)]);
    return { ...config, app: apps[config.app.key] ?? config.app, env: variables };
  } catch {
    return config;
  }
}

/** What requests carry, made once for each renewal. */
export async function carryOf(live: LiveAccount): Promise<Carry> {
  const { version } = live.access;
  if (live.carry?.version === version) return live.carry.value;
  const value = await makeCarry(live.config.app, live.auth, live.access.credentials, live.config.env);
  live.carry = { version, value };
  return value;
}
