import { DurableObject } from "cloudflare:workers";
import type { Delivery, NotificationWebhook } from "../../../shared/api/notification.ts";
import type { NotificationType } from "../../../shared/api/notification-types.ts";
import { newId } from "../../db/new-id.ts";
import type { Env } from "../../env.ts";
import { guardedFetch } from "../../providers/http/guarded-fetch.ts";
import { logFault } from "../../security/log-line.ts";
import { openSecret } from "../../security/seal.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { deliver, type Message, type Tried } from "./deliver.ts";
import * as store from "./notice-store.ts";
import type { News, NoticeFilter, NoticeRpc, NumberedNotice } from "./rpc.ts";

/** Deliveries that are under way at once. */
const AT_ONCE = 20;
/** ms until the workspace's key is asked for again, where it could not be had. */
const SIGN_AGAIN = 60_000;

/** What a webhook's secret is sealed as. */
export const sealedAs = (webhook: string): string => `notification-webhook/${webhook}`;

/** One a workspace: what its members are told, who has read it, and its way out to the workspace's own addresses. */
export class NoticeObject extends DurableObject<Env> implements NoticeRpc {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrateSqlite(ctx.storage, store.NOTICE_STEPS);
    this.#sql = ctx.storage.sql;
  }

  async tell(news: News): Promise<void> {
    const isNew = this.ctx.storage.transactionSync(() => store.addNotice(this.#sql, newId("ntf"), news, Date.now())) !== null;
    if (isNew) await this.#arm();
  }

  async settle(about: string, restored?: News): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      const now = Date.now();
      const wasOpen = store.resolveNotices(this.#sql, about, now) > 0;
      if (wasOpen && restored) store.addNotice(this.#sql, newId("ntf"), restored, now, true);
    });
    await this.#arm();
  }

  async list(reader: string, filter: NoticeFilter): Promise<{ items: NumberedNotice[]; unread: number }> {
    return { items: store.listNotices(this.#sql, reader, filter), unread: store.countUnread(this.#sql, reader) };
  }

  async read(reader: string, through?: string): Promise<void> {
    store.markRead(this.#sql, reader, through);
  }

  async listWebhooks(): Promise<NotificationWebhook[]> {
    return store.listWebhookRows(this.#sql).map((row) => store.toWebhook(this.#sql, row));
  }

  async addWebhook(
    workspace: string,
    { id, url, types, secret }: { id: string; url: string; types: NotificationType[]; secret: string },
  ): Promise<NotificationWebhook | null> {
    if (store.listWebhookRows(this.#sql).length >= store.MAX_WEBHOOKS) return null;
    store.insertWebhook(this.#sql, { id, workspace, url, types: JSON.stringify(types), secret, created: Date.now() });
    return this.#webhook(id);
  }

  async changeWebhook(
    id: string,
    { types, enabled }: { types?: NotificationType[]; enabled?: boolean },
  ): Promise<NotificationWebhook | null> {
    const row = store.readWebhookRow(this.#sql, id);
    if (!row) return null;
    const isOn = enabled ?? row.enabled === 1;
    const wanted = types ? JSON.stringify(types) : row.types;
    store.updateWebhook(this.#sql, { id, types: wanted, enabled: isOn ? 1 : 0, reason: isOn ? null : row.reason });
    if (isOn) store.resolveNotices(this.#sql, id, Date.now());
    return this.#webhook(id);
  }

  async removeWebhook(id: string): Promise<NotificationWebhook | null> {
    const webhook = this.#webhook(id);
    store.deleteWebhook(this.#sql, id);
    store.resolveNotices(this.#sql, id, Date.now());
    return webhook;
  }

  async tryOut(id: string): Promise<Delivery | null> {
    const row = store.readWebhookRow(this.#sql, id);
    if (!row) return null;
    const now = Date.now();
    const at = new Date(now).toISOString();
    const message = { id: newId("ntf"), type: "test", at, data: { message: "This is how notifications of this workspace come." } };
    const { ok, status, message: said } = await this.#send(row, message, 0);
    return { notification: message.id, at, attempts: 1, ok, status, message: said, nextAt: null };
  }

  /** Sends what is due. */
  override async alarm(): Promise<void> {
    const due = store.dueDeliveries(this.#sql, Date.now(), AT_ONCE);
    await Promise.all(due.map((one) => this.#attempt(one)));
    await this.#arm();
  }

  async #attempt(one: store.DueDelivery): Promise<void> {
    const webhook = store.readWebhookRow(this.#sql, one.webhook);
    const notice = store.readNotice(this.#sql, one.notice);
    if (!webhook || !notice) return;
    const { id, type, at } = notice;
    const tried = await this.#send(webhook, { id, type, at, data: notice }, one.attempts);
    this.ctx.storage.transactionSync(() => {
      const isOn = store.readWebhookRow(this.#sql, webhook.id)?.enabled === 1;
      store.noteOutcome(this.#sql, one, isOn ? tried : { ...tried, due: null }, Date.now());
      if (isOn && tried.isGone) this.#stop(webhook, tried.message);
    });
  }

  async #send({ id, workspace, url, secret }: store.WebhookRow, message: Message, attempts: number): Promise<Tried> {
    const now = Date.now();
    try {
      const opened = await openSecret(this.env, workspace, sealedAs(id), secret);
      return await deliver(guardedFetch(this.env), { url, secret: opened }, message, { attempts, now });
    } catch (error) {
      logFault("notice not signed", { workspace, webhook: id, error });
      return { ok: false, status: null, message: "This could not be signed at the moment.", due: now + SIGN_AGAIN, isGone: false };
    }
  }

  /** Nobody takes what is sent there any more: it is switched off, and members are told. */
  #stop({ id, url, types }: store.WebhookRow, why: string): void {
    const message = `Notifications are sent to ${new URL(url).host} no more. ${why} Mend the receiver, then switch the webhook on again.`;
    store.updateWebhook(this.#sql, { id, types, enabled: 0, reason: why });
    store.addNotice(this.#sql, newId("ntf"), { type: "webhook.stopped", about: id, message, subject: { webhook: id, url } }, Date.now());
  }

  #webhook(id: string): NotificationWebhook | null {
    const row = store.readWebhookRow(this.#sql, id);
    return row ? store.toWebhook(this.#sql, row) : null;
  }

  async #arm(): Promise<void> {
    const next = store.nextDue(this.#sql);
    if (next !== undefined) await this.ctx.storage.setAlarm(next);
  }
}
