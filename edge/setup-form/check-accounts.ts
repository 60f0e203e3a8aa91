import type { FieldProblem } from "../../shared/api/problem.ts";
import type { AccountSlot, FlowFile } from "../../shared/flow/flow-file.ts";
import { allFields } from "./describe-form.ts";
import type { SettledForm } from "./evaluate-form.ts";
import { type FormInput, formScope, isRequired, own } from "./form-scope.ts";

/** An account that the user may use: their own, or the workspace's. */
export interface KnownAccount {
  app: string;
  auth: string;
  status: "connected" | "expired" | "revoked" | "error";
}

/** Every slot of the flow: filled where it must be, with an account that is the user's, of the right app, and connected. */
export async function checkAccounts(
  flow: FlowFile,
  input: FormInput,
  form: SettledForm,
  check: { known: Record<string, KnownAccount>; appNames: Record<string, string> },
): Promise<{ problems: FieldProblem[]; accounts: Record<string, string> }> {
  const scope = formScope(input, form.setup);
  const fields = new Map(allFields(flow).flatMap((field) => (field.type === "account" ? [[field.key, field] as const] : [])));
  const problems: FieldProblem[] = [];
  const accounts: Record<string, string> = {};
  for (const [slot, wanted] of Object.entries(flow.accounts)) {
    const field = fields.get(slot);
    if (field && !form.fields.has(slot)) continue;
    const id = own(input.accounts, slot);
    const isNeeded = !wanted.optional || (field !== undefined && (await isRequired(field, scope)));
    const fault = checkAccount(typeof id === "string" ? id : "", wanted, isNeeded, check);
    if (fault) problems.push({ path: `accounts.${slot}`, ...fault });
    else if (typeof id === "string" && id !== "") accounts[slot] = id;
  }
  return { problems, accounts };
}

function checkAccount(
  id: string,
  slot: AccountSlot,
  isNeeded: boolean,
  { known, appNames }: { known: Record<string, KnownAccount>; appNames: Record<string, string> },
): { code: string; message: string } | undefined {
  const name = appNames[slot.app] ?? slot.app;
  if (id === "" && slot.owner === "workspace")
    return isNeeded
      ? { code: "workspace_account", message: `${name} is not connected by whoever offers this. Tell them; there is nothing to do for you` }
      : undefined;
  if (id === "") return isNeeded ? { code: "required", message: `Connect ${name}` } : undefined;
  const account = Object.hasOwn(known, id) ? known[id] : undefined;
  if (!account) return { code: "account", message: `This account is no longer there. Connect ${name} again` };
  if (account.app !== slot.app) return { code: "account", message: `Choose an account of ${name}` };
  if (slot.auth && !slot.auth.includes(account.auth))
    return { code: "account", message: `Connect ${name} in one of the ways offered here` };
  if (account.status !== "connected" && slot.owner === "workspace")
    return { code: "workspace_account", message: `The sign-in to ${name} of whoever offers this no longer works. Tell them` };
  if (account.status !== "connected") return { code: "account", message: `The sign-in to ${name} no longer works. Connect it again` };
  return undefined;
}
