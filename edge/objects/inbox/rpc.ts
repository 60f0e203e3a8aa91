// What the rest of the edge may ask of an InboxObject, one a workspace: host events, durable and then fanned out.
import type { HostEventAccepted, HostEventWrite } from "../../../shared/api/host-event.ts";
import type { IncomingRequest } from "../integration/rpc.ts";

/** A call of an app's one webhook, and the accounts at the app that it is about. */
export interface AppCall {
  externalIds: string[];
  request: IncomingRequest;
}

export interface InboxRpc {
  /** Durable before it returns. The fan-out finds the integrations through D1 and hands the event to each. */
  accept(workspace: string, event: HostEventWrite): Promise<HostEventAccepted>;
  /** The same for a call of an app's webhook: handed to each integration that uses one of the accounts. Its id. */
  acceptAppCall(workspace: string, app: string, call: AppCall): Promise<string>;
}
