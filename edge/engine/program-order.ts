// Where the steps of a run stand to each other, by their instance paths: before or behind, or side by side, in turns of a loop with
// `concurrency` or in branches of a `parallel`. By the plan and not by the clock, which stands still where nothing is waited for.
import type { FlowPlan, StepPlan } from "./compile-block.ts";

/** A turn or a branch, and the step whose turns or branches stand beside it. */
interface Lane {
  of: string;
  name: string;
}

/** `order` compares item by item with that of other paths; `lanes` are the turns and branches that it stands in, outermost first. */
export interface Place {
  order: readonly number[];
  lanes: readonly Lane[];
}

/** Where `path` stands in runs of `block`, as far as the plan knows it. */
export function placeOf(plan: FlowPlan, block: string, path: string): Place {
  const order: number[] = [];
  const lanes: Lane[] = [];
  let steps = stepsOf(plan, block);
  for (const { 0: whole, 1: key = "", 2: turn, index } of path.matchAll(/([^[>.]+)(?:\[(\d+)\]\.|>)?/g)) {
    const found = steps.get(key);
    if (!found) break;
    const before = path.slice(0, index);
    const { body } = found.step;
    order.push(found.at, Number(turn ?? 0));
    lanes.push(...found.branches.map(({ of, name }) => ({ of: before + of, name })));
    if (body.type === "for" && body.concurrency > 1 && turn !== undefined) lanes.push({ of: before + key, name: before + whole });
    if (body.type === "call") steps = stepsOf(plan, body.block);
    else if (body.type === "for" || body.type === "while") steps = indexed(body.steps);
  }
  return { order, lanes };
}

/** A step, the how-manieth of its list it is with all that add nothing to a path, and the branches on the way to it. */
type Steps = Map<string, { step: StepPlan; at: number; branches: readonly Lane[] }>;
const known = new WeakMap<readonly StepPlan[], Steps>();

function stepsOf(plan: FlowPlan, key: string): Steps {
  const block = plan.block(key);
  return block ? indexed(block.steps, block.onFailure) : new Map();
}

function indexed(list: readonly StepPlan[], more: readonly StepPlan[] = []): Steps {
  const found = known.get(list) ?? addSteps(new Map(), [...list, ...more], []);
  known.set(list, found);
  return found;
}

function addSteps(into: Steps, list: readonly StepPlan[], branches: readonly Lane[]): Steps {
  for (const step of list) {
    const { body, key } = step;
    into.set(key, { step, at: into.size, branches });
    if (body.type === "parallel") for (const { name, steps } of body.branches) addSteps(into, steps, [...branches, { of: key, name }]);
    if (body.type === "if") for (const steps of [...body.branches.map((one) => one.steps), body.otherwise]) addSteps(into, steps, branches);
    if (body.type === "try") addSteps(into, [...body.steps, ...(body.rescue ?? []), ...body.ensure], branches);
  }
  return into;
}

interface Node {
  /** The first of what stands here and in no turn or branch further in. */
  own: readonly number[] | undefined;
  inner: Map<string, { first: readonly number[] | undefined; lanes: Map<string, Node> }>;
}

const newNode = (): Node => ({ own: undefined, inner: new Map() });
const earlier = (a: readonly number[] | undefined, b: readonly number[] | undefined) => (!a || (b && isBefore(b, a)) ? b : a);

/** Whether what has the order `a` comes before what has `b`. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((one, index) => one !== b[index]);
  return place < 0 ? a.length < b.length : (a[place] ?? 0) < (b[place] ?? -1);
}

/** Places at which something begins. */
export class Beginnings {
  readonly #root = newNode();

  add({ order, lanes }: Place): void {
    let node = this.#root;
    for (const { of, name } of lanes) {
      const group = node.inner.get(of) ?? { first: undefined, lanes: new Map<string, Node>() };
      node.inner.set(of, group);
      group.first = earlier(group.first, order);
      node = group.lanes.get(name) ?? newNode();
      group.lanes.set(name, node);
    }
    node.own = earlier(node.own, order);
  }

  /** How `place` stands to the first of them that it does not stand beside; `beside` where it stands beside all. */
  relationOf({ order, lanes }: Place): "before" | "behind" | "beside" {
    let first: readonly number[] | undefined;
    let node: Node | undefined = this.#root;
    for (let depth = 0; node; depth++) {
      const lane: Lane | undefined = lanes[depth];
      first = earlier(first, node.own);
      for (const [of, group] of node.inner) if (of !== lane?.of) first = earlier(first, group.first);
      node = lane && node.inner.get(lane.of)?.lanes.get(lane.name);
    }
    if (!first) return "beside";
    return isBefore(order, first) ? "before" : "behind";
  }
}
