// What the element that the host placed provides to everything inside it, by subject. Consume with `@consume({ context, subscribe: true })`.
// Registered symbols: a chunk that loads the script a second time (under another query, say) still finds its provider.
import { createContext } from "@lit/context";
import type { Account } from "../shared/api/account.ts";
import type { AppDetail } from "../shared/api/flow.ts";
import type { ApiClient } from "./api/client.ts";
import type { LiveStream } from "./api/stream.ts";
import type { FireHostEvent } from "./events.ts";
import type { I18n } from "./i18n/i18n.ts";

/** The client of the current user; undefined until the element has a token. Another user means another client. */
export const apiContext = createContext<ApiClient | undefined>(Symbol.for("inlay-api"));

/** What the host has set and the views must honour. */
export interface Config {
  readonly: boolean;
  /** Values for setup fields, by key. */
  prefill: Readonly<Record<string, unknown>>;
  /** Objects that the host offers for mapping, by name. */
  data: Readonly<Record<string, unknown>>;
}
export const configContext = createContext<Config>(Symbol.for("inlay-config"));

export const i18nContext = createContext<I18n>(Symbol.for("inlay-i18n"));

/** Live changes of the current user; undefined until the element has a token. */
export const liveContext = createContext<LiveStream | undefined>(Symbol.for("inlay-live"));

export const hostEventsContext = createContext<FireHostEvent>(Symbol.for("inlay-host-events"));

export interface ConnectRequest {
  app: AppDetail;
  /** The auth kind to use; the user chooses where there are several. */
  auth?: string | undefined;
  /** Renew this account instead of making a new one. */
  account?: string | undefined;
}

/**
 * Leads the user through connecting an app. Call it IN the click, before any await: it opens the popup. Rejects with `ConnectError`
 * (`accounts/connect-error.ts`) once the user has read why; events are fired here.
 */
export type ConnectAccount = (request: ConnectRequest) => Promise<Account>;
export const connectContext = createContext<ConnectAccount>(Symbol.for("inlay-connect"));

/** Shows a short confirmation, such as "Saved". */
export type ShowToast = (text: string) => void;
export const toastContext = createContext<ShowToast>(Symbol.for("inlay-toast"));
