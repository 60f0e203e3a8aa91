// What the rest of the edge may ask of a NoticeObject, one a workspace.
import type { Delivery, NotificationWebhook, ReadNotification } from "../../../shared/api/notification.ts";
import type { NotificationType } from "../../../shared/api/notification-types.ts";

/** What members are to be told. */
export interface News {
  type: NotificationType;
  /** What it is about: `acc_…`, `nwh_…`. While one of its notifications is open, no second of its type is made. */
  about: string;
  message: string;
  subject: Record<string, string | null>;
}

/** Which notifications to list, newest first. `below`: numbers smaller than this. */
export interface NoticeFilter {
  type?: NotificationType | undefined;
  unread?: boolean | undefined;
  below?: number | undefined;
  limit: number;
}

/** A notification with its number in the workspace. */
export interface NumberedNotice extends ReadNotification {
  seq: number;
}

export interface NoticeRpc {
  /** Tells members and webhooks, once: what is open already is told no second time. Durable before it returns. */
  tell(news: News): Promise<void>;
  /** What was the matter with `about` is so no more: its notifications are resolved, and `restored` told where there was one. */
  settle(about: string, restored?: News): Promise<void>;
  /** Notifications for `reader`, and how many of all are unread. */
  list(reader: string, filter: NoticeFilter): Promise<{ items: NumberedNotice[]; unread: number }>;
  /** The reader has read all up to that one; without an id, all. */
  read(reader: string, through?: string): Promise<void>;
  listWebhooks(): Promise<NotificationWebhook[]>;
  /** `secret` is sealed by the caller. Null where there are too many. */
  addWebhook(
    workspace: string,
    webhook: { id: string; url: string; types: NotificationType[]; secret: string },
  ): Promise<NotificationWebhook | null>;
  /** Null where there is none. */
  changeWebhook(id: string, change: { types?: NotificationType[]; enabled?: boolean }): Promise<NotificationWebhook | null>;
  removeWebhook(id: string): Promise<NotificationWebhook | null>;
  /** Sends a notification of the type `test` there and answers what came back; null where there is no such webhook. */
  tryOut(id: string): Promise<Delivery | null>;
}
