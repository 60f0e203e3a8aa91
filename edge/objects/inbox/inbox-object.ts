import { DurableObject } from "cloudflare:workers";
import type { HostEventAccepted, HostEventWrite } from "../../../shared/api/host-event.ts";
import { WAITING_RUNS } from "../../../shared/flow/waited-events.ts";
import { listAppListeners } from "../../db/app-hooks.ts";
import { catalogue } from "../../db/catalogue.ts";
import { listSubscriptions } from "../../db/event-subscriptions.ts";
import { isOwed } from "../../db/integrations.ts";
import { newId } from "../../db/new-id.ts";
import type { Env } from "../../env.ts";
import { logFault } from "../../security/log-line.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { type FanOutDeps, fanOutPage, PAGE, retryDelivery, type Subscription, type Taken } from "./fan-out.ts";
import * as store from "./inbox-store.ts";
import type { AppCall, InboxRpc } from "./rpc.ts";

/** Where the handler dies, the alarm comes again after this long. */
const WATCHDOG = 30_000;
/**
 * Pause (ms) of a fan-out where all objects share one thread, and one process's open files (five an object, until half a minute after it was called):
 * some hundred integrations a second leave room for everybody else.
 */
const ONE_THREAD_PAUSE = 100;
/** One handler works no longer than this; the next alarm goes on. */
const TIME_BOX = 20_000;

/** One a workspace: takes host events durably, and hands each to the integrations that wait for it. */
export class InboxObject extends DurableObject<Env> implements InboxRpc {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrateSqlite(ctx.storage, store.INBOX_STEPS);
  }

  async accept(workspace: string, event: HostEventWrite): Promise<HostEventAccepted> {
    const id = event.id ?? newId("evt");
    const now = Date.now();
    const isNew = store.storeEvent(this.ctx.storage, workspace, id, event, now);
    if (isNew) await this.ctx.storage.setAlarm(now);
    return { id, duplicate: !isNew };
  }

  async acceptAppCall(workspace: string, app: string, call: AppCall): Promise<string> {
    const id = newId("evt");
    const now = Date.now();
    store.storeAppCall(this.ctx.storage.sql, workspace, id, app, call, now);
    await this.ctx.storage.setAlarm(now);
    return id;
  }

  override async alarm(): Promise<void> {
    const { storage } = this.ctx;
    await storage.setAlarm(Date.now() + WATCHDOG);
    let failed = false;
    try {
      await this.#drain(Date.now() + TIME_BOX);
    } catch (error) {
      logFault("inbox", { error });
      failed = true;
    }
    const due = store.nextDue(storage.sql, Date.now());
    if (due === undefined) await storage.deleteAlarm();
    else await storage.setAlarm(Math.max(due, Date.now() + (failed ? 2_000 : 0)));
  }

  async #drain(until: number): Promise<void> {
    const { storage } = this.ctx;
    const deps = this.#deps();
    while (Date.now() < until) {
      const [event] = store.openEvents(storage.sql, 1);
      const retries = event ? [] : store.dueRetries(storage.sql, Date.now(), 50);
      if (!event && !retries.length) return;
      if (event) {
        const { after, again } = await fanOutPage(event, deps);
        store.storeProgress(storage, event.seq, after, again);
      }
      for (const delivery of retries) {
        const origin = store.readEvent(storage.sql, delivery.seq);
        const again = origin && (await retryDelivery(origin, delivery, deps));
        if (again) store.storeRetry(storage.sql, again);
        else store.dropRetry(storage, delivery);
      }
    }
  }

  #deps(): FanOutDeps {
    const db = catalogue(this.env);
    return {
      now: () => Date.now(),
      random: () => Math.random(),
      pause: () => scheduler.wait(this.env.INLAY_ONE_THREAD === "true" ? ONE_THREAD_PAUSE : 1),
      subscriptions: (event) =>
        isAppCall(event)
          ? listAppListeners(db, { ...event, externalIds: event.data.externalIds }, PAGE)
          : listSubscriptions(db, event, PAGE),
      deliver: (event, to, isLast) => this.#deliver(event, to, isLast),
    };
  }

  async #deliver(event: store.InboxEvent, to: Subscription, isLast: boolean): Promise<Taken> {
    const { integration } = to;
    try {
      const taken = await this.#offer(event, to, isLast);
      if (taken !== "refused" || isLast || to.isSettled) return taken === "later" ? "later" : "done";
      // It may have been switched on, or changed, and its object not know yet: it is asked again once it does.
      if (await isOwed(catalogue(this.env), integration)) return "later";
      return (await this.#offer(event, to, isLast)) === "later" ? "later" : "done";
    } catch (error) {
      logFault("delivery", { event: event.id, integration, error });
      return "later";
    }
  }

  /** `refused`: the integration, as its object knows it, has nothing to start by this. */
  async #offer(event: store.InboxEvent, { integration, block }: Subscription, isLast: boolean): Promise<Taken | "refused"> {
    const { id, type, data, org, user } = event;
    const object = this.env.INTEGRATIONS.getByName(integration);
    const taken = isAppCall(event)
      ? await object.acceptAppCall(block, { id, app: event.app, request: event.data.request }, isLast)
      : await object.acceptEvent(block, { id, type, data, org, user }, isLast, event.at);
    if (taken.ok) return taken.run || block === WAITING_RUNS ? "done" : "refused";
    return taken.status === 429 || taken.status === 503 ? "later" : "refused";
  }
}

const isAppCall = (event: store.InboxEvent): event is store.InboxEvent & { app: string; data: AppCall } =>
  event.app !== undefined && event.app !== null;
