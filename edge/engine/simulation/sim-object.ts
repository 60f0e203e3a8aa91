// The integration's object without the platform: the real stores, queue, driver, slots and outbox, over a storage and a clock that can
// fail. It lives from when something touches it until it is killed, and is made again from its storage.

import type { FlowFile } from "../../../shared/flow/flow-file.ts";
import type { Env } from "../../env.ts";
import { findStartable, prepareRun, storeRuns } from "../../objects/integration/accept.ts";
import { configure, followUser, lookAfter } from "../../objects/integration/configure.ts";
import { Engine } from "../../objects/integration/engine.ts";
import { openParts, type Parts } from "../../objects/integration/parts.ts";
import type { ConfigUser, IntegrationConfig } from "../../objects/integration/rpc.ts";
import type { LedgerEntry } from "../../objects/ledger/rpc.ts";
import type { SimNetwork } from "./sim-network.ts";
import type { SimStorage } from "./sim-storage.ts";
import type { VirtualTime } from "./virtual-time.ts";

export type Publish = (entries: LedgerEntry[]) => Promise<number>;

export class SimObject {
  readonly #storage: SimStorage;
  readonly #time: VirtualTime;
  readonly #network: SimNetwork;
  readonly #publish: Publish;
  #live: { parts: Parts; engine: Engine } | null = null;
  #lives = 0;
  #telling: Promise<unknown> = Promise.resolve();
  isOnShift = false;
  /** The alarm's handler rejected, which it promises not to. */
  fault: unknown;

  constructor(storage: SimStorage, time: VirtualTime, network: SimNetwork, publish: Publish) {
    this.#storage = storage;
    this.#time = time;
    this.#network = network;
    this.#publish = publish;
  }

  get isAlive(): boolean {
    return this.#live !== null;
  }

  async configure(flow: FlowFile, timezone?: string): Promise<void> {
    const { parts, engine } = this.#touch();
    await configure(parts, configOf(flow, userIn(timezone)), "created", { goOn: () => engine.wake(), owes: () => engine.arm() });
    engine.wake();
  }

  /** As the news of a user's profile reach their integration, one after another. True once they have. */
  async travel(timezone: string, revision: number): Promise<boolean> {
    const { parts, engine } = this.#touch();
    const told = this.#telling.then(() => followUser(parts, { ...userIn(timezone), revision }));
    this.#telling = told.catch(() => undefined);
    const isTold = await told;
    engine.wake();
    return isTold;
  }

  /** As a host event reaches its object. The id of the run, or undefined where it was refused. */
  async accept(block: string, id: string, data: unknown): Promise<string | undefined> {
    const { parts, engine } = this.#touch();
    const startable = await findStartable(parts, block);
    if (!startable.ok) return undefined;
    const event = { type: "happened", id, data, org: null, user: null };
    const run = await prepareRun(parts, startable, event, `event:${id}`);
    return engine.accept(() => {
      const result = storeRuns(parts, [run]);
      if (!result.ok) return undefined;
      const [stored] = result.stored;
      if (stored && !stored.duplicate) engine.wake(block);
      return stored?.id;
    });
  }

  poke(): void {
    this.#touch().engine.wake();
  }

  cancel(run: string): void {
    const { parts, engine } = this.#touch();
    parts.runs.cancel(run, parts.now(), "Canceled by hand");
    engine.wake();
  }

  /** Fires the alarm, as the platform does: it stands until its handler ends, unless the handler has set or deleted it. */
  alarm(): void {
    const { engine } = this.#touch();
    const life = this.#lives;
    this.isOnShift = true;
    this.#storage.isAlarmNew = false;
    const over = () => {
      if (life !== this.#lives || !this.#live) return;
      this.isOnShift = false;
      if (!this.#storage.isAlarmNew) this.#storage.alarm = null;
    };
    engine.onAlarm().then(over, (error: unknown) => {
      this.fault = error;
      over();
    });
  }

  /** Ends this life at once: its timers, its calls, and what it had not yet made durable. */
  kill(): void {
    if (!this.#live) return;
    this.#time.drop(this.#lives);
    this.#network.cut();
    this.#storage.die();
    this.#live = null;
    this.isOnShift = false;
  }

  #touch(): { parts: Parts; engine: Engine } {
    if (this.#live) return this.#live;
    this.#time.owner = ++this.#lives;
    this.#telling = Promise.resolve();
    const env = { LEDGERS: { getByName: () => ({ publish: this.#publish }) } } as unknown as Env;
    const storage = this.#storage as unknown as DurableObjectStorage;
    const parts = openParts(storage, env, (_env, _open, effect, context) => this.#network.perform(effect, context));
    this.#live = { parts, engine: new Engine(parts, storage, { lookAfter: () => lookAfter(parts), compare: async () => undefined }) };
    return this.#live;
  }
}

const userIn = (timezone: string | undefined): ConfigUser => ({
  ...{ ref: "usr_1", id: "ada", org: null, name: null, email: null, locale: null },
  attributes: timezone === undefined ? {} : { timezone },
});

const configOf = (flow: FlowFile, user: ConfigUser): IntegrationConfig => ({
  id: "int_sim",
  workspace: "ws_sim",
  user,
  name: "Simulated",
  version: 1,
  flow,
  apps: {},
  accounts: {},
  values: {},
  secretFields: [],
  env: {},
  publicUrl: "https://edge.test",
  enabled: true,
});
