import { DurableObject } from "cloudflare:workers";
import { setAccountStatus, touchAccount } from "../../db/accounts.ts";
import { catalogue } from "../../db/catalogue.ts";
import type { Env } from "../../env.ts";
import { testAccount } from "../../providers/app/test-account.ts";
import { revoke } from "../../providers/oauth/sign-in.ts";
import { signInDeps } from "../../providers/oauth/sign-in-deps.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { AccountRate } from "./account-rate.ts";
import * as store from "./account-store.ts";
import { carryOf, type LiveAccount, openAccount, readAgain, storeAccount } from "./live-account.ts";
import type { AccountConfig, AccountRpc, Credentials, Lease, LeaseReport } from "./rpc.ts";

/** ms that a lease may lie ahead where its asker names no bound. */
const MAX_DELAY = 5_000;
const TOUCH_EVERY = 600_000;
const ANNOUNCE_AGAIN = 5_000;

/** One an account: holds its credentials sealed, renews them, and rations the calls made with them. The only writer of both. */
export class AccountObject extends DurableObject<Env> implements AccountRpc {
  readonly #rate: AccountRate;
  #live: Promise<LiveAccount | undefined> | undefined;
  #judging: Promise<void> | undefined;
  #touchedAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    migrateSqlite(ctx.storage, store.ACCOUNT_STEPS);
    this.#rate = new AccountRate(store.readBudget(sql), {
      now: Date.now,
      random: Math.random,
      remember: (budget) => store.writeBudget(sql, budget),
    });
  }

  async establish(config: AccountConfig, credentials: Credentials): Promise<void> {
    await storeAccount(this.env, this.ctx.storage.sql, config, credentials);
    this.#rate.reset();
    this.#live = undefined;
  }

  async lease(options: { maxDelay?: number } = {}): Promise<Lease> {
    const stored = store.readStatus(this.ctx.storage.sql);
    if (!stored) return { ok: false, reason: "missing", message: "This account has been removed. Choose or connect another one." };
    if (stored.status !== "connected") return { ok: false, reason: stored.status, message: stored.message };
    const live = await this.#open();
    if (!live) return { ok: false, reason: "error", message: "The app is no longer connected in this way. Connect it again." };
    const freshness = await live.access.ensureFresh();
    if (freshness.state === "dead") return this.#end(live, freshness.message);
    if (freshness.state === "later" && !freshness.usable)
      return { ok: false, reason: "broken", message: freshness.message, retryAt: Date.now() + MAX_DELAY };
    const permit = await this.#rate.permit(live.config, live.access.version, options.maxDelay ?? MAX_DELAY);
    if (!permit.ok) return permit;
    this.#touch(live.config);
    return { ...permit, carry: await carryOf(live) };
  }

  async report(report: LeaseReport): Promise<{ retry: boolean; ended?: boolean; later?: boolean }> {
    const live = await this.#open();
    if (!live) return { retry: false, ended: true };
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
    const hasEnded = store.readStatus(this.ctx.storage.sql)?.status !== "connected";
    return { retry: false, ended: hasEnded, later: outcome.state === "later" };
  }

  async remove(): Promise<void> {
    const live = await this.#open().catch(() => undefined);
    if (live)
      await revoke(live.config.app, live.auth, live.access.credentials, signInDeps(this.env, live.config.workspace, live.config.env));
    this.#live = undefined;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    migrateSqlite(this.ctx.storage, store.ACCOUNT_STEPS);
  }

  /** Tells the catalogue once more what it could not be told. */
  override async alarm(): Promise<void> {
    const stored = store.readAccount(this.ctx.storage.sql);
    if (stored) await this.#announce(stored.config, stored.status);
  }

  async #open(): Promise<LiveAccount | undefined> {
    this.#live ??= openAccount(this.env, this.ctx.storage.sql).catch((error: unknown) => {
      this.#live = undefined;
      throw error;
    });
    const live = await this.#live;
    const reading = live && readAgain(this.env, live);
    if (reading) this.ctx.waitUntil(reading);
    return live;
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
    if (live === (await this.#live) && store.readStatus(sql)?.status === "connected") {
      store.writeStatus(sql, "expired", message);
      await this.#announce(live.config, "expired");
    }
    return { ok: false, reason: "expired", message };
  }

  async #announce({ id, workspace, app }: AccountConfig, status: store.AccountStatus): Promise<void> {
    try {
      const row = await setAccountStatus(catalogue(this.env), workspace, id, status);
      if (!row) return;
      const message = { type: "account" as const, account: { id, app: app.key, status } };
      await this.env.LEDGERS.getByName(workspace).publish([{ user: row.user, message }]);
    } catch {
      await this.ctx.storage.setAlarm(Date.now() + ANNOUNCE_AGAIN);
    }
  }

  #touch({ id, workspace }: AccountConfig): void {
    const now = Date.now();
    if (now - this.#touchedAt < TOUCH_EVERY) return;
    this.#touchedAt = now;
    this.ctx.waitUntil(touchAccount(catalogue(this.env), workspace, id, now).catch(() => undefined));
  }
}
