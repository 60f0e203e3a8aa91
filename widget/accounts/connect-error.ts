import type { ConnectFailure } from "../events.ts";

/** Why an app was not connected; `message` is in the user's language. */
export class ConnectError extends Error {
  readonly reason: ConnectFailure;

  constructor(reason: ConnectFailure, message: string) {
    super(message);
    this.name = "ConnectError";
    this.reason = reason;
  }
}
