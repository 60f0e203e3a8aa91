// What fields need of the form around them, without knowing flows or the API: the setup view provides it.
import { createContext } from "@lit/context";
import type { Account } from "../../shared/api/account.ts";
import type { AppSummary, Option } from "../../shared/api/flow.ts";
import type { List } from "../../shared/api/list.ts";

export interface OptionsAsk {
  /** The field's key; for a mapping `KEY.from` or `KEY.to`, inside a list `LIST.KEY`. */
  field: string;
  search?: string;
  cursor?: string;
}

/** A call of a field that was refused; `say` tells it in the user's language, `code` is the edge's. */
export class FieldCallError extends Error {
  readonly code: string;
  readonly say: () => string;

  constructor(code: string, say: () => string) {
    super(say());
    this.name = "FieldCallError";
    this.code = code;
    this.say = say;
  }
}

/** By its name: the form around a field may be of another version of the script, with a class of its own. */
export const isFieldCallError = (error: unknown): error is FieldCallError => error instanceof Error && error.name === "FieldCallError";

/** What went wrong, in words at any time: the language may change while they are shown. */
export const sayer = (error: unknown): (() => string) =>
  isFieldCallError(error) ? error.say : () => (error instanceof Error ? error.message : String(error));

/** What another field or account slot says about itself, for "Connect Pipeline first". */
export interface Neighbour {
  label: string;
  kind: "account" | "field";
  isRequired: boolean;
  isFilled: boolean;
}

/** The form around a field. A new object comes with every change of values or accounts. */
export interface FieldScope {
  values: Readonly<Record<string, unknown>>;
  accounts: Readonly<Record<string, string>>;
  /** Options that were asked for already, by what they depend on; lives as long as the form. */
  cache: Map<string, List<Option>>;
  /** The user's accounts as last read, by app; lives as long as the form. */
  knownAccounts: Map<string, readonly Account[]>;
  askOptions: (ask: OptionsAsk, signal: AbortSignal) => Promise<List<Option>>;
  neighbour: (key: string) => Neighbour | undefined;
  /** Leads the user to another field. */
  goTo: (key: string) => void;
  appOf: (key: string) => AppSummary | undefined;
  listAccounts: (app: string, signal: AbortSignal) => Promise<Account[]>;
  /** Counts up when the user's accounts may have changed elsewhere, and when the network is back. */
  accountsRevision: number;
  /** Call it in the click: it may open a window. */
  connect: (app: string, account?: string) => Promise<Account>;
  /** Runs a block of the integration; undefined while there is none yet. */
  runBlock?: ((block: string) => Promise<void>) | undefined;
}

export const fieldScopeContext = createContext<FieldScope | undefined>(Symbol.for("inlay-field-scope"));
