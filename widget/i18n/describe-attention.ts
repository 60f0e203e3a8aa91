import type { Attention, Integration } from "../../shared/api/integration.ts";
import type { RunError } from "../../shared/api/run.ts";
import type { MessageKey } from "./en.ts";
import type { I18n } from "./i18n.ts";

const OURS: Record<string, MessageKey> = {
  account_error: "attention.faulty",
  account_missing: "attention.missing",
  invalid_schedule: "attention.schedule",
  quota_exceeded: "attention.quota",
  poll_failed: "attention.changes",
  subscribe_failed: "attention.changes",
  subscription_unread: "attention.unread",
};

/**
 * What needs attention, in the user's language by its code; an app's own words stand behind ours. Of a code that is new the edge's words.
 * `describe` says why an app was not answered: it is passed in, so that its words load with what shows runs.
 */
export function describeAttention(
  { msg }: I18n,
  attention: Attention,
  { blocks }: Integration,
  describe: (error: RunError) => string = ({ message }) => message,
): string {
  const { code, message, block: key, params, error } = attention;
  const reason = error ? describe(error) : message;
  if (code === "account_expired")
    return msg(params ? (params.owner === "user" ? "attention.expired" : "attention.shared") : "attention.removed", params);
  const ours = OURS[code];
  const block = blocks.find((one) => one.key === key)?.name ?? "";
  return ours ? msg(ours, { ...params, block, reason }) : reason;
}
