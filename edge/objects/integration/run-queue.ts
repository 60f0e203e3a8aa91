// Runs that may be taken up, in memory: what is queued, by block and partition, in the order in which it is its turn.

/** A run that is queued. `part` is empty where its block keeps no order; `wake`: not before this (ms). */
export interface QueuedRun {
  id: string;
  block: string;
  part: string;
  wake: number;
}

/** All unfinished runs of a partition while one of them is queued or driven; `ids` in order, those that wait for something too. */
interface Partition {
  ids: string[];
  queued: Map<string, QueuedRun>;
  driven: number;
}

/** Later than any time: a run that waits for somebody. */
export const NEVER = 9e15;

const before = (a: QueuedRun, b: QueuedRun) => a.wake < b.wake || (a.wake === b.wake && a.id < b.id);

/** Where `one` stands, or would stand, in `list`. */
function placeOf<T>(list: readonly T[], isBefore: (other: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class RunQueue {
  /** Of each block that keeps no order: what is queued, earliest first. */
  readonly #free = new Map<string, QueuedRun[]>();
  readonly #parts = new Map<string, Map<string, Partition>>();
  readonly #queued = new Map<string, QueuedRun>();
  readonly #waitingIn: (block: string, part: string) => string[];

  /** `waitingIn`: ids of runs of a partition that wait for something and are not in the queue. */
  constructor(waitingIn: (block: string, part: string) => string[]) {
    this.#waitingIn = waitingIn;
  }

  get size(): number {
    return this.#queued.size;
  }

  blocks(): string[] {
    return [...new Set([...this.#free.keys(), ...this.#parts.keys()])];
  }

  add(run: QueuedRun): void {
    this.#queued.set(run.id, run);
    if (run.part !== "") {
      const partition = this.#partition(run);
      this.#join(partition, run.id);
      partition.queued.set(run.id, run);
      return;
    }
    const list = this.#free.get(run.block);
    if (!list) return void this.#free.set(run.block, [run]);
    const last = list.at(-1);
    if (!last || before(last, run)) list.push(run);
    else
      list.splice(
        placeOf(list, (other) => before(other, run)),
        0,
        run,
      );
  }

  /** The run is driven from here on: it is queued no more, and holds up its partition. */
  start(run: Omit<QueuedRun, "wake">): void {
    this.#unqueue(run.id);
    if (run.part === "") return;
    const partition = this.#partition(run);
    this.#join(partition, run.id);
    partition.driven++;
  }

  /** The run is not driven any more. `isWaiting`: it has not ended, and goes on holding up its partition. */
  stop({ id, block, part }: Omit<QueuedRun, "wake">, isWaiting: boolean): void {
    if (part === "") return;
    const partition = this.#partition({ block, part });
    partition.driven--;
    if (!isWaiting) leave(partition, id);
    this.#tidy(block, part, partition);
  }

  /** The run has ended before it was its turn. */
  remove({ id, block, part }: Omit<QueuedRun, "wake">): void {
    this.#unqueue(id);
    const partition = this.#parts.get(block)?.get(part);
    if (!partition) return;
    leave(partition, id);
    this.#tidy(block, part, partition);
  }

  /** Runs of `block` that may start now, earliest first: of a partition its first. */
  due(block: string, now: number, limit: number): string[] {
    const found: string[] = [];
    for (const run of this.#free.get(block) ?? []) {
      if (found.length >= limit || run.wake > now) break;
      found.push(run.id);
    }
    for (const partition of this.#parts.get(block)?.values() ?? []) {
      if (found.length >= limit) break;
      const head = headOf(partition);
      if (head && head.wake <= now) found.push(head.id);
    }
    return found;
  }

  /** Whether run `id` may start now: in a partition, whether it is the first. */
  isDue({ id, block, part }: Omit<QueuedRun, "wake">, now: number): boolean {
    const run = this.#queued.get(id);
    if (!run || run.wake > now) return false;
    const partition = part === "" ? undefined : this.#parts.get(block)?.get(part);
    return !partition || headOf(partition) === run;
  }

  /** Whether run `id` is queued behind another of its partition, which has not ended. */
  isBehind({ id, block, part }: Omit<QueuedRun, "wake">): boolean {
    const run = this.#queued.get(id);
    const partition = part === "" ? undefined : this.#parts.get(block)?.get(part);
    return run !== undefined && partition !== undefined && headOf(partition) !== run;
  }

  /** When the next run may start (ms), or NEVER. */
  nextWake(): number {
    let next = NEVER;
    for (const list of this.#free.values()) next = Math.min(next, list[0]?.wake ?? NEVER);
    for (const parts of this.#parts.values())
      for (const partition of parts.values()) next = Math.min(next, headOf(partition)?.wake ?? NEVER);
    return next;
  }

  /** When the next run may start (ms) that may not at `now`, or NEVER. */
  nextDelayed(now: number): number {
    let next = NEVER;
    for (const list of this.#free.values()) next = Math.min(next, list[placeOf(list, ({ wake }) => wake <= now)]?.wake ?? NEVER);
    for (const parts of this.#parts.values())
      for (const partition of parts.values()) {
        const head = headOf(partition);
        if (head && head.wake > now) next = Math.min(next, head.wake);
      }
    return next;
  }

  #partition({ block, part }: Pick<QueuedRun, "block" | "part">): Partition {
    const parts = this.#parts.get(block) ?? new Map<string, Partition>();
    this.#parts.set(block, parts);
    const known = parts.get(part) ?? { ids: this.#waitingIn(block, part), queued: new Map(), driven: 0 };
    parts.set(part, known);
    return known;
  }

  #join({ ids }: Partition, id: string): void {
    const at = placeOf(ids, (other) => other < id);
    if (ids[at] !== id) ids.splice(at, 0, id);
  }

  #unqueue(id: string): void {
    const run = this.#queued.get(id);
    if (!run) return;
    this.#queued.delete(id);
    if (run.part !== "") return void this.#parts.get(run.block)?.get(run.part)?.queued.delete(id);
    const list = this.#free.get(run.block) ?? [];
    if (list[0] === run) list.shift();
    else
      list.splice(
        placeOf(list, (other) => before(other, run)),
        1,
      );
    if (list.length === 0) this.#free.delete(run.block);
  }

  /** Forgets a partition in which nothing is queued or driven: what waits in it is in the table. */
  #tidy(block: string, part: string, partition: Partition): void {
    if (partition.queued.size || partition.driven) return;
    const parts = this.#parts.get(block);
    parts?.delete(part);
    if (parts?.size === 0) this.#parts.delete(block);
  }
}

const headOf = ({ ids, queued }: Partition): QueuedRun | undefined => queued.get(ids[0] ?? "");

function leave({ ids }: Partition, id: string): void {
  const at = placeOf(ids, (other) => other < id);
  if (ids[at] === id) ids.splice(at, 1);
}
