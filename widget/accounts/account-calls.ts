// What is done with one account, in the words of shared/api. Each rejects with `ApiError`.
import type { Account, AccountMove, AccountMoved, AccountRemoved, AccountTest } from "../../shared/api/account.ts";
import type { ApiClient } from "../api/client.ts";

const path = (id: string) => `/v1/accounts/${encodeURIComponent(id)}`;

export const removeAccount = ({ transport }: ApiClient, id: string): Promise<AccountRemoved> =>
  transport.json(path(id), { method: "DELETE" });

export const testAccount = ({ transport }: ApiClient, id: string): Promise<AccountTest> =>
  transport.json(`${path(id)}/test`, { method: "POST" });

export const renameAccount = ({ transport }: ApiClient, id: string, label: string): Promise<Account> =>
  transport.json(path(id), { method: "PATCH", body: { label } });

export const moveAccount = ({ transport }: ApiClient, id: string, move: AccountMove): Promise<AccountMoved> =>
  transport.json(`${path(id)}/move`, { method: "POST", body: move });
