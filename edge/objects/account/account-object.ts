import { DurableObject } from "cloudflare:workers";
import { touchAccount } from "../../db/accounts.ts";
import { catalogue } from "../../db/catalogue.ts";
import type { Env } from "../../env.ts";
import { testAccount } from "../../providers/app/test-account.ts";
import { revoke } from "../../providers/oauth/sign-in.ts";
import { signInDeps } from "../../providers/oauth/sign-in-deps.ts";
import { logFault } from "../../security/log-line.ts";
import { SettingMissingError } from "../../security/seal.ts";
import { LOCKED, lockedPause } from "../locked.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { AccountRate } from "./account-rate.ts";
import * as store from "./account-store.ts";
import { beginHolding, beginRestoring, endHolding, isLookDue, isRestoringDue, lookLater, noteNews, restore, serve } from "./aftercare.ts";
import { closedBreaker } from "./breaker.ts";
import { beginCounting, isLongUnrenewed, isMendedBy, noSignIn, notRenewed } from "./faults.ts";
import { carryOf, type LiveAccount, openAccount, readAgain, sealCredentials } from "./live-account.ts";
import { type AccountConfig, type AccountRpc, type Credentials, HOLD, type Lease, type LeaseOptions, type LeaseReport } from "./rpc.ts";

/** ms that a lease may lie ahead where its asker names no bound. */
const MAX_DELAY = 5_000;
const TOUCH_EVERY = 600_000;
const REMOVED = "This account has been removed. Choose or connect another one.";

/** One an account: holds its credentials sealed, renews them, and rations the calls made with them. The only writer of both. */
export class AccountObject extends DurableObject<Env> implements AccountRpc {
  readonly #rate: AccountRate;
  #live: Promise<LiveAccount | undefined> | undefined;
  #judging: Promise<void> | undefined;
  #restoring: Promise<void> | undefined;
  /** Counts the credentials that were established. */
  #established = 0;
  #touchedAt = 0;
  /** Since when (ms) the credentials could not be opened. */
  #lockedSince: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    migrateSqlite(ctx.storage, store.ACCOUNT_STEPS);
    this.#lockedSince = store.readMemo(sql, "locked");
    this.#rate = new AccountRate(store.readBudget(sql), store.readMemo(sql, "breaker") ?? closedBreaker(), {
      now: Date.now,
      random: Math.random,
      remember: (budget) => store.writeBudget(sql, budget),
      rememberBreaker: (breaker) => store.writeMemo(sql, "breaker", breaker),
    });
  }

  async establish(config: AccountConfig, credentials: Credentials): Promise<void> {
    const { sql } = this.ctx.storage;
    const { id, workspace, app } = config;
    const sealed = await sealCredentials(this.env, config, credentials);
    this.#established++;
    // All of this at once: what is known of the former credentials must not meet these.
    const before = store.readState(sql)?.status;
    store.writeAccount(sql, { config, sealed, status: "connected", message: "" });
    this.#live = undefined;
    this.#rate.reset();
    endHolding(sql);
    store.writeMemo(sql, "removed", undefined);
    const restoreAt = before === undefined ? undefined : beginRestoring(sql, { workspace, id }, Date.now());
    await (restoreAt === undefined ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(restoreAt));
    if (before === undefined || before === "connected") return;
    noteNews(sql, { workspace, id, app: app.key, status: "connected", message: "" });
    await this.#serve();
  }

  async restoreUsers(): Promise<void> {
    this.#restoring ??= restore(this.env, this.ctx.storage.sql).finally(() => {
      this.#restoring = undefined;
    });
    await this.#restoring;
    await this.#serve();
  }

  async lookAgain(): Promise<void> {
    const { sql } = this.ctx.storage;
    const before = store.readState(sql);
    const wasConnected = before?.status === "connected";
    if (!before || (!wasConnected && store.readMemo(sql, "faulty") === undefined)) return;
    if (!wasConnected) lookLater(sql, Date.now());
    const established = this.#established;
    const live = await this.#open();
    await (live && readAgain(this.env, live, 0));
    if (!live || live.isCutOff) await this.#fail(established, noSignIn);
    else if (!wasConnected) {
      const freshness = await live.access.ensureFresh();
      const isMended = established === this.#established && isMendedBy(sql, live.config, freshness, Date.now());
      await this.#serve();
      if (isMended) return this.restoreUsers();
    }
    await this.#serve();
  }

  async lease(options: LeaseOptions = {}): Promise<Lease> {
    const refusal = this.#refusal();
    if (refusal) return refusal;
    const established = this.#established;
    const live = await this.#openUnlocked();
    if (live === "locked") return this.#locked();
    if (!live || live.isCutOff) return this.#fail(established, noSignIn);
    const freshness = await live.access.ensureFresh();
    if (freshness.state === "dead") return this.#end(live, freshness.message);
    if (freshness.state === "later" && !freshness.usable) {
      if (isLongUnrenewed(this.ctx.storage.sql, Date.now())) return this.#fail(established, notRenewed(freshness.message));
      return { ok: false, reason: "broken", message: freshness.message, retryAt: Date.now() + MAX_DELAY };
    }
    const permit = await this.#rate.permit(live.config, live.access.version, options.maxDelay ?? MAX_DELAY, options.by);
    if (!permit.ok) return permit;
    this.#touch(live.config);
    return { ...permit, carry: await carryOf(live) };
  }

  async report(report: LeaseReport): Promise<{ retry: boolean; ended?: boolean; later?: boolean }> {
    const established = this.#established;
    const live = await this.#open();
    if (!live) {
      await this.#fail(established, noSignIn);
      return { retry: false, ended: true };
    }
    const version = this.#rate.settle(live.config, report);
    if (!report.auth) return { retry: false };
    const outcome = await live.access.refused(version ?? live.access.version);
    if (outcome.state === "fresh") return { retry: true };
    if (outcome.state === "dead") await this.#end(live, outcome.message);
    if (outcome.state === "unclear") {
      this.#judging ??= this.#judge(live).finally(() => {
        this.#judging = undefined;
      });
      await this.#judging;
    }
    const hasEnded = store.readState(this.ctx.storage.sql)?.status !== "connected";
    return { retry: false, ended: hasEnded, later: outcome.state === "later" };
  }

  async remove(): Promise<void> {
    const live = await this.#open().catch(() => undefined);
    if (live)
      await revoke(live.config.app, live.auth, live.access.credentials, signInDeps(this.env, live.config.workspace, live.config.env));
    const config = store.readAccount(this.ctx.storage.sql)?.config;
    this.#live = undefined;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    migrateSqlite(this.ctx.storage, store.ACCOUNT_STEPS);
    if (!config) return;
    const { id, workspace, app } = config;
    noteNews(this.ctx.storage.sql, { workspace, id, app: app.key, status: "removed", message: "" });
    await this.#hold(config, Date.now(), true);
    await this.#serve();
  }

  /** Tells once more what could not be told, and lets go of runs that have waited long enough. */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage;
    if (isRestoringDue(sql, Date.now())) await this.restoreUsers();
    else if (isLookDue(sql, Date.now())) await this.lookAgain();
    else await this.#serve();
  }

  async #serve(): Promise<void> {
    const next = await serve(this.env, this.ctx.storage.sql, Date.now());
    if (next !== undefined) await this.ctx.storage.setAlarm(next);
  }

  async #hold(config: AccountConfig, now: number, isRemoved = false): Promise<void> {
    const { sql } = this.ctx.storage;
    if (isRemoved) store.writeMemo(sql, "removed", now);
    beginHolding(sql, config, now, isRemoved);
    await this.ctx.storage.setAlarm(now + HOLD);
  }

  /** Why there are no leases, if so. */
  #refusal(): Lease | undefined {
    const { sql } = this.ctx.storage;
    const state = store.readState(sql);
    if (state?.status === "connected") return undefined;
    const since = state?.since || store.readMemo<number>(sql, "removed");
    if (since === undefined) beginCounting(sql, state, Date.now());
    else if (Date.now() - since >= HOLD)
      return { ok: false, reason: "lapsed", message: "The account was not connected again within 30 days. Connect one, then retry this." };
    return state ? { ok: false, reason: state.status, message: state.message } : { ok: false, reason: "missing", message: REMOVED };
  }

  async #open(): Promise<LiveAccount | undefined> {
    this.#live ??= openAccount(this.env, this.ctx.storage.sql).catch((error: unknown) => {
      this.#live = undefined;
      throw error;
    });
    const opening = this.#live;
    const live = await opening;
    // An app may get its way to connect back.
    if (!live && this.#live === opening) this.#live = undefined;
    const reading = live && readAgain(this.env, live);
    if (reading) this.ctx.waitUntil(reading);
    return live;
  }

  /** The same, or `locked` where the key is missing that its credentials are sealed with. */
  async #openUnlocked(): Promise<LiveAccount | "locked" | undefined> {
    try {
      const live = await this.#open();
      if (this.#lockedSince !== undefined) this.#noteLocked(undefined);
      return live;
    } catch (error) {
      if (!(error instanceof SettingMissingError)) throw error;
      logFault("account", { account: store.readAccount(this.ctx.storage.sql)?.config.id, error });
      return "locked";
    }
  }

  /** Whoever wants to call comes again: nothing was wrong with the call, so it is no attempt. */
  #locked(): Lease {
    const now = Date.now();
    const since = this.#lockedSince ?? now;
    if (this.#lockedSince === undefined) this.#noteLocked(now);
    return { ok: false, reason: "locked", message: LOCKED, retryAt: now + lockedPause(since, now) };
  }

  #noteLocked(since: number | undefined): void {
    this.#lockedSince = since;
    store.writeMemo(this.ctx.storage.sql, "locked", since);
  }

  /** A refusal that no renewal mends may be about one call or about the account: the app's test tells. */
  async #judge(live: LiveAccount): Promise<void> {
    const deps = signInDeps(this.env, live.config.workspace, live.config.env);
    const result = await testAccount(live.config.app, await carryOf(live), deps);
    if (!result.ok && result.kind === "denied") await this.#end(live, result.message);
  }

  /** Marks the account expired, once, unless other credentials have taken the place of these. */
  async #end(live: LiveAccount, why: string): Promise<Lease> {
    const { sql } = this.ctx.storage;
    const message = `Connect ${live.config.app.name} again. ${why}`;
    if (live === (await this.#live) && store.readState(sql)?.status === "connected") {
      const { id, workspace, app } = live.config;
      const now = Date.now();
      store.writeStatus(sql, { status: "expired", message, since: now });
      noteNews(sql, { workspace, id, app: app.key, status: "expired", message });
      await this.#hold(live.config, now);
      await this.#serve();
    }
    return { ok: false, reason: "expired", message };
  }

  /**
   * Marks the account as of no use for now, once, unless others than the credentials number `established` are there: what is wrong is not theirs.
   * Until it is mended, or the account connected anew, runs are held.
   */
  async #fail(established: number, words: (app: string) => string): Promise<Lease> {
    const { sql } = this.ctx.storage;
    const config = store.readAccount(sql)?.config;
    const message = words(config?.app.name ?? "The app");
    if (config && established === this.#established && store.readState(sql)?.status === "connected") {
      const { id, workspace, app } = config;
      const now = Date.now();
      store.writeStatus(sql, { status: "error", message, since: now });
      noteNews(sql, { workspace, id, app: app.key, status: "error", message });
      lookLater(sql, now);
      await this.#hold(config, now);
      await this.#serve();
    }
    return { ok: false, reason: "error", message };
  }

  #touch({ id, workspace }: AccountConfig): void {
    const now = Date.now();
    if (now - this.#touchedAt < TOUCH_EVERY) return;
    this.#touchedAt = now;
    this.ctx.waitUntil(touchAccount(catalogue(this.env), workspace, id, now).catch(() => undefined));
  }
}
