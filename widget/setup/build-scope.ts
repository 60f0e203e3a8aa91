import type { Account } from "../../shared/api/account.ts";
import type { FlowDetail, FormField, Option } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { List } from "../../shared/api/list.ts";
import { isEmpty } from "../../shared/flow/field-rules.ts";
import { readAccounts } from "../accounts/read-accounts.ts";
import { type ApiError, isAbort } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { asApiError } from "../api/resource.ts";
import type { ConnectAccount } from "../contexts.ts";
import { FieldCallError, type FieldScope, type Neighbour } from "../fields/field-scope.ts";
import { describeError } from "../i18n/describe-error.ts";
import { collectEntries, heldValue, isRequired, isSecret, own } from "./form-values.ts";
import type { SetupState } from "./setup-machine.ts";

/** What outlives one state of the form. */
export class ScopeMemory implements Pick<FieldScope, "cache" | "knownAccounts"> {
  readonly cache = new Map<string, List<Option>>();
  readonly knownAccounts = new Map<string, readonly Account[]>();
}

export interface ScopeParts {
  client: ApiClient;
  flow: FlowDetail;
  integration: Integration | undefined;
  connect: ConnectAccount;
  accountsRevision: number;
  state: SetupState;
  memory: ScopeMemory;
  goTo: (key: string) => void;
  /** Tells the host page of a failure; answers what says it. */
  report: (error: ApiError, describe: typeof describeError) => () => string;
}

/** What the fields of a form need of it, for its state now. */
export function buildScope({ client, flow, integration, connect, accountsRevision, state, memory, goTo, report }: ScopeParts): FieldScope {
  const { values, accounts } = collectEntries(state);
  const of = integration ? { integration: integration.id, version: flow.version } : {};
  const fields = state.pages.flatMap((page) => page.fields);
  const appOf = (key: string) => flow.apps.find((app) => app.key === key) ?? flow.appDetails.find((app) => app.key === key);
  return {
    values,
    accounts,
    ...memory,
    accountsRevision,
    goTo,
    appOf,
    askOptions: (ask, signal) =>
      told(client.listOptions(flow.key, { ...ask, ...of, accounts, values: openValues(fields, values) }, signal), report),
    neighbour: (key) => neighbourOf(key),
    listAccounts: (app, signal) => told(readAccounts(client, app, signal), report),
    connect: (key, account) => {
      const app = flow.appDetails.find((one) => one.key === key);
      if (!app) return Promise.reject(new Error(`The flow has no app “${key}”`));
      return connect({ app, account });
    },
    runBlock: integration && (async (block) => void (await told(client.runBlock(integration.id, block), report))),
  };

  function neighbourOf(key: string): Neighbour | undefined {
    const slot = flow.accounts.find((one) => one.key === key);
    const field = fields.find((one) => one.key === key);
    if (slot) {
      const label = appOf(slot.app)?.name ?? field?.label ?? key;
      return { label, kind: "account", isRequired: !slot.optional, isFilled: own(accounts, key) !== undefined };
    }
    if (!field) return undefined;
    return { label: field.label ?? key, kind: "field", isRequired: isRequired(state, field), isFilled: !isEmpty(heldValue(state, key)) };
  }
}

/** The same call; its failure is told to the host page, and comes back in words. */
async function told<T>(call: Promise<T>, report: ScopeParts["report"]): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isAbort(error)) throw error;
    const failure = asApiError(error);
    const describe = failure.errors.length
      ? await import("../i18n/describe-refusal.ts").then(
          ({ describeCall }) => describeCall,
          () => describeError,
        )
      : describeError;
    throw new FieldCallError(failure.code, report(failure, describe));
  }
}

/** Secrets stay out of what is sent to fill a list. */
function openValues(fields: readonly FormField[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const secret = new Set(fields.filter(isSecret).map((field) => field.key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !secret.has(key)));
}
