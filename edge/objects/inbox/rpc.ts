// What the rest of the edge may ask of an InboxObject, one a workspace: host events, durable and then fanned out.
import type { HostEventAccepted, HostEventWrite } from "../../../shared/api/host-event.ts";

export interface InboxRpc {
  /** Durable before it returns. The fan-out finds the integrations through D1 and hands the event to each. */
  accept(workspace: string, event: HostEventWrite): Promise<HostEventAccepted>;
}
