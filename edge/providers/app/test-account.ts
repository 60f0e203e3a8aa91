import type { RunError } from "../../../shared/api/run.ts";
import type { AppFile } from "../../../shared/flow/app-file.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";
import type { Carry } from "../../objects/account/rpc.ts";
import type { GuardedFetch } from "../http/guarded-fetch.ts";
import type { Answer } from "./answer.ts";
import { expressionError, isAddressFault } from "./call.ts";
import { type AccountGate, performAppRequest } from "./perform.ts";

/** Who the account is at the app. Both are null where the app file has no test that tells. */
export interface Identity {
  externalId: string | null;
  label: string | null;
}

/** `denied`: the credentials are no good. `address`: it leads where nothing may be called. `unavailable`: the app cannot tell now. `setting`: the test itself is at fault. */
export type AccountTestResult =
  | { ok: true; identity: Identity }
  | { ok: false; kind: "denied" | "address" | "unavailable" | "setting"; message: string; params?: RunError["params"] };

interface TestDeps {
  env: Record<string, string>;
  fetch: GuardedFetch;
  now: () => number;
}

/** A gate that lets everything through with `carry`: for credentials that no AccountObject holds yet. */
const openGate = (carry: Carry): AccountGate => ({
  lease: async () => ({ ok: true, lease: 0, delay: 0, carry }),
  report: async () => ({ retry: false, ended: true }),
});

/** Calls the app's test query, which proves an account, names it and gives its unique id. `via` is a carry, or the gate of a stored account. */
export async function testAccount(app: AppFile, via: Carry | AccountGate, { env, fetch, now }: TestDeps): Promise<AccountTestResult> {
  const query = app.test && app.queries[app.test.query];
  if (!app.test || !query) return { ok: true, identity: { externalId: null, label: null } };
  const accounts = "lease" in via ? via : openGate(via);
  const signal = AbortSignal.timeout(30_000);
  const context = { env, accounts, effectKey: "test", signal, now, fetch, timeout: 15_000 };
  const result = await performAppRequest(app, query.request, { input: {} }, context);
  if (!result.ok) {
    const { error } = result;
    if (isAddressFault(error)) return { ok: false, kind: "address", message: error.message };
    const status = result.calls.at(-1)?.response?.status;
    const isDenied = error.class === "auth" || status === 401 || status === 403 || (error.class === "invalid" && status !== undefined);
    const kind = isDenied ? "denied" : error.retryable ? "unavailable" : "setting";
    return { ok: false, kind, message: error.message, params: error.params };
  }
  try {
    const seen = { env, input: {}, ...(result.output as Answer) };
    const read = async (template: string | undefined) =>
      (template && printValue(await evaluateValue(template, seen)).slice(0, 200)) || null;
    return { ok: true, identity: { externalId: await read(app.test.id), label: await read(app.test.label) } };
  } catch (error) {
    return { ok: false, kind: "setting", message: expressionError(error).message };
  }
}
