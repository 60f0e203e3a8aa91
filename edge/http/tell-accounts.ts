import type { AppFile } from "../../shared/flow/app-file.ts";
import { findConcerned } from "../db/accounts.ts";
import { catalogue } from "../db/catalogue.ts";
import type { Env } from "../env.ts";
import { logFault } from "../security/log-line.ts";

const AT_ONCE = 6;

/**
 * Accounts that have lost their kind of sign-in by this file of their app, or got it back, look at it now. Those that are not reached notice by
 * themselves: with their next call, or within minutes. Never rejects.
 */
export async function tellAccounts(env: Env, workspace: string, { key, auth }: AppFile): Promise<void> {
  try {
    const kinds = auth.map((one) => one.key);
    const left = await findConcerned(catalogue(env), workspace, key, kinds);
    const worker = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop())
        await env.ACCOUNTS.getByName(id)
          .lookAgain()
          .catch((error: unknown) => logFault("app", { app: key, error }));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } catch (error) {
    logFault("app", { app: key, error });
  }
}
