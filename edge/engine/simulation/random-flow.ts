// Flows by chance: nested loops, parallel branches, try, waits, calls, state, and HTTP calls with every option.
import { FlowFile } from "../../../shared/flow/flow-file.ts";
import type { Step } from "../../../shared/flow/step.ts";

export type Random = () => number;

export const pick = <T>(random: Random, items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];

interface Place {
  depth: number;
  /** Steps whose output can be read here. */
  seen: string[];
  /** Others run beside this: then what ends a run is left out, for it would depend on which comes first. */
  isBeside: boolean;
  canCall: boolean;
}

// biome-ignore lint/suspicious/noThenProperty: the format's own word
const onlyIf = (key: string, condition: string, steps: Step[]): Step => ({ key, if: condition, then: steps });

/** A flow with an unordered and a fifo block for events, a schedule, a block that others call, and `more`. */
export function randomFlow(random: Random, more: readonly FlowFile["blocks"][number][] = []): FlowFile {
  let count = 0;
  /**
   * Blocks without attempts, whose calls say what their run sees of the time and the state. Beside an attempt that failed something may
   * still be under way, which ends sooner or later than the first time.
   */
  let isPlain = true;
  const key = (what: string) => `${what}${++count}`;

  const steps = (place: Place, most = 4): Step[] => {
    const list: Step[] = [];
    const seen = [...place.seen];
    const length = 1 + Math.floor(random() * most);
    for (let i = 0; i < length; i++) {
      const step = randomStep({ ...place, seen });
      list.push(step);
      seen.push(step.key);
    }
    return list;
  };

  const block = (place: Place, most?: number): Step[] => {
    isPlain = !place.canCall || random() < 0.5;
    return steps(place, most);
  };

  const send = ({ seen, isBeside }: Place): Step => {
    const read = seen.length ? `{{ steps.${pick(random, [seen[0] ?? "", ...seen])} }}` : "{{ trigger.data.n }}";
    return {
      key: key("send"),
      http: {
        method: "POST",
        url: "https://sink.test/",
        body: {
          ...{ n: "{{ trigger.data.n }}", read },
          ...(isPlain ? { now: "{{ $now() }}" } : {}),
          ...(isPlain && !isBeside ? { last: "{{ state.last }}" } : {}),
        },
      },
      ...(random() < 0.2 ? { timeout: pick(random, ["3s", "20s"]) } : {}),
      ...(random() < 0.2 ? { on_error: "continue" as const } : {}),
      retry: { attempts: 8, base: pick(random, ["100ms", "1s", "10s"]), ...(random() < 0.2 ? { cap: "1m" } : {}) },
    };
  };

  const randomStep = (place: Place): Step => {
    const inner = { ...place, depth: place.depth - 1 };
    const beside = { ...inner, isBeside: true };
    const kinds = ["send", "send", "send", "value", "set", "wait"];
    if (place.depth > 0) kinds.push("for", "forMany", "while", "parallel", "if");
    if (place.depth > 0 && !isPlain) kinds.push("try");
    if (place.canCall) kinds.push("call");
    if (!place.isBeside && random() < 0.1) kinds.push("fail", "stop");
    switch (pick(random, ["send", ...kinds])) {
      case "value":
        return { key: key("value"), value: { n: "{{ trigger.data.n * 2 }}", at: "{{ $string(index) }}" } };
      case "set":
        return { key: key("set"), set: { last: "{{ trigger.data.n }}" } };
      case "wait":
        return { key: key("wait"), wait: pick(random, ["500ms", "3s", "2m", "40m"]) };
      case "for":
        return { key: key("for"), for: "{{ [1..3] }}", do: steps(inner, 2) };
      case "forMany":
        return { key: key("many"), for: "{{ [1..5] }}", concurrency: 3, ...(random() < 0.3 ? { batch: 2 } : {}), do: steps(beside, 2) };
      case "while":
        return { key: key("while"), while: "{{ index < 2 }}", max: 4, do: steps(inner, 2) };
      case "parallel":
        return { key: key("parallel"), parallel: { left: steps(beside, 2), right: steps(beside, 2) } };
      case "try":
        return { key: key("try"), try: steps(inner, 2), catch: steps(inner, 2), finally: steps(inner, 1) };
      case "if":
        return { ...onlyIf(key("if"), "{{ trigger.data.n % 2 = 0 }}", steps(inner, 2)), else: steps(inner, 2) };
      case "call":
        return { key: key("call"), call: "called", with: {} };
      case "fail":
        return onlyIf(key("fail"), "{{ trigger.data.n % 3 = 0 }}", [{ key: key("gives-up"), fail: "enough" }]);
      case "stop":
        return onlyIf(key("stop"), "{{ trigger.data.n % 5 = 0 }}", [{ key: key("ends"), stop: "done early" }]);
      default:
        return send(place);
    }
  };

  const top: Place = { depth: 2, seen: [], isBeside: false, canCall: true };
  const leaf: Place = { depth: 1, seen: [], isBeside: true, canCall: false };
  const event = { event: "happened" };
  const kept: Step = { key: "kept", value: "{{ trigger.data.n }}" };
  return FlowFile.parse({
    inlay: 1,
    key: "simulated",
    name: "Simulated",
    blocks: [
      { key: "free", name: "Free", trigger: event, concurrency: 1 + Math.floor(random() * 8), steps: [...block(top), kept] },
      { key: "fifo", name: "Fifo", trigger: event, order: "fifo", partition: "{{ trigger.data.part }}", steps: [...block(top, 2), kept] },
      {
        key: "tick",
        name: "Tick",
        trigger: { schedule: { every: "5m" } },
        missed: pick(random, ["skip", "one", "all"]),
        steps: [{ key: "tock", http: { method: "POST", url: "https://sink.test/", body: {} } }],
      },
      { key: "called", name: "Called", trigger: { call: {} }, steps: block(leaf, 2) },
      ...more,
    ],
  });
}
