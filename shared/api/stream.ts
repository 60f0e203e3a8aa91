import type { Account } from "./account.ts";
import type { Integration } from "./integration.ts";
import type { Run } from "./run.ts";

/** One message of `GET /v1/stream`: the SSE `event` is the `type`, `data` the rest as JSON, `id` resumes. */
export type StreamMessage =
  | { type: "run"; run: Run }
  | { type: "integration"; integration: Pick<Integration, "id" | "flow" | "status"> & { deleted?: boolean } }
  | { type: "account"; account: Pick<Account, "id" | "app" | "status"> & { deleted?: boolean } }
  | { type: "flow"; flow: { key: string } };

/** What a member's stream tells beyond that: something of a kind (`folder`, `token`, …) has been changed by somebody. */
export type MemberMessage = StreamMessage | { type: "change"; change: { kind: string } };
