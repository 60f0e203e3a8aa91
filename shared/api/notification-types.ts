/** What members are told of. `account.expired`: calls with it are refused; `account.restored`: they go on; `webhook.stopped`: nobody takes notifications there. */
export const NOTIFICATION_TYPES = ["account.expired", "account.restored", "webhook.stopped"] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];
