// One world a seed: a random flow, senders, a clock, a network and a store that all fail by chance, and deaths between any two actions.
// What must hold in each is checked after every event, and at the end.
import { FlowPlan } from "../compile-block.ts";
import { seededRandom } from "../seeded-random.ts";
import { checkEnd, checkNow, type Sent, type Surroundings } from "./check-world.ts";
import { dailyBlock, pickZone } from "./daily-block.ts";
import { pick, type Random, randomFlow } from "./random-flow.ts";
import { SimNetwork } from "./sim-network.ts";
import { SimObject } from "./sim-object.ts";
import { SimStorage } from "./sim-storage.ts";
import { timedBlock } from "./timed-block.ts";
import { VirtualTime } from "./virtual-time.ts";

/** What came of a seed. No `violations`: everything that must hold held. Times in ms of the simulation. */
export interface SimReport {
  seed: number;
  violations: string[];
  runs: number;
  calls: number;
  deaths: number;
  broken: number;
  repeats: number;
  time: number;
}

const DEATHS = 8;
const MAX_EVENTS = 20_000;
const MINUTE = 60_000;
/** Within this after the last fault, everything that is not a wait is over. */
const CALM = 20 * MINUTE;
/** Within this after it ended, the ledger knows of a run. */
const TELLING = 60 * MINUTE;
const LONGEST_FLOW = 40 * 86_400_000;

/** Simulates `seed`. `immediate` is a `setImmediate` that the virtual clock does not replace. */
export async function simulate(seed: number, immediate: (work: () => void) => void): Promise<SimReport> {
  const random = seededRandom(`world ${seed}`);
  const time = new VirtualTime(immediate);
  const world = new World(seed, random, time);
  const restore = time.install(seededRandom(`jitter ${seed}`));
  try {
    return await world.run();
  } finally {
    await world.close();
    restore();
  }
}

class World {
  readonly storage = new SimStorage();
  readonly #seed: number;
  readonly #random: Random;
  readonly #time: VirtualTime;
  readonly #network: SimNetwork;
  readonly #object: SimObject;
  readonly #around: Surroundings;
  readonly #sent: Sent[] = [];
  readonly #published = new Map<string, string>();
  readonly #answers: (() => void)[] = [];
  readonly #start: number;
  readonly #losesAlarms: boolean;
  /** The chances of what each third world has besides. The others are as they were when faults were found in them. */
  readonly #more: Random | undefined;
  /** Moves that the object may not have heard of. */
  #travels = 0;
  #revision = 0;
  #alarmAt: number | null = null;
  #alarmTimer = 0;
  #downUntil = 0;
  #deaths = 0;
  #lost = false;

  constructor(seed: number, random: Random, time: VirtualTime) {
    this.#seed = seed;
    this.#random = random;
    this.#time = time;
    this.#start = time.now;
    this.#losesAlarms = random() < 0.2;
    this.#network = new SimNetwork(time, seededRandom(`network ${seed}`), () => this.storage.isDoomed);
    this.#object = new SimObject(this.storage, time, this.#network, (entries) => {
      if (this.storage.isDoomed) return new Promise(() => undefined);
      const chance = this.#network.isCalm ? 1 : random();
      if (chance > 0.15)
        for (const { message } of entries) if (message.type === "run") this.#published.set(message.run.id, message.run.status);
      return new Promise((resolve, reject) => setTimeout(() => (chance > 0.3 ? resolve(1_000) : reject(new Error("ledger"))), 5));
    });
    this.#more = seed % 3 === 1 ? seededRandom(`more ${seed}`) : undefined;
    const more = this.#more ? [timedBlock(this.#more), dailyBlock(this.#more, time.now)] : [];
    const zone = this.#more ? pickZone(this.#more) : "UTC";
    this.#around = { plan: new FlowPlan(randomFlow(random, more)), network: this.#network, zone };
  }

  async run(): Promise<SimReport> {
    const random = this.#random;
    await this.#object.configure(this.#around.plan.flow, this.#around.zone);
    const quiet = this.#start + (2 + Math.floor(random() * 10)) * MINUTE;
    this.#plan(quiet);
    const violations: string[] = [];
    let events = 0;
    for (; events < MAX_EVENTS && violations.length === 0; events++) {
      await this.#time.drain();
      this.#afterEvent(violations);
      if (this.#time.now > quiet) this.#network.isCalm = true;
      if (this.#isOver(quiet)) break;
      if (!this.#network.isCalm) this.#perhapsDie();
      this.#followAlarm();
      if (!this.#time.step()) break;
    }
    if (events === MAX_EVENTS) violations.push(`not over after ${MAX_EVENTS} events, at ${this.#time.now - this.#start} ms`);
    if (violations.length === 0)
      violations.push(...(await checkEnd(this.storage, this.#sent, this.#published, this.#around, this.#start, this.#time.now)));
    if (this.#network.repeats > this.#network.broken) violations.push("more calls were repeated than deaths broke off");
    const { calls, repeats, broken } = this.#network;
    const runs = this.storage.rows<{ n: number }>("SELECT count(*) AS n FROM run")[0]?.n ?? 0;
    return { seed: this.#seed, violations, runs, calls, deaths: this.#deaths, broken, repeats, time: this.#time.now - this.#start };
  }

  async close(): Promise<void> {
    this.#object.kill();
    await this.#time.drain();
    this.storage.close();
  }

  /** Senders, who send again until they are answered, and now and then somebody who cancels. */
  #plan(quiet: number): void {
    const random = this.#random;
    const senders = 2 + Math.floor(random() * 7);
    for (let n = 0; n < senders; n++) {
      const block = pick(random, ["free", "fifo"]);
      const sent: Sent = { id: `s${n}`, block, data: { n, part: pick(random, ["a", "b"]) }, run: undefined, isCanceled: false };
      this.#sent.push(sent);
      const first = Math.floor(random() * (quiet - this.#start) * 0.6);
      this.#time.after(first, () => this.#send(sent));
      if (random() < 0.2) this.#time.after(first + 10, () => this.#send(sent));
      if (random() < 0.1) this.#time.after(first + Math.floor(random() * 5_000), () => this.#cancel(sent));
    }
    if (this.#more) this.#planMore(this.#more, quiet - this.#start);
    if (this.#losesAlarms) this.#sweep();
  }

  /** Senders to the block with time limits, and a user who travels. */
  #planMore(random: Random, time: number): void {
    for (let n = 0; n < 2; n++) {
      const sent: Sent = { id: `t${n}`, block: "timed", data: { n, part: "a" }, run: undefined, isCanceled: false };
      this.#sent.push(sent);
      this.#time.after(Math.floor(random() * time * 0.6), () => this.#send(sent));
    }
    for (let move = Math.floor(random() * 5); move > 0; move--) {
      const zone = pickZone(random);
      this.#travels++;
      this.#time.after(Math.floor(random() * time), () => this.#travel(zone, ++this.#revision));
    }
  }

  /** Told until it is known that it was heard. */
  #travel(zone: string, revision: number): void {
    const again = (delay: number) => {
      this.#time.after(delay, () => this.#travel(zone, revision));
    };
    if (this.#time.now < this.#downUntil) {
      again(this.#downUntil - this.#time.now + 1);
      return;
    }
    let isHeard = false;
    const hear = () => {
      isHeard = true;
    };
    void this.#object.travel(zone, revision).then((isTold) => {
      if (isTold && !this.storage.isDoomed) this.#answers.push(hear);
    });
    this.#time.after(5_000, () => {
      if (isHeard) this.#travels--;
      else again(0);
    });
  }

  #send(sent: Sent): void {
    if (this.#time.now < this.#downUntil) return void this.#time.after(this.#downUntil - this.#time.now + 1, () => this.#send(sent));
    let isAnswered = false;
    const answered = this.#object.accept(sent.block, sent.id, sent.data);
    void answered.then((run) => {
      if (run === undefined || this.storage.isDoomed) return;
      this.#answers.push(() => {
        isAnswered = true;
        if (sent.run !== undefined && sent.run !== run) this.#network.violations.push(`${sent.id} started ${sent.run} and ${run}`);
        sent.run = run;
      });
    });
    this.#time.after(5_000, () => isAnswered || this.#send(sent));
  }

  #cancel(sent: Sent): void {
    if (sent.run === undefined || this.#time.now < this.#downUntil) return;
    this.#object.cancel(sent.run);
    sent.isCanceled = true;
  }

  /** The cron's: touches the object where an alarm may have been lost. */
  #sweep(): void {
    this.#time.after(2 * MINUTE, () => {
      if (this.#time.now >= this.#downUntil && this.#time.now < this.#start + LONGEST_FLOW) this.#object.poke();
      this.#sweep();
    });
  }

  #afterEvent(violations: string[]): void {
    if (this.storage.isDoomed) this.#die();
    else {
      this.#network.settle();
      for (const answer of this.#answers) answer();
    }
    this.#answers.length = 0;
    if (this.storage.alarm !== null) this.#lost = false;
    violations.push(...this.#network.violations);
    if (this.#object.fault !== undefined) violations.push(`the alarm's handler rejected: ${String(this.#object.fault)}`);
    violations.push(...checkNow(this.storage, this.#object, this.#around, this.#time.now, this.#lost, this.#travels > 0));
  }

  #die(): void {
    this.#object.kill();
    this.#deaths++;
    this.#downUntil = this.#time.now + 50 + Math.floor(this.#random() * 3_000);
    if (this.#losesAlarms && this.#random() < 0.5) {
      this.storage.alarm = null;
      this.#lost = true;
    }
  }

  /** A death now, or amid the next writes; or an eviction, where the object does nothing. */
  #perhapsDie(): void {
    const chance = this.#random();
    if (!this.#object.isAlive || this.#deaths >= DEATHS || chance > 0.04) return;
    if (chance < 0.012) this.#die();
    else if (chance < 0.028) this.storage.doomAfter = 1 + Math.floor(this.#random() * 8);
    else if (!this.#object.isOnShift) this.#object.kill();
  }

  /** Keeps one timer at the object's alarm: late by chance, never while its handler runs, now and then twice. */
  #followAlarm(): void {
    const { alarm } = this.storage;
    const due = alarm === null || this.#object.isOnShift ? null : Math.max(alarm, this.#downUntil);
    if (due === this.#alarmAt) return;
    this.#time.cancel(this.#alarmTimer);
    this.#alarmAt = due;
    if (due === null) return;
    const late = this.#network.isCalm || this.#random() < 0.7 ? 0 : Math.floor(this.#random() * 4_000);
    this.#alarmTimer = this.#time.after(Math.max(0, due - this.#time.now) + late, () => {
      this.#alarmAt = null;
      if (this.#time.now < this.#downUntil) return;
      this.#object.alarm();
      if (!this.#network.isCalm && this.#random() < 0.05) this.#time.after(1, () => this.#again());
    });
  }

  #again(): void {
    if (!this.#object.isOnShift && this.#time.now >= this.#downUntil) this.#object.alarm();
  }

  /** All that was sent was answered, every run of it has ended, and the ledger knows. */
  #isOver(quiet: number): boolean {
    if (this.#time.now < quiet + CALM || this.#object.isOnShift || this.#travels || this.#sent.some(({ run }) => run === undefined))
      return false;
    const rows = this.storage.rows<{ id: string; status: string; ended: number | null }>("SELECT id, status, ended FROM run");
    const isTold = rows.every(({ id, status, ended }) => ended !== null && this.#published.get(id) === status);
    const isSilent = rows.some(
      ({ id, status, ended }) => ended !== null && ended < this.#time.now - TELLING && this.#published.get(id) !== status,
    );
    return isTold || isSilent || this.#time.now > this.#start + LONGEST_FLOW;
  }
}
