// An integration as its user gets it: the catalogue's row, what its object says, and the state of its accounts.
import type { Attention, Integration } from "../../shared/api/integration.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { triggerType } from "../../shared/flow/trigger.ts";
import type { OwnedIntegration } from "../db/integrations.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import { maskValues } from "../setup-form/secret-values.ts";

interface AccountState {
  label: string;
  owner: "user" | "workspace";
  status: "connected" | "expired" | "revoked" | "error";
}

/** The integration; `state` is null where its object gave no answer, `known` are the accounts that the user may use. */
export function toIntegration(
  { row, flow, file }: OwnedIntegration,
  state: IntegrationState | null,
  known: Record<string, AccountState>,
): Integration {
  const attention = [...accountAttention(row.accounts, known), ...(state?.attention ?? row.attention)].filter(isFirst);
  return {
    id: row.id,
    flow: flow.key,
    version: row.version,
    name: row.name,
    status: row.enabled ? (attention.length ? "needs_attention" : "enabled") : "disabled",
    ...(attention.length ? { attention } : {}),
    accounts: row.accounts,
    values: maskValues(row),
    blocks: state?.blocks.length ? state.blocks : blocksOf(file),
    ...(flow.published !== null && flow.published > row.version ? { upgradeTo: flow.published } : {}),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/** Accounts that the integration needs and that no longer work, whatever its object knows of it. */
function accountAttention(accounts: Record<string, string>, known: Record<string, AccountState>): Attention[] {
  return Object.values(accounts).flatMap((account): Attention[] => {
    const found = Object.hasOwn(known, account) ? known[account] : undefined;
    if (found?.status === "connected") return [];
    const message = wordsOf(found);
    if (!found) return [{ code: "account_expired", account, message }];
    const { label, owner, status } = found;
    const params = { label, owner };
    // Of an account of the workspace users need not know more.
    if (status === "error" && owner === "user") return [{ code: "account_error", account, message, params }];
    return [{ code: "account_expired", account, message, params }];
  });
}

function wordsOf(found: AccountState | undefined): string {
  if (!found) return "An account that this needs was removed. Choose or connect another.";
  const { label, owner, status } = found;
  if (owner === "workspace")
    return `The sign-in “${label}” of whoever offers this no longer works. What waits for it goes on once they have connected it again.`;
  return status === "error"
    ? `The sign-in “${label}” cannot be used any more. What waits for it goes on once whoever offers this mends that, or you connect it again.`
    : `The sign-in “${label}” no longer works. Connect it again; what waits for it goes on.`;
}

const isFirst = (one: Attention, index: number, all: Attention[]) =>
  all.findIndex(
    ({ code, account, field, block }) => code === one.code && account === one.account && field === one.field && block === one.block,
  ) === index;

const blocksOf = (file: FlowFile): Integration["blocks"] =>
  file.blocks.map(({ key, name, trigger }) => {
    const label = "manual" in trigger ? trigger.manual.label : undefined;
    return { key, name, trigger: { type: triggerType(trigger), ...(label === undefined ? {} : { label }) } };
  });
