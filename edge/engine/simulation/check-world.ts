// What must hold. Each finding is a sentence.

import type { FlowPlan } from "../compile-block.ts";
import type { JournalEntry } from "../journal.ts";
import { QUEUE_LIMITS } from "../limits.ts";
import { nextSlot } from "../next-slot.ts";
import { checkDays } from "./daily-block.ts";
import { idealRun } from "./ideal-run.ts";
import type { SimNetwork } from "./sim-network.ts";
import type { SimObject } from "./sim-object.ts";
import type { SimStorage } from "./sim-storage.ts";
import { checkTimed } from "./timed-block.ts";

/** Something sent to a block; `run` is what it was answered with. */
export interface Sent {
  id: string;
  block: string;
  data: { n: number; part: string };
  run: string | undefined;
  isCanceled: boolean;
}

interface Row {
  id: string;
  block: string;
  part: string;
  status: string;
  wake: number;
  tasks: number;
  started: number | null;
  ended: number | null;
  error: string | null;
  output: string | null;
  input: string;
}

/** What a world has besides its object: the flow that it runs and the outside that it calls. */
export interface Surroundings {
  plan: FlowPlan;
  network: SimNetwork;
  /** Where its user was when it began. */
  zone: string;
}

/** A driver's lease, and a little. */
const PATIENCE = 11_000;
const EVERY = 300_000;
const NEVER = 9e15;

const seen = new WeakMap<SimStorage, { writes: number; alarm: string; ended: Map<string, string> }>();

/** What must hold after every event. `isTravelling`: the daily schedule may be about to move, or have moved just before a death. */
export function checkNow(
  storage: SimStorage,
  object: SimObject,
  around: Surroundings,
  now: number,
  isAlarmLost: boolean,
  isTravelling: boolean,
): string[] {
  const memory = seen.get(storage) ?? { writes: -1, alarm: "", ended: new Map<string, string>() };
  seen.set(storage, memory);
  const found: string[] = [];
  const alarm = `${storage.alarm} ${object.isOnShift} ${isAlarmLost} ${isTravelling}`;
  if (memory.writes === storage.writes && memory.alarm === alarm) return found;
  memory.alarm = alarm;
  if (memory.writes !== storage.writes) {
    memory.writes = storage.writes;
    found.push(...checkRows(storage, memory.ended), ...checkLive(storage, around));
  }
  if (object.isOnShift || isAlarmLost) return found;
  const [live] = storage.rows<{ wake: number | null }>(
    `SELECT min(CASE status WHEN 'running' THEN 0 ELSE wake END) AS wake FROM run
     WHERE ended IS NULL AND (part = '' OR id IN (SELECT min(id) FROM run WHERE ended IS NULL GROUP BY block, part))`,
  );
  const [slot] = storage.rows<{ due: number | null }>(
    "SELECT min(max(due, wake)) AS due FROM slot WHERE block <> ?",
    isTravelling ? "daily" : "",
  );
  const due = Math.min(live?.wake ?? NEVER, slot?.due ?? NEVER);
  if (due < NEVER && (storage.alarm === null || storage.alarm > Math.max(due, now) + PATIENCE))
    found.push(
      `something is due in ${due - now} ms, and the alarm is ${storage.alarm === null ? "not set" : `set for ${storage.alarm - now} ms`}`,
    );
  return found;
}

/** Ends are final, and of a partition no run has begun before the one in front of it ended. */
function checkRows(storage: SimStorage, ended: Map<string, string>): string[] {
  const found: string[] = [];
  const rows = storage.rows<Row>("SELECT * FROM run ORDER BY id");
  const front = new Map<string, Row>();
  for (const row of rows) {
    // A call that was under way at a cancel counts when it is over.
    const end = JSON.stringify([row.status, row.ended, row.output, row.error, row.status === "canceled" ? null : row.tasks]);
    const before = ended.get(row.id);
    if (before !== undefined && before !== end) found.push(`${row.id} had ended with ${before} and now says ${end}`);
    if (row.ended !== null) ended.set(row.id, end);
    if (row.part === "") continue;
    const last = front.get(row.part);
    if (last && row.started !== null && row.started < (last.ended ?? Number.POSITIVE_INFINITY))
      found.push(`${row.id} began before ${last.id} of its partition ended`);
    front.set(row.part, row);
  }
  return found;
}

/** No more runs of a block have calls under way than its concurrency allows. */
function checkLive(storage: SimStorage, { network, plan }: Surroundings): string[] {
  const live = network.liveRuns;
  if (live.size < 2) return [];
  const counts = new Map<string, number>();
  for (const { id, block } of storage.rows<Pick<Row, "id" | "block">>("SELECT id, block FROM run WHERE ended IS NULL"))
    if (live.has(id)) counts.set(block, (counts.get(block) ?? 0) + 1);
  return [...counts].flatMap(([key, count]) => {
    const most = plan.flow.blocks.find((block) => block.key === key)?.concurrency ?? QUEUE_LIMITS.concurrency;
    return count > most ? [`${count} runs of ${key} are driven at a time, ${most} are allowed`] : [];
  });
}

/** What must hold when everything is over. */
export async function checkEnd(
  storage: SimStorage,
  sent: readonly Sent[],
  published: ReadonlyMap<string, string>,
  around: Surroundings,
  from: number,
  to: number,
): Promise<string[]> {
  const found: string[] = [];
  const rows = new Map(storage.rows<Row>("SELECT * FROM run").map((row) => [row.id, row]));
  for (const one of sent) {
    const row = one.run === undefined ? undefined : rows.get(one.run);
    if (!row) found.push(`${one.id} was answered with ${one.run}, and there is no such run`);
    else if (one.block === "timed") found.push(...checkTime(storage, row, around));
    else if (!one.isCanceled) found.push(...(await compare(storage, row, around)));
  }
  for (const row of rows.values()) {
    if (row.ended === null) found.push(`${row.id} has not ended: ${row.status}`);
    if (published.get(row.id) !== row.status) found.push(`the ledger says ${published.get(row.id)} of ${row.id}, which is ${row.status}`);
    const tasks = journalOf(storage, row.id).reduce((sum, entry) => sum + entry.tasks, 0);
    if (row.status === "canceled" ? tasks > row.tasks : tasks !== row.tasks)
      found.push(`${row.id} counts ${row.tasks} tasks, its journal ${tasks}`);
  }
  return [...found, ...checkSlots(storage, from, to), ...checkDaily(storage, around, from, to)];
}

function journalOf(storage: SimStorage, run: string): JournalEntry[] {
  const rows = storage.rows<{ body: string }>("SELECT body FROM journal WHERE run = ?", run);
  const [own] = storage.rows<{ journal: string | null }>("SELECT journal FROM run WHERE id = ?", run);
  return [...rows.map(({ body }) => JSON.parse(body) as JournalEntry), ...(JSON.parse(own?.journal ?? "[]") as JournalEntry[])];
}

function checkTime(storage: SimStorage, row: Row, { plan, network }: Surroundings): string[] {
  const block = plan.flow.blocks.find(({ key }) => key === row.block);
  return block ? checkTimed(row, block, journalOf(storage, row.id), (path) => network.lastCallOf(`${row.id}:${path}`)) : [];
}

/** A run ends as it would have without faults; each effect was done as often as its attempts say. */
async function compare(storage: SimStorage, row: Row, { plan, network }: Surroundings): Promise<string[]> {
  const { end, tasks } = await idealRun(plan, row.block, JSON.parse(row.input), row.id);
  if (row.status !== end.status) return [`${row.id} is ${row.status} (${row.error}), without faults it would be ${end.status}`];
  if (end.status !== "succeeded") return [];
  const found: string[] = [];
  const output = JSON.stringify(end.output) ?? null;
  if (output !== row.output) found.push(`${row.id} answers ${row.output}, without faults ${output}`);
  const effects = journalOf(storage, row.id).filter(({ type }) => type === "http");
  const undone = effects.filter(({ status }) => status === "waiting").length;
  const isLeft = effects.some(({ status }) => status === "failed");
  if (undone && !isLeft) found.push(`${row.id} succeeded with ${undone} effects undone`);
  if (row.tasks < tasks && !isLeft) found.push(`${row.id} counts ${row.tasks} tasks, without faults it would take ${tasks}`);
  for (const { path, attempts, tasks: counted, effectKey = "" } of effects) {
    if (counted !== attempts) found.push(`${path} counts ${counted} tasks for ${attempts} attempts`);
    const answers = network.answersOf(effectKey);
    if (attempts < answers) found.push(`${path} counts ${attempts} attempts, and was answered ${answers} times`);
  }
  return found;
}

/** Every due time of the schedule has its row. */
function checkSlots(storage: SimStorage, from: number, to: number): string[] {
  const [slot] = storage.rows<{ due: number }>("SELECT due FROM slot WHERE block = 'tick'");
  if (!slot) return ["the schedule has lost its slot"];
  if (slot.due + PATIENCE < to) return [`the schedule is due since ${to - slot.due} ms`];
  const dues = new Set(storage.rows<{ due: number }>("SELECT due FROM slot_log WHERE block = 'tick'").map(({ due }) => due));
  const missing: number[] = [];
  for (let due = slot.due - EVERY; due > from; due -= EVERY) if (!dues.has(due)) missing.push(due);
  return missing.length ? [`${missing.length} due times left no row, the first ${new Date(missing.at(-1) ?? 0).toISOString()}`] : [];
}

/** Wherever the user has been, each day had its due time, and one. */
function checkDaily(storage: SimStorage, { plan, zone }: Surroundings, from: number, to: number): string[] {
  const block = plan.flow.blocks.find(({ key }) => key === "daily");
  if (!block || !("schedule" in block.trigger)) return [];
  const [slot] = storage.rows<{ due: number }>("SELECT due FROM slot WHERE block = 'daily'");
  if (!slot) return ["the daily schedule has lost its slot"];
  if (slot.due + PATIENCE < to) return [`the daily schedule is due since ${to - slot.due} ms`];
  const rows = storage.rows<{ due: number; run: string | null }>("SELECT due, run FROM slot_log WHERE block = 'daily' ORDER BY due");
  const first = nextSlot({ cron: block.trigger.schedule.cron ?? "", timezone: zone }, from) ?? to;
  return checkDays(block, first, zone, rows, slot.due);
}
