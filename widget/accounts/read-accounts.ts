import type { Account } from "../../shared/api/account.ts";
import type { ApiClient } from "../api/client.ts";
import { readPages } from "../api/read-pages.ts";

/** All of the user's accounts, of one `app` where it is named, however many pages they take. */
export const readAccounts = async (client: ApiClient, app?: string, signal?: AbortSignal): Promise<Account[]> =>
  (await readPages((cursor) => client.listAccounts(app, cursor, signal), Number.POSITIVE_INFINITY)).items;
