import type { Attention, Integration } from "../../shared/api/integration.ts";
import type { MessageKey } from "./en.ts";
import type { I18n } from "./i18n.ts";

const OURS: Record<string, MessageKey> = {
  account_missing: "attention.missing",
  invalid_schedule: "attention.schedule",
  quota_exceeded: "attention.quota",
  poll_failed: "attention.changes",
  subscribe_failed: "attention.changes",
};

/** What needs attention, in the user's language by its code; an app's own words stand behind ours. Of a code that is new the edge's words. */
export function describeAttention({ msg }: I18n, attention: Attention, { blocks }: Integration): string {
  const { code, message: reason, block: key, params } = attention;
  if (code === "account_expired")
    return msg(params ? (params.owner === "user" ? "attention.expired" : "attention.shared") : "attention.removed", params);
  const ours = OURS[code];
  const block = blocks.find((one) => one.key === key)?.name ?? "";
  return ours ? msg(ours, { block, reason }) : reason;
}
