// Every public event: its name and detail. Only the element that the host placed fires them (`host/host-element.ts`).
import type { Account } from "../shared/api/account.ts";
import type { Integration } from "../shared/api/integration.ts";
import type { Run } from "../shared/api/run.ts";

export type View = "marketplace" | "integrations" | "accounts";
export type SetupMode = "create" | "edit" | "upgrade";
export type ConnectFailure = "denied" | "popup-blocked" | "popup-closed" | "invalid" | "expired" | "error";

/** `integration` is the id. */
export interface IntegrationDetail {
  integration: string;
  flow: string;
  name: string;
  version: number;
  status: Integration["status"];
}

/** Name → detail. Ids and keys are strings, never whole objects but where the contract says so. */
export interface InlayEventMap {
  /** Once, when the first content is shown. */
  "inlay-ready": { view: View | "setup" };
  /** The list of flows has been read, also after a search or a filter. */
  "inlay-flows-loaded": { count: number; tag: string; search: string };
  /** A flow's page is shown. */
  "inlay-flow-opened": { flow: string };
  /** The setup form is shown. */
  "inlay-setup-started": { flow: string; integration?: string; mode: SetupMode };
  /** Another page of the form is shown; `index` counts from 0. */
  "inlay-page-changed": { flow: string; integration?: string; page: string; index: number; pages: number };
  /** The user has changed a field; `value` is absent for secret ones. Fired with each key: until the field is left, `value` is as typed so far, blanks at its ends too, and `valid` only turns false then. */
  "inlay-field-changed": { flow: string; page: string; field: string; valid: boolean; value?: unknown };
  /** The form was left before its end; `draft`: what was entered is kept on the edge. */
  "inlay-setup-abandoned": { flow: string; integration?: string; page: string; draft: boolean };
  /** An account is connected; `existed`: it was known and has been renewed. */
  "inlay-account-connected": { account: string; app: string; existed: boolean };
  /** An account could not be connected. */
  "inlay-account-failed": { app: string; reason: ConnectFailure; message: string };
  /** An account has been removed. */
  "inlay-account-disconnected": { account: string; app: string };
  /** An integration has been set up. */
  "inlay-integration-created": IntegrationDetail;
  /** Its values or accounts have been changed. */
  "inlay-integration-updated": IntegrationDetail;
  /** It runs from now on. */
  "inlay-integration-enabled": IntegrationDetail;
  /** It runs no more. */
  "inlay-integration-disabled": IntegrationDetail;
  /** It has another name. */
  "inlay-integration-renamed": IntegrationDetail;
  /** It is on a newer version of its flow. */
  "inlay-integration-upgraded": IntegrationDetail;
  /** It is gone; the detail is what it was. */
  "inlay-integration-deleted": IntegrationDetail;
  /** A run has ended while the element is shown. */
  "inlay-run-finished": { run: string; integration: string; block: string; status: Run["status"]; tasks: number };
  /** Something that the user sees as an error. */
  "inlay-error": { code: string; message: string; retryable: boolean };
  /** Before a flow's page is shown. Prevented, nothing changes, and the widget says nothing: what to tell is the host's, here and below. */
  "inlay-before-open": { flow: string };
  /** Before an account is connected. Prevented, no window and no dialog opens; `connect()` rejects with the reason `error`, no event follows. */
  "inlay-before-connect": { app: string };
  /** Before the form is saved; `values` holds no secret. Prevented, the form stays open and says that the page has stopped it. */
  "inlay-before-save": { flow: string; integration?: string; values: Record<string, unknown> };
  /** Before an integration is turned off. Prevented, its switch stays on. */
  "inlay-before-disable": { integration: string };
  /** Before an integration is deleted. Prevented, the question closes and the focus is back where it was asked for. */
  "inlay-before-delete": { integration: string };
  /** Before an account is removed. Prevented, the question closes and the focus is back where it was asked for. */
  "inlay-before-disconnect": { account: string };
}

export type InlayEventName = keyof InlayEventMap;

/** A public event; bubbles and is composed, cancelable where its name begins with `inlay-before-`. */
export class InlayEvent<Name extends InlayEventName = InlayEventName> extends CustomEvent<InlayEventMap[Name]> {
  constructor(name: Name, detail: InlayEventMap[Name]) {
    super(name, { detail, bubbles: true, composed: true, cancelable: name.startsWith("inlay-before-") });
  }
}

/** Fires a public event on the element that the host placed. False: the host has prevented what would follow. */
export type FireHostEvent = <Name extends InlayEventName>(name: Name, detail: InlayEventMap[Name]) => boolean;

/** The detail of the integration events. */
export const integrationDetail = ({ id, flow, name, version, status }: Integration): IntegrationDetail => ({
  integration: id,
  flow,
  name,
  version,
  status,
});

/** The detail of `inlay-account-connected`. */
export const accountDetail = ({ id, app }: Account, existed: boolean) => ({ account: id, app, existed });

declare global {
  interface HTMLElementEventMap {
    "inlay-ready": InlayEvent<"inlay-ready">;
    "inlay-flows-loaded": InlayEvent<"inlay-flows-loaded">;
    "inlay-flow-opened": InlayEvent<"inlay-flow-opened">;
    "inlay-setup-started": InlayEvent<"inlay-setup-started">;
    "inlay-page-changed": InlayEvent<"inlay-page-changed">;
    "inlay-field-changed": InlayEvent<"inlay-field-changed">;
    "inlay-setup-abandoned": InlayEvent<"inlay-setup-abandoned">;
    "inlay-account-connected": InlayEvent<"inlay-account-connected">;
    "inlay-account-failed": InlayEvent<"inlay-account-failed">;
    "inlay-account-disconnected": InlayEvent<"inlay-account-disconnected">;
    "inlay-integration-created": InlayEvent<"inlay-integration-created">;
    "inlay-integration-updated": InlayEvent<"inlay-integration-updated">;
    "inlay-integration-enabled": InlayEvent<"inlay-integration-enabled">;
    "inlay-integration-disabled": InlayEvent<"inlay-integration-disabled">;
    "inlay-integration-renamed": InlayEvent<"inlay-integration-renamed">;
    "inlay-integration-upgraded": InlayEvent<"inlay-integration-upgraded">;
    "inlay-integration-deleted": InlayEvent<"inlay-integration-deleted">;
    "inlay-run-finished": InlayEvent<"inlay-run-finished">;
    "inlay-error": InlayEvent<"inlay-error">;
    "inlay-before-open": InlayEvent<"inlay-before-open">;
    "inlay-before-connect": InlayEvent<"inlay-before-connect">;
    "inlay-before-save": InlayEvent<"inlay-before-save">;
    "inlay-before-disable": InlayEvent<"inlay-before-disable">;
    "inlay-before-delete": InlayEvent<"inlay-before-delete">;
    "inlay-before-disconnect": InlayEvent<"inlay-before-disconnect">;
  }
}
