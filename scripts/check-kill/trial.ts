// What every trial has in common: the product, orders that go through it, kills, and the judgement in the end.

import { Caller, type DevInfo, Product, until } from "../../demo/journeys/product.ts";
import type { Run } from "../../shared/api/run.ts";
import { openOrders } from "./object-files.ts";
import { Senders } from "./senders.ts";
import { Target } from "./target.ts";

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const DRAIN = 500;
const PORTS = ["INLAY_PORT", "INLAY_DEMO_PORT", "INLAY_PIPELINE_PORT", "INLAY_POSTBOX_PORT"];
const given = Object.fromEntries(PORTS.flatMap((name) => [[name, process.env[name]] as const]).filter(([, port]) => port !== undefined));

interface Made {
  id: string;
  blocks: { key: string; url?: string }[];
}

export class Trial {
  readonly product = new Product({ ...(given as Record<string, string>), INLAY_LIMITS: "off" });
  readonly target = new Target();
  readonly senders = new Senders("o");
  readonly integrations: string[] = [];
  dev: DevInfo | undefined;
  /** How often each order's call was under way at a kill. */
  readonly #underWay = new Map<string, number>();
  /** Calls among them that had been answered long before. */
  #old = 0;
  #startedAt = 0;

  async start(): Promise<DevInfo> {
    this.dev = await this.product.start();
    this.#startedAt = Date.now();
    this.senders.isUp = true;
    return this.dev;
  }

  get ada(): Caller {
    if (!this.dev) throw new Error("not started");
    return Caller.asUser(this.dev, "ada");
  }

  /** Sets up `count` integrations of `flow`; answers the addresses of their webhooks. */
  async setUp(count: number, flow: string, accounts: Record<string, string>, values: Record<string, unknown>): Promise<string[]> {
    const urls: string[] = [];
    for (let i = 0; i < count; i++) {
      const { id, blocks } = await this.ada.ask<Made>("POST", "/v1/integrations", { flow, accounts, values });
      this.integrations.push(id);
      urls.push(blocks.find(({ key }) => key === "received")?.url ?? "");
    }
    return urls;
  }

  /** `kill -9` of everything; answers how many calls were under way: those that had come, and of which no database knows the answer. */
  async kill(): Promise<number> {
    this.senders.isUp = false;
    const at = Date.now();
    await this.product.kill();
    // Calls that had left by then may still lie in the sockets.
    await pause(DRAIN);
    const open = openOrders(this.product.state);
    const cut = this.target.takeArrived(at).filter(({ id }) => open.has(id));
    for (const { id } of cut) this.#underWay.set(id, (this.#underWay.get(id) ?? 0) + 1);
    this.#old += cut.filter(({ old }) => old).length;
    return cut.length;
  }

  /** Waits until every run has ended, 60 s from the last start at most, and prints what came of it. True where all is well. */
  async judge(): Promise<boolean> {
    await this.senders.stop();
    const { target, senders } = this;
    const left = Math.max(0, 60_000 - (Date.now() - this.#startedAt));
    const isInTime = await until("every run ends", () => this.isOver(), left).catch(() => false);
    const seconds = ((Date.now() - this.#startedAt) / 1_000).toFixed(1);
    const lost = [...senders.acknowledged].filter((id) => !target.arrivals.has(id));
    const wrong = [...target.arrivals].filter(([id, keys]) => keys.length - 1 > (this.#underWay.get(id) ?? 0)).map(([id]) => id);
    const allUnderWay = [...this.#underWay.values()].reduce((sum, times) => sum + times, 0);
    console.log(`  acknowledged           ${senders.acknowledged.size}`);
    console.log(`  lost                   ${lost.length} ${lost.slice(0, 5).join(" ")}`);
    console.log(
      `  repeated               ${target.repeats}, of ${allUnderWay} calls under way at a kill (${this.#old} answered 5 s before)`,
    );
    console.log(`  repeated without cause ${wrong.length} ${wrong.slice(0, 5).join(" ")}`);
    console.log(`  under another key      ${target.otherKeys.length} ${target.otherKeys.slice(0, 5).join(" ")}`);
    console.log(`  every run terminal     ${isInTime ? `${seconds} s after the last start` : "no: not within 60 s"}`);
    if (!isInTime) for (const line of await this.#left()) console.log(`  ${line}`);
    return lost.length === 0 && wrong.length === 0 && target.otherKeys.length === 0 && isInTime === true;
  }

  /** Whether no run is left that has not ended. */
  async isOver(): Promise<boolean> {
    return (await this.#left(1)).length === 0;
  }

  /** Runs that have not ended, `limit` of each integration and status, in words. */
  async #left(limit = 5): Promise<string[]> {
    const left: string[] = [];
    for (const id of this.integrations)
      for (const status of ["queued", "running", "waiting"]) {
        const { items } = await this.ada.ask<{ items: Run[] }>("GET", `/v1/integrations/${id}/runs?status=${status}&limit=${limit}`);
        for (const run of items) left.push(`${run.id} ${status}, accepted ${run.acceptedAt}: ${run.reason ?? "no reason"}`);
      }
    return left;
  }

  async stop(): Promise<void> {
    await this.senders.stop();
    await this.product.stop();
    this.target.stop();
  }
}
