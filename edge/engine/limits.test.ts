// Every limit that a run or an expression can meet, met. Those of code steps: providers/code; of queues and configurations: objects/ and http/.
import { expect, test } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { FlowPlan } from "./compile-block.ts";
import type { Deps, EffectResult } from "./deps.ts";
import { evaluateValue } from "./expression.ts";
import type { JournalEntry } from "./journal.ts";
import { EXPRESSION_LIMITS, RUN_LIMITS } from "./limits.ts";
import { type RunEnd, runBlock } from "./run-block.ts";

const blocks = (steps: string) => `
  - { key: go, name: Go, trigger: { manual: {} }, steps: ${steps} }
  - { key: again, name: Again, trigger: { call: {} }, steps: [{ key: once, call: again }] }
`;

/** The end of a run of `steps` in a world whose effects take `effect` and whose sleeps move the clock. */
async function endOf(
  steps: string,
  trigger: unknown = {},
  effect: (now: number) => Promise<EffectResult> = async () => done(null),
): Promise<RunEnd> {
  const read = readFile(`inlay: 1\nkey: f\nname: F\nblocks:${blocks(steps)}`, FlowFile);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const entries = new Map<string, JournalEntry>();
  let now = 0;
  const timers = new Set<() => void>();
  const deps: Deps = {
    now: () => now,
    random: () => 0,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    after: (milliseconds, work) => {
      const due = () => {
        now += milliseconds;
        work();
      };
      timers.add(due);
      return () => timers.delete(due);
    },
    perform: (_, { signal }) => {
      const never = new Promise<EffectResult>((resolve) => signal.addEventListener("abort", () => resolve(done(null))));
      return Promise.race([never, effect(now), new Promise<never>(() => setTimeout(() => timers.forEach((due) => void due()), 5))]);
    },
    respond: () => undefined,
    isSpent: () => false,
    isCanceled: () => false,
  };
  const journal = { get: (path: string) => entries.get(path), put: (entry: JournalEntry) => void entries.set(entry.path, entry) };
  const start = { run: "run_1", plan: new FlowPlan(read.value), block: "go", trigger, base: { setup: {} }, state: {}, startedAt: 0 };
  return (await runBlock(start, journal, deps)).end;
}
const done = (output: unknown): EffectResult => ({ kind: "done", tasks: 1, output });
const list = (count: number) => ({ list: Array.from({ length: count }, (_, i) => i) });
const http = (rest = "") => `[{ key: h, http: { url: "https://t.test/" }, retry: { attempts: 1 }${rest} }]`;

test.each<[string, string, unknown, ((now: number) => Promise<EffectResult>)?]>([
  ["too_many_items", '[{ key: l, for: "{{ trigger.list }}", do: [] }]', list(RUN_LIMITS.items + 1)],
  [
    "too_many_steps",
    '[{ key: l, for: "{{ trigger.list }}", do: [{ key: m, for: "{{ [1..5] }}", do: [{ key: v, value: 1 }] }] }]',
    list(34_000),
  ],
  ["too_many_turns", '[{ key: w, while: "{{ true }}", do: [{ key: v, value: 1 }] }]', {}],
  ["calls_too_deep", "[{ key: c, call: again }]", {}],
  ["state_too_large", '[{ key: s, set: { all: "{{ trigger.text }}" } }]', { text: "x".repeat(RUN_LIMITS.state) }],
  ["wait_too_long", "[{ key: w, wait: 400d }]", {}],
  ["output_too_large", http(), {}, async () => done("x".repeat(RUN_LIMITS.output))],
  ["timeout", http(), {}, () => new Promise<never>(() => {})],
  ["expression_timeout", '[{ key: v, value: "{{ $sum([1..99999].$sum([1..99].($ + 1))) }}" }]', {}],
  ["expression_depth", '[{ key: v, value: "{{ ($f := function($n) { 1 + $f($n) }; $f(1)) }}" }]', {}],
  ["expression_size", '[{ key: v, value: "{{ [1..1000000] }}" }]', {}],
  ["expression_regex", '[{ key: v, value: "{{ $match(trigger.text, /(a+)+$/) }}" }]', { text: `${"a".repeat(60)}!` }],
])("a run that goes beyond its limit fails with %s, and not again by being repeated", async (code, steps, trigger, effect) => {
  const end = await endOf(steps, trigger, effect);
  expect(end).toMatchObject({ status: "failed", error: { code, message: expect.stringMatching(/.{10}/), retryable: code === "timeout" } });
});

test.each<[string, string, unknown]>([
  ["items of a loop", '[{ key: l, for: "{{ trigger.list }}", do: [] }]', list(RUN_LIMITS.items)],
  ["state", '[{ key: s, set: { all: "{{ trigger.text }}" } }]', { text: "x".repeat(RUN_LIMITS.state - 50) }],
  ["a wait", "[{ key: w, wait: 366d }]", {}],
])("at its limit of %s a run goes on", async (_, steps, trigger) => {
  expect((await endOf(steps, trigger)).status).toMatch(/succeeded|waiting/);
});

test("an expression's list may be as long as its limit says", async () => {
  expect(await evaluateValue(`{{ $count([1..${EXPRESSION_LIMITS.sequence}]) }}`, {})).toBe(EXPRESSION_LIMITS.sequence);
});
