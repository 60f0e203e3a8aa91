import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { FlowPlan } from "./compile-block.ts";
import type { Deps, Effect, EffectResult } from "./deps.ts";
import { type JournalEntry, LEFT_OUT, type Signal } from "./journal.ts";
import { type Driven, runBlock } from "./run-block.ts";

const START = Date.UTC(2026, 0, 1);

/** A world whose clock only sleeping moves, and whose effects are `perform`. */
function world(
  steps: string,
  perform: (effect: Effect, key: string, attempt: number) => EffectResult | Promise<EffectResult>,
  options = "",
  blocks = "",
) {
  const read = readFile(
    `inlay: 1\nkey: f\nname: F\nblocks:\n  - key: go\n    name: Go\n    trigger: { manual: {} }\n    ${options}\n    steps: ${steps}\n  - key: double\n    name: Double\n    trigger: { call: { input: [{ key: n, type: number, required: true }] } }\n    steps:\n      - { key: ask, http: { url: "https://t.test/{{ trigger.n }}" } }\n      - { key: answer, respond: { body: "{{ trigger.n * 2 }}" } }\n${blocks}`,
    FlowFile,
  );
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const plan = new FlowPlan(read.value);
  const entries = new Map<string, JournalEntry>();
  const done: string[] = [];
  const signals: Signal[] = [];
  let now = START;
  const drive = (trigger: unknown = {}, more: Partial<Deps> = {}): Promise<Driven> => {
    const deps: Deps = {
      now: () => now,
      random: () => 0.5,
      sleep: async (ms) => {
        now += ms;
      },
      after: () => () => undefined,
      perform: async (effect, { effectKey }) => {
        done.push(effectKey);
        now += 10;
        return perform(effect, effectKey, done.filter((key) => key === effectKey).length);
      },
      respond: () => undefined,
      isSpent: () => false,
      isCanceled: () => false,
      ...more,
    };
    const start = {
      run: "run_1",
      plan,
      block: "go",
      trigger,
      base: { setup: { a: 1 }, run: { id: "run_1" } },
      state: { n: 1 },
      startedAt: START,
    };
    return runBlock(
      start,
      {
        get: (path) => entries.get(path),
        isReplay: entries.size > 0,
        put: (entry) => void entries.set(entry.path, entry),
        signals: (_, seen) => signals.filter(({ seq }) => seq > seen),
      },
      deps,
    );
  };
  const pass = (ms: number) => {
    now += ms;
  };
  const raise = (type: string, data: unknown) =>
    void signals.push({ seq: signals.length + 1, event: { type, id: `evt_${signals.length}`, data, org: null, user: null } });
  return { entries, done, drive, pass, raise };
}

test("a step that fails after it was noted stands in the log once, as failed", async () => {
  const { drive } = world(
    `
      - { key: mend, try: [{ key: no, fail: because }], catch: [] }
      - key: each
        for: [1, 2]
        do: [{ key: decide, if: "{{ item = 2 }}", then: [{ key: give_up, fail: "{{ 'at ' & item }}" }] }]
  `,
    () => ok(),
  );
  const { trace } = await drive();
  const shown = trace.map((one) => (typeof one === "string" ? one : `${one.path} ${one.status} ${one.error?.message ?? ""}`));
  expect(shown).toEqual([
    "mend succeeded ",
    "no failed because",
    "each failed at 2",
    "each[0].decide succeeded ",
    "each[1].decide failed at 2",
    "each[1].give_up failed at 2",
  ]);
});

describe("a step that holds others stands in the log", () => {
  const pause = "{ key: pause, wait: 1h }";
  const HOLDERS: [kind: string, step: string][] = [
    ["if", `{ key: s, if: "{{ true }}", then: [${pause}] }`],
    ["else", `{ key: s, if: "{{ false }}", then: [], else: [${pause}] }`],
    ["for", `{ key: s, for: "{{ [1, 2] }}", do: [${pause}] }`],
    ["for, side by side", `{ key: s, for: "{{ [1, 2] }}", concurrency: 2, do: [${pause}] }`],
    ["while", `{ key: s, while: "{{ index < 1 }}", do: [${pause}] }`],
    ["parallel", `{ key: s, parallel: { left: [${pause}], right: [{ key: at_once, value: 1 }] } }`],
    ["call", "{ key: s, call: rest }"],
    ["try", `{ key: s, try: [${pause}], catch: [] }`],
    ["catch", `{ key: s, try: [{ key: no, fail: because }], catch: [${pause}] }`],
    ["finally", `{ key: s, try: [], finally: [${pause}] }`],
  ];
  const called = `\n  - key: rest\n    name: Rest\n    trigger: { call: {} }\n    steps: [${pause}]`;
  const statusOf = ({ trace }: Driven) =>
    trace.flatMap((one) => (typeof one !== "string" && one.key === "s" ? [[one.status, one.endedAt === null]] : []));

  test.each(HOLDERS)("%s: as waiting, running and done as what it holds", async (_, step) => {
    const { drive, pass } = world(`[${step}]${called}`, () => ok());
    expect(statusOf(await drive())).toEqual([["waiting", true]]);
    expect(statusOf(await drive({}, { isSpent: () => true }))).toEqual([["running", true]]);
    pass(3_600_000);
    await drive();
    pass(3_600_000);
    expect(statusOf(await drive())).toEqual([["succeeded", false]]);
  });
});

test("an attempt that is not mended stands in the log once, as failed, before what it holds", async () => {
  const { drive } = world("[{ key: s, try: [{ key: no, fail: because }], finally: [{ key: tidy, value: 1 }] }]", () => ok());
  const { trace } = await drive();
  expect(trace.map((one) => typeof one !== "string" && `${one.path} ${one.type} ${one.status}`)).toEqual([
    "s try failed",
    "no fail failed",
    "tidy value succeeded",
  ]);
});

describe("what clears up", () => {
  const HOUR = 3_600_000;
  const over = { code: "timeout", class: "timeout" };
  const tidied = async (steps: string, options: string) => {
    const { drive, pass, done, entries } = world(steps, () => ok({ status: 204 }), options);
    await drive();
    pass(HOUR);
    return { ...(await drive()), done, entries };
  };

  test("has time where that of its block, or of an attempt around it, is over", async () => {
    const inner = '{ key: t, try: [{ key: long, wait: 2d }], finally: [{ key: tidy, http: { url: "https://t.test" } }] }';
    const block = await tidied(`[${inner}]`, "timeout: 1h");
    expect(block.end).toMatchObject({ status: "failed", error: { ...over, step: "long" } });
    expect(block.entries.get("tidy")).toMatchObject({ status: "succeeded" });
    const attempt = await tidied(`[{ key: outer, timeout: 1h, try: [${inner}], catch: [{ key: c, value: "{{ error.code }}" }] }]`, "");
    expect(attempt.end).toEqual({ status: "succeeded", output: "timeout" });
    expect(attempt.done).toEqual(["run_1:tidy"]);
  });

  test("has five minutes from when it begins, the same in each drive, and no more", async () => {
    const steps =
      '[{ key: t, try: [{ key: long, wait: 2d }], finally: [{ key: tidy, http: { url: "https://t.test" } }, { key: rest, wait: 1d }] }]';
    const { drive, pass, entries } = world(steps, () => ok(), "timeout: 1h");
    await drive();
    pass(HOUR);
    const end = START + HOUR + 300_000;
    expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: end });
    pass(60_000);
    expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: end });
    pass(240_000);
    expect((await drive()).end).toMatchObject({ status: "failed", error: { ...over, step: "rest" } });
    expect(entries.get("rest")).toMatchObject({ status: "failed" });
  });

  test("keeps the time of its block where that is longer", async () => {
    const { drive } = world("[{ key: t, try: [], finally: [{ key: rest, wait: 1d }] }]", () => ok(), "timeout: 1h");
    expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: START + HOUR });
  });

  test("is what alone has more time: what mends has that of its block", async () => {
    const steps = '[{ key: t, try: [{ key: long, wait: 2d }], catch: [{ key: mend, http: { url: "https://t.test" } }] }]';
    const { end, done } = await tidied(steps, "timeout: 1h");
    expect(end).toMatchObject({ status: "failed", error: { ...over, step: "mend" } });
    expect(done).toEqual([]);
  });
});

test("a log that is full says so, and still holds what failed", async () => {
  const loop = (count: number) =>
    `[{ key: each, for: "{{ [1..${count}] }}", do: [{ key: v, value: "{{ item }}" }] }, { key: last, fail: enough }]`;
  const short = (await world(loop(900), () => ok()).drive()).trace;
  expect(short).not.toContain(LEFT_OUT);
  const { trace } = await world(loop(1_500), () => ok()).drive();
  expect(trace.filter((one) => one === LEFT_OUT)).toHaveLength(1);
  expect(trace.at(-1)).toMatchObject({ key: "last", status: "failed", error: { message: "enough" } });
  expect(trace.length).toBeLessThan(1_010);
});

const ok = (output: unknown = null): EffectResult => ({ kind: "done", tasks: 1, output });
const urlOf = (effect: Effect) => (effect.kind === "http" ? effect.request.url : "");
const broken = (code: string, retryable: boolean): EffectResult => ({
  kind: "failed",
  tasks: 1,
  error: { code, message: code, class: retryable ? "intermittent" : "invalid", retryable },
});

describe("steps", () => {
  test("see what went before, and keep a state that later steps see at once", async () => {
    const { drive } = world(
      '[{ key: a, value: "{{ trigger.x + state.n }}" }, { key: s, set: { n: "{{ steps.a }}" } }, { key: b, value: "{{ state.n * 2 }}" }]',
      () => ok(),
    );
    expect(await drive({ x: 2 })).toMatchObject({ end: { status: "succeeded", output: 6 }, changes: { n: 3 } });
  });

  test("are skipped where when is not true", async () => {
    const { drive, done } = world(
      '[{ key: a, when: "{{ setup.a = 2 }}", http: { url: "https://t.test" } }, { key: b, value: "{{ $exists(steps.a) }}" }]',
      () => ok(),
    );
    expect((await drive()).end).toEqual({ status: "succeeded", output: false });
    expect(done).toEqual([]);
  });

  test("branch, loop in batches, go side by side, and turn while there is more", async () => {
    const { drive } = world(
      `
      - key: which
        if: "{{ trigger.n = 1 }}"
        then: [{ key: one, value: one }]
        elseif: [{ if: "{{ trigger.n = 2 }}", then: [{ key: two, value: two }] }]
        else: [{ key: many, value: many }]
      - { key: pairs, for: "{{ [1..5] }}", batch: 2, as: pair, do: [{ key: sum, value: "{{ $sum(pair) + index }}" }] }
      - key: both
        parallel:
          left: [{ key: l, value: 1 }]
          right: [{ key: r, value: 2 }]
      - { key: turns, while: "{{ index < 3 }}", do: [{ key: t, value: "{{ index }}" }] }
      - { key: all, value: ["{{ steps.which }}", "{{ steps.pairs }}", "{{ steps.both }}", "{{ steps.l + steps.r }}", "{{ steps.turns }}"] }
      `,
      () => ok(),
    );
    expect((await drive({ n: 2 })).end).toEqual({ status: "succeeded", output: ["two", [3, 8, 7], { left: 1, right: 2 }, 3, 2] });
  });

  test("call blocks, whose inputs are checked and whose answer is their output", async () => {
    const { drive, entries } = world('[{ key: each, for: [1, 2], do: [{ key: twice, call: double, with: { n: "{{ item }}" } }] }]', () =>
      ok(),
    );
    expect((await drive()).end).toEqual({ status: "succeeded", output: [2, 4] });
    expect([...entries.keys()]).toEqual(["each[0].twice>ask", "each[1].twice>ask"]);
    const wrong = world("[{ key: twice, call: double, with: { n: many } }]", () => ok());
    expect((await wrong.drive()).end).toMatchObject({ status: "failed", error: { code: "invalid_input", field: "n", step: "twice" } });
  });

  test("end the run where they stop or fail, with their words", async () => {
    expect((await world('[{ key: s, stop: "No {{ trigger.x }}" }]', () => ok()).drive({ x: "more" })).end).toEqual({
      status: "stopped",
      reason: "No more",
    });
    expect((await world("[{ key: f, fail: Not so }]", () => ok()).drive()).end).toMatchObject({
      status: "failed",
      error: { code: "failed_by_step", message: "Not so", step: "f" },
    });
  });

  test("that fail are caught, and what is final is done whatever happens", async () => {
    const { drive } = world(
      `
      - key: t
        try: [{ key: h, http: { url: "https://t.test" } }]
        catch: [{ key: c, value: "{{ error.code & ' at ' & error.step }}" }]
        finally: [{ key: f, set: { cleaned: true } }]
      - { key: after, value: "{{ steps.c }}" }
      `,
      () => broken("http_422", false),
    );
    expect(await drive()).toMatchObject({ end: { status: "succeeded", output: "http_422 at h" }, changes: { cleaned: true } });
  });

  test("of on_failure run when the run has failed, and see why", async () => {
    const { drive, done } = world(
      '[{ key: h, http: { url: "https://t.test/a" } }]',
      (effect) => (urlOf(effect).endsWith("/a") ? broken("http_400", false) : ok()),
      'on_failure: [{ key: tell, http: { url: "https://t.test/tell/{{ error.code }}" } }]',
    );
    expect((await drive()).end).toMatchObject({ status: "failed", error: { code: "http_400" } });
    expect(done).toEqual(["run_1:h", "run_1:tell"]);
  });

  test("with an expression that cannot be evaluated fail with its place", async () => {
    const { drive } = world('[{ key: v, value: "{{ trigger.x + 1 }}" }]', () => ok());
    expect((await drive({ x: "a" })).end).toMatchObject({
      status: "failed",
      error: { code: "expression_type", class: "expression", step: "v", position: expect.any(Number) },
    });
  });
});

describe("an effect", () => {
  test("that may pass is tried again: short pauses are slept through, long ones end the drive", async () => {
    const short = world('[{ key: h, http: { url: "https://t.test" }, retry: { base: 1s, cap: 1s } }]', (_, __, attempt) =>
      attempt < 3 ? broken("http_503", true) : ok(1),
    );
    expect((await short.drive()).end).toEqual({ status: "succeeded", output: 1 });
    expect(short.entries.get("h")).toMatchObject({ attempts: 3, tasks: 3 });

    const long = world('[{ key: h, http: { url: "https://t.test" } }]', (_, __, attempt) =>
      attempt < 2 ? ({ ...broken("http_429", true), retryAfter: 60_000 } as EffectResult) : ok(1),
    );
    const { end } = await long.drive();
    expect(end).toMatchObject({ status: "waiting", reason: expect.stringContaining("tried again") });
    expect(end.status === "waiting" && end.wakeAt).toBe(START + 10 + 60_000);
    expect((await long.drive()).end).toMatchObject({ status: "waiting" });
    expect(long.done).toHaveLength(1);
    long.pass(60_001);
    expect((await long.drive()).end).toEqual({ status: "succeeded", output: 1 });
  });

  test("that is held until an account is mended counts no attempt", async () => {
    let isHeld = true;
    const { drive, entries } = world('[{ key: h, http: { url: "https://t.test" } }]', () =>
      isHeld ? { kind: "hold", tasks: 0, reason: "Connect again", account: "acc_1" } : ok(2),
    );
    expect((await drive()).end).toEqual({
      status: "waiting",
      wakeAt: START + 10 + 86_400_000,
      reason: "Connect again",
      accounts: ["acc_1"],
    });
    isHeld = false;
    expect((await drive()).end).toEqual({ status: "succeeded", output: 2 });
    expect(entries.get("h")).toMatchObject({ attempts: 1 });
  });

  test("that does not answer in time fails, and the signal says so", async () => {
    let aborted: AbortSignal | undefined;
    const { drive } = world('[{ key: h, timeout: 1s, retry: { attempts: 1 }, http: { url: "https://t.test" } }]', () => ok());
    const end = await drive(
      {},
      {
        after: (_, work) => {
          queueMicrotask(work);
          return () => undefined;
        },
        perform: (_, { signal }) => {
          aborted = signal;
          return new Promise(() => undefined);
        },
      },
    );
    expect(end.end).toMatchObject({ status: "failed", error: { code: "timeout", class: "timeout" } });
    expect(aborted?.aborted).toBe(true);
  });

  test("does not begin when the drive's time is over, or the run was canceled", async () => {
    const { drive, done } = world('[{ key: h, http: { url: "https://t.test" } }]', () => ok());
    expect((await drive({}, { isSpent: () => true })).end).toEqual({ status: "spent" });
    expect((await drive({}, { isCanceled: () => true })).end).toEqual({ status: "canceled" });
    expect(done).toEqual([]);
  });

  test("side by side that wait for two accounts and a time name both accounts, and go on at the time", async () => {
    const call = (key: string) => `{ key: ${key}, http: { url: "https://${key}.test" } }`;
    const { drive } = world(
      `[{ key: all, parallel: { a: [${call("a")}], b: [${call("b")}], c: [{ key: nap, wait: 1h }] } }]`,
      (effect) => ({
        ...{ kind: "hold", tasks: 0, reason: "Connect again" },
        account: urlOf(effect),
      }),
    );
    expect((await drive()).end).toMatchObject({
      ...{ status: "waiting", wakeAt: START + 3_600_000 },
      accounts: [expect.stringContaining("a.test"), expect.stringContaining("b.test")],
    });
  });

  test("in a loop that waits does not hold up the others where several may run", async () => {
    const { drive, done } = world(
      '[{ key: e, for: [0, 1, 2], concurrency: 2, do: [{ key: h, http: { url: "https://t.test/{{ item }}" } }] }]',
      (effect, _, attempt) =>
        urlOf(effect).endsWith("/1") && attempt === 1 ? ({ ...broken("http_429", true), retryAfter: 60_000 } as EffectResult) : ok(),
    );
    expect((await drive()).end.status).toBe("waiting");
    expect(done).toEqual(["run_1:e[0].h", "run_1:e[1].h", "run_1:e[2].h"]);
  });
});

test("a wait is over at the time that was fixed when it was reached", async () => {
  const { drive, pass } = world('[{ key: w, wait: 1h }, { key: v, value: "{{ $now() }}" }]', () => ok());
  expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: START + 3_600_000 });
  pass(1_000);
  expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: START + 3_600_000 });
  pass(3_600_000);
  const { end } = await drive();
  expect(end).toEqual({ status: "succeeded", output: new Date(START + 3_601_000).toISOString() });
  expect((await drive()).end).toEqual(end);
});

const FLOW = `
      - { key: first, http: { url: "https://t.test/first" } }
      - key: each
        for: "{{ trigger.items }}"
        concurrency: CONCURRENCY
        do:
          - { key: dice, value: "{{ $floor($random() * 1000) }}" }
          - { key: twice, call: double, with: { n: "{{ item }}" } }
          - { key: odd, when: "{{ item % 2 = 1 }}", http: { url: "https://t.test/odd/{{ item }}/{{ steps.dice }}" }, on_error: continue }
          - { key: sum, value: "{{ steps.twice + steps.dice }}" }
      - { key: nap, wait: 10s }
      - { key: last, http: { url: "https://t.test/last", body: { all: "{{ steps.each }}", at: "{{ $now() }}" } } }
`;

test("a run that is broken off after any effect ends as it would have, and repeats no effect that was completed", async () => {
  const items = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(items, fc.constantFrom(1, 3), fc.array(fc.nat(30), { maxLength: 4 }), async (list, concurrency, kills) => {
      const answer = (effect: Effect): EffectResult =>
        urlOf(effect).includes("/odd/7/")
          ? broken("http_400", false)
          : ok({ url: urlOf(effect), body: effect.kind === "http" ? effect.request.body : null });
      const steps = FLOW.replace("CONCURRENCY", String(concurrency));
      const whole = world(steps, answer);
      await whole.drive({ items: list });
      whole.pass(10_000);
      const expected = await whole.drive({ items: list });

      const cut = world(steps, answer);
      for (const kill of kills) {
        let left = kill;
        await cut.drive({ items: list }, { isCanceled: () => left-- <= 0 });
      }
      await cut.drive({ items: list });
      cut.pass(10_000);
      const end = await cut.drive({ items: list });
      expect(stripTime(end.end)).toEqual(stripTime(expected.end));
      expect(new Set(cut.done).size).toBe(cut.done.length);
      expect([...cut.done].sort()).toEqual([...whole.done].sort());
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** How long the parts took differs; what came of them does not. */
const stripTime = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === "at" || key === "wakeAt" ? null : item)));

describe("a wait for an event", () => {
  const STEPS = `
      - { key: ask, http: { url: "https://t.test/ask" } }
      - { key: answer, wait: { event: order.approved, match: "{{ event.data.id = trigger.id }}", timeout: 2d } }
      - { key: after, value: "{{ steps.answer.data.by }}" }
  `;

  test("goes on with the event that matches, and keeps it over replays", async () => {
    const { drive, raise, done, entries } = world(STEPS, () => ok());
    const wakeAt = START + 10 + 2 * 86_400_000;
    const why = { code: "event", params: { event: "order.approved", at: new Date(wakeAt).toISOString() } };
    const end = { status: "waiting", wakeAt, reason: expect.stringContaining("“order.approved”"), why };
    expect((await drive({ id: 7 })).end).toEqual(end);
    raise("order.approved", { id: 6, by: "grace" });
    expect((await drive({ id: 7 })).end).toEqual(end);
    expect(entries.get("answer")).toMatchObject({ status: "waiting", seen: 1 });
    raise("order.approved", { id: 7, by: "ada" });
    raise("order.approved", { id: 7, by: "too late" });
    expect((await drive({ id: 7 })).end).toEqual({ status: "succeeded", output: "ada" });
    expect((await drive({ id: 7 })).end).toEqual({ status: "succeeded", output: "ada" });
    expect(done).toEqual(["run_1:ask"]);
  });

  test("fails when none came in time, which a flow can catch", async () => {
    const { drive, pass } = world(STEPS, () => ok());
    await drive({ id: 7 });
    pass(2 * 86_400_000);
    const late = await drive({ id: 7 });
    expect(late.end).toMatchObject({ status: "failed", error: { code: "wait_timeout", step: "answer", class: "timeout" } });
    const caught = world(
      '[{ key: t, try: [{ key: w, wait: { event: e, timeout: 1h } }], catch: [{ key: c, value: "{{ error.code }}" }] }]',
      () => ok(),
    );
    await caught.drive();
    caught.pass(3_600_000);
    expect((await caught.drive()).end).toEqual({ status: "succeeded", output: "wait_timeout" });
  });

  test("of a year is no longer than a wait may be", async () => {
    const { drive } = world("[{ key: w, wait: { event: e } }]", () => ok());
    expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: START + 366 * 86_400_000 });
  });
});

test("a loop that has failed begins nothing more of what was under way beside, however often its run is driven again", async () => {
  const { drive, done, pass, entries } = world(
    `
    - key: attempt
      try:
        - { key: each, for: "{{ [1..2] }}", concurrency: 2, do: [{ key: call, retry: { attempts: 5, base: 1m }, http: { url: "https://t.test/{{ item }}" } }] }
      catch: [{ key: nap, wait: 1h }, { key: said, value: "{{ error.step }}" }]
    `,
    (_, key) => ({
      kind: "failed",
      tasks: 1,
      error: { code: "no", message: "no", class: "x", retryable: key.includes("[1]") },
    }),
  );
  expect((await drive()).end.status).toBe("waiting");
  expect([...done].sort()).toEqual(["run_1:each[0].call", "run_1:each[1].call"]);
  expect(entries.get("each[1].call")).toMatchObject({ status: "waiting" });
  pass(3_700_000);
  expect((await drive()).end).toEqual({ status: "succeeded", output: "each[0].call" });
  expect(done).toHaveLength(2);
});

test("turns side by side that count in the state miss none", async () => {
  const { drive } = world(
    `
      - key: each
        for: "{{ [1..20] }}"
        concurrency: 8
        do:
          - { key: call, http: { url: "https://t.test/{{ item }}" } }
          - { key: count, set: { n: "{{ state.n + 1 }}" } }
          - { key: bad, on_error: continue, when: "{{ item = 3 }}", set: { n: "{{ $error('no') }}" } }
      - { key: said, value: "{{ state.n }}" }`,
    () => ok(),
  );
  expect(await drive()).toMatchObject({ end: { status: "succeeded", output: 21 }, changes: { n: 21 } });
});

describe("turns side by side, one of which ends them all without an effect of its own", () => {
  const refuse = (key: string): EffectResult =>
    key.includes("slow") ? { kind: "failed", tasks: 1, error: { code: "no", message: "no", class: "x", retryable: true } } : ok({ id: 7 });

  test("are not begun, nor tried again, when the run is driven again behind a `fail`, a `stop` or an expression that fails", async () => {
    for (const end of ["fail: bad", "stop: enough", 'value: "{{ $toMillis(1) }}"', 'http: { url: "https://t.test/{{ $toMillis(1) }}" }']) {
      const loop = `
        - key: each
          for: "{{ [0..9] }}"
          concurrency: 2
          do:
            - { key: quick, http: { url: "https://t.test/{{ item }}" } }
            - { key: first, if: "{{ item = 0 }}", then: [{ key: slow, retry: { attempts: 9, base: 1m }, http: { url: "https://t.test/slow" } }] }
            - { key: fifth, if: "{{ item = 4 }}", then: [{ key: end, ${end} }] }`;
      const steps = `
        - key: attempt
          try: [{ key: go, call: looped }]
          catch: [{ key: caught, value: 1 }]
        - { key: nap, wait: 1h }
        - { key: after, http: { url: "https://t.test/after" } }`;
      const { drive, done, pass } = world(
        steps,
        (_, key) => refuse(key),
        "",
        `  - key: looped\n    name: L\n    trigger: { call: {} }\n    steps:${loop}\n`,
      );
      expect((await drive()).end.status, end).toBe("waiting");
      const begun = [...done];
      expect(begun.filter((key) => key.includes("slow"))).toHaveLength(1);
      pass(3_700_000);
      expect((await drive()).end.status).toBe("succeeded");
      expect(done).toEqual([...begun, "run_1:after"]);
    }
  });

  test("leave what they had come to as it was: outputs, state and answers", async () => {
    const steps = `
      - key: attempt
        try:
          - key: both
            parallel:
              charge: [{ key: pay, http: { url: "https://t.test/pay" } }, { key: note, set: { paid: "{{ steps.pay.id }}" } }]
              check: [{ key: look, http: { url: "https://t.test/look" } }, { key: wrong, http: { url: "https://t.test/wrong" } }]
        catch: [{ key: nap, wait: 1h }, { key: refund, http: { url: "https://t.test/refund" } }]
      - { key: said, value: { id: "{{ steps.pay.id }}", paid: "{{ state.paid }}" } }`;
    const { drive, pass } = world(steps, (_, key) =>
      key.includes("wrong")
        ? { kind: "failed", tasks: 1, error: { code: "no", message: "no", class: "x", retryable: false } }
        : ok({ id: 7 }),
    );
    expect((await drive()).end.status).toBe("waiting");
    pass(3_700_000);
    expect(await drive()).toMatchObject({ end: { status: "succeeded", output: { id: 7, paid: 7 } }, changes: { paid: 7 } });
  });

  test("are gone on with where they had not ended: a failure that was never reached counts for nothing", async () => {
    const steps = `
      - key: each
        for: "{{ [0..5] }}"
        concurrency: 2
        on_error: continue
        do:
          - { key: last, if: "{{ item = 5 }}", then: [{ key: end, fail: bad }] }
          - { key: call, http: { url: "https://t.test/{{ item }}" } }`;
    const { drive, done } = world(steps, () => ok());
    let calls = 0;
    expect((await drive({}, { isSpent: () => calls++ > 1 })).end.status).toBe("spent");
    expect((await drive()).end.status).toBe("succeeded");
    expect(done.map((key) => key.replace("run_1:each", "")).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `[${n}].call`));
  });
});

describe("a wait that stands in a time limit", () => {
  const over = { code: "timeout", class: "timeout", retryable: false };

  test("is broken off by its own timeout, and what catches it has time", async () => {
    const steps = `
      - key: tried
        timeout: 2s
        try: [{ key: long, wait: 1h }]
        catch: [{ key: tell, http: { url: "https://t.test/{{ error.code }}" } }]
      - { key: own, timeout: 1s, on_error: continue, wait: 1h }
      - { key: answer, value: "{{ steps.tell.status }}" }`;
    const { drive, entries } = world(steps, () => ({ kind: "done", tasks: 1, output: { status: 204 } }));
    expect((await drive()).end).toEqual({ status: "succeeded", output: 204 });
    expect(entries.get("long")).toMatchObject({ status: "failed", endedAt: START + 2_000, error: { ...over, step: "long" } });
    expect(entries.get("own")).toMatchObject({ status: "failed", error: over });
  });

  test("says whose time is over, where it waits for an event", async () => {
    const waits = (wait: string, options: string) => world(`[{ key: w, ${wait} }]`, () => ok(), options);
    const codeOf = async ({ drive, pass }: ReturnType<typeof world>) => {
      await drive();
      pass(3_600_000);
      return (await drive()).end;
    };
    expect(await codeOf(waits("wait: { event: e, timeout: 2d }", "timeout: 1h"))).toMatchObject({ error: { ...over, step: "w" } });
    expect(await codeOf(waits("wait: { event: e, timeout: 1h }", "timeout: 2h"))).toMatchObject({ error: { code: "wait_timeout" } });
    expect(await codeOf(waits("timeout: 1h, wait: { event: e }", "timeout: 2h"))).toMatchObject({ error: { code: "wait_timeout" } });
  });

  test("of its block ends the run then, and not when the wait is over", async () => {
    const { drive, pass } = world(`[{ key: long, wait: 2d }]`, () => ({ kind: "done", tasks: 0, output: null }), "timeout: 1h");
    expect((await drive()).end).toMatchObject({ status: "waiting", wakeAt: START + 3_600_000 });
    pass(3_600_000);
    expect((await drive()).end).toMatchObject({ status: "failed", error: { ...over, step: "long" } });
  });

  test("for an event or for an account is broken off as well", async () => {
    const event = world(`[{ key: e, wait: { event: paid } }]`, () => ({ kind: "done", tasks: 0, output: null }), "timeout: 1h");
    expect((await event.drive()).end).toMatchObject({ status: "waiting", wakeAt: START + 3_600_000 });
    const held = world(`[{ key: h, http: { url: "https://t.test" } }]`, () => ({ kind: "hold", tasks: 0, reason: "no" }), "timeout: 1h");
    expect((await held.drive()).end).toMatchObject({ status: "waiting", wakeAt: START + 3_600_000 });
    held.pass(3_600_000);
    expect((await held.drive()).end).toMatchObject({ status: "failed", error: over });
  });

  test("is over at once where its time is in the past, however far, and fails where that is no date", async () => {
    const done = world(`[{ key: w, wait: { until: "{{ -1 }}" } }, { key: v, wait: "{{ -5 }}" }]`, () => ({
      kind: "done",
      tasks: 0,
      output: null,
    }));
    expect((await done.drive()).end.status).toBe("succeeded");
    const none = world(`[{ key: w, wait: { until: "{{ -9000000000000000000 }}" } }]`, () => ({ kind: "done", tasks: 0, output: null }));
    expect((await none.drive()).end).toMatchObject({ status: "failed", error: { code: "invalid_wait", step: "w" } });
  });
});

describe("a value", () => {
  const never = () => ({ kind: "done", tasks: 0, output: null }) as const;

  test("may be all steps, the state or the whole scope: it is what they were then", async () => {
    const steps = `
      - { key: a, value: 1 }
      - { key: b, value: "{{ steps }}" }
      - { key: c, value: { all: ["{{ steps }}"], root: "{{ $ }}" } }
      - { key: s, set: { me: "{{ state }}" } }
      - { key: each, for: ["{{ steps }}"], do: [{ key: i, value: "{{ item }}" }] }
      - { key: out, value: { b: "{{ steps.b }}", me: "{{ state.me }}", a: "{{ steps.c.all[0].b.a }}", i: "{{ $keys(steps.each[0]) }}" } }`;
    const { end, changes, trace } = await world(steps, never).drive();
    expect(end).toEqual({ status: "succeeded", output: { b: { a: 1 }, me: { n: 1 }, a: 1, i: ["a", "b", "c"] } });
    expect(JSON.parse(JSON.stringify([changes, trace]))).toHaveLength(2);
  });

  test("that doubles at each turn fails its step before it fills the memory", async () => {
    const doubling = (value: string) => world(`[{ key: more, while: "{{ true }}", do: [{ key: twice, value: ${value} }] }]`, never).drive();
    const text = "{{ (last ? last : 'xxxxxxxxxxxxxxxx') & (last ? last : 'xxxxxxxxxxxxxxxx') }}";
    expect((await doubling(`"${text}"`)).end).toMatchObject({ error: { code: "expression_size", step: "more[18].twice", field: "value" } });
    expect((await doubling(`["{{ last }}", "{{ last }}"]`)).end).toMatchObject({ error: { code: "output_too_large" } });
    expect((await doubling(`["{{ last }}"]`)).end).toMatchObject({ error: { code: "output_too_deep" } });
  });

  test("of a call that nests without end fails its step, and nothing has to write it out", async () => {
    const output: unknown = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
    const { drive, entries } = world(`[{ key: h, http: { url: "https://t.test" } }]`, () => ({ kind: "done", tasks: 1, output }));
    expect((await drive()).end).toMatchObject({ status: "failed", error: { code: "output_too_deep", step: "h" } });
    expect(entries.get("h")).not.toHaveProperty("output");
  });

  test("counts once however often it is handed on, and many large ones are too many", async () => {
    const loop = (value: string) => `[{ key: l, for: "{{ [1..300] }}", do: [{ key: b, value: "${value}" }] }, { key: e, value: 1 }]`;
    const large = "x".repeat(300_000);
    expect((await world(loop("{{ trigger }}"), never).drive(large)).end).toEqual({ status: "succeeded", output: 1 });
    const made = await world(loop("{{ index }} {{ trigger }}"), never).drive(large);
    expect(made.end).toMatchObject({ status: "failed", error: { code: "run_too_large", class: "limit" } });
  });
});

test("an expression that fails names its step, its field and its place there, and its step stands in the log", async () => {
  const cases: [string, string, string][] = [
    [`{ key: s, value: { a: [1, { b: "x {{ $number('q') }}" }] } }`, "value.a.1.b", "s"],
    [`{ key: s, when: "{{ $number('q') }}", value: 1 }`, "when", "s"],
    [`{ key: s, http: { url: "https://t.test/{{ $number('q') }}/x" } }`, "http.url", "s"],
    [`{ key: s, http: { url: "https://t.test", headers: { a: "{{ 1 }}", b: "{{ $number('q') }}" } } }`, "http.headers.b", "s"],
    [`{ key: s, call: double, with: { n: "{{ $number('q') }}" } }`, "with.n", "s"],
    [`{ key: s, if: "{{ false }}", elseif: [{ if: "{{ $number('q') }}", then: [] }] }`, "elseif.0.if", "s"],
    [`{ key: s, for: "{{ $number('q') }}", do: [] }`, "for", "s"],
    [`{ key: s, while: "{{ $number('q') }}", do: [] }`, "while", "s"],
    [`{ key: s, wait: { until: "{{ $number('q') }}" } }`, "wait.until", "s"],
    [`{ key: s, respond: { headers: { a: "{{ $number('q') }}" } } }`, "respond.headers.a", "s"],
  ];
  for (const [step, field] of cases) {
    const { end, trace } = await world(`[${step}]`, () => ({ kind: "done", tasks: 0, output: null })).drive();
    expect(end).toMatchObject({ status: "failed", error: { code: "expression_value", field, position: expect.any(Number) } });
    expect(trace.at(-1)).toMatchObject({ key: "s", status: "failed", error: { field } });
  }
});

test("a run says why it failed in words that fit into a row, however much an expression, code or a provider says", async () => {
  const huge = await world('[{ key: f, fail: "{{ trigger.t }}" }]', () => ({ kind: "done", tasks: 0, output: 1 })).drive({
    t: "x".repeat(900_000),
  });
  expect(JSON.stringify(huge).length).toBeLessThan(20_000);
  expect(huge.end).toMatchObject({ status: "failed", error: { code: "failed_by_step", message: expect.stringMatching(/^x{4000}…$/) } });
  const stopped = await world('[{ key: f, stop: "{{ trigger.t }}" }]', () => ({ kind: "done", tasks: 0, output: 1 })).drive({
    t: "x".repeat(900_000),
  });
  expect(stopped.end).toMatchObject({ status: "stopped", reason: expect.stringMatching(/^x{4000}…$/) });
  const error = { code: "code_error", message: "y".repeat(900_000), class: "code", retryable: false };
  const code = world('[{ key: c, code: "export default () => 1" }]', () => ({ kind: "failed", tasks: 1, error }));
  expect(JSON.stringify((await code.drive()).end).length).toBeLessThan(5_000);
  const long = `$number('x') & '${"a".repeat(3_000)}'`;
  const steps = `[{ key: l, for: "{{ [1..1100] }}", do: [{ key: v, value: "{{ ${long} }}", on_error: continue }] }]`;
  const looped = await world(steps, () => ({ kind: "done", tasks: 0, output: 1 })).drive();
  expect(looped.end.status).toBe("succeeded");
  expect(JSON.stringify(looped.trace).length).toBeLessThan(800_000);
  expect(looped.trace).toContain(LEFT_OUT);
});
