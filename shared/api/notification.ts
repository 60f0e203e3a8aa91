import { z } from "zod";
import { NOTIFICATION_TYPES } from "./notification-types.ts";

/** What happened, told once. */
export const Notification = z.object({
  id: z.string(),
  type: z.enum(NOTIFICATION_TYPES),
  at: z.string(),
  /** In words: what is the matter, and what mends it. */
  message: z.string(),
  /** What it is about: of an account its id, app, label, owner, user (`usr_…`) and status; of a webhook its id and address. */
  subject: z.record(z.string(), z.string().nullable()),
  /** When it ceased to be so; null while it is, and where there is nothing to mend. */
  resolvedAt: z.string().nullable(),
});
export type Notification = z.infer<typeof Notification>;

/** `read`: the member who asks has read it. */
export const ReadNotification = Notification.extend({ read: z.boolean() });
export type ReadNotification = z.infer<typeof ReadNotification>;

/** The end of a try to deliver a notification. */
export const Delivery = z.object({
  notification: z.string(),
  at: z.string(),
  attempts: z.number().int(),
  ok: z.boolean(),
  /** What the receiver answered; null where no answer came. */
  status: z.number().int().nullable(),
  message: z.string(),
  /** When it is tried again; null where it is not. */
  nextAt: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

/** An address that is sent the workspace's notifications, signed as Standard Webhooks says. */
export const NotificationWebhook = z.object({
  id: z.string(),
  url: z.string(),
  /** Empty: all. */
  types: z.array(z.enum(NOTIFICATION_TYPES)),
  enabled: z.boolean(),
  /** Why it was switched off, where nobody did that. */
  reason: z.string().nullable(),
  createdAt: z.string(),
  lastDelivery: Delivery.nullable(),
});
export type NotificationWebhook = z.infer<typeof NotificationWebhook>;
