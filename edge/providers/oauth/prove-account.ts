import type { AppFile, Auth } from "../../../shared/flow/app-file.ts";
import type { Credentials } from "../../objects/account/rpc.ts";
import { expressionError, isAddressFault } from "../app/call.ts";
import { makeCarry } from "../app/carry.ts";
import { type Identity, testAccount } from "../app/test-account.ts";
import type { GrantFault } from "./grants.ts";
import type { SignInDeps } from "./oauth-party.ts";
import { signIn } from "./sign-in.ts";

export type ProvenAccount = { ok: true; credentials: Credentials; identity: Identity } | GrantFault;

/** Signs in with what was entered, or takes tokens that OAuth has brought, and lets the app's test say whose account it is. Stores nothing. */
export async function proveAccount(
  app: AppFile,
  auth: Auth,
  given: { fields: Record<string, string> } | { credentials: Credentials },
  deps: SignInDeps,
): Promise<ProvenAccount> {
  const signedIn =
    "credentials" in given ? { ok: true as const, credentials: given.credentials } : await signIn(app, auth, given.fields, deps);
  if (!signedIn.ok) return signedIn;
  const { credentials } = signedIn;
  let carry: Awaited<ReturnType<typeof makeCarry>>;
  try {
    carry = await makeCarry(app, auth, credentials, deps.env);
  } catch (error) {
    const fault = expressionError(error);
    return { ok: false, kind: isAddressFault(fault) ? "address" : "setting", message: fault.message };
  }
  const tested = await testAccount(app, carry, deps);
  return tested.ok ? { ok: true, credentials, identity: tested.identity } : tested;
}
