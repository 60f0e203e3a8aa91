import type { Account } from "../../shared/api/account.ts";
import type { ConnectRequest } from "../contexts.ts";
import { accountDetail, type FireHostEvent } from "../events.ts";
import "./connect-dialog.ts";
import type { ConnectError } from "./connect-error.ts";

export interface ConnectJourney {
  request: ConnectRequest;
  /** The window that the click opened; null: blocked; undefined: none asked for yet. */
  popup: Window | null | undefined;
  fire: FireHostEvent;
  /** Where the dialog goes: inside the element that the host placed. */
  container: Node;
}

/** `first` settles with the first success or failure; `last` when the dialog has closed, after the user may have tried again. */
export interface ConnectOutcome {
  first: Promise<Account>;
  last: Promise<Account>;
}

/** Shows the connect dialog and fires an event for each failure and for the success. */
export function runConnect({ request, popup, fire, container }: ConnectJourney): ConnectOutcome {
  const { promise: first, resolve, reject } = Promise.withResolvers<Account>();
  const dialog = document.createElement("inlay-connect-dialog");
  dialog.request = request;
  dialog.popup = popup;
  dialog.failed = (error: ConnectError, isSeen: boolean) => {
    fire("inlay-account-failed", { app: request.app.key, reason: error.reason, message: error.message });
    if (isSeen) fire("inlay-error", { code: error.reason, message: error.message, retryable: error.reason !== "invalid" });
    reject(error);
  };
  const last = dialog.outcome
    .then(({ account, existed }) => {
      fire("inlay-account-connected", accountDetail(account, existed));
      resolve(account);
      return account;
    })
    .finally(() => dialog.remove());
  last.catch(reject);
  first.catch(() => undefined);
  container.appendChild(dialog);
  return { first, last };
}
