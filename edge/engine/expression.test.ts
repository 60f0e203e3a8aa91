import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileTemplate, ExpressionError, evaluateValue, readsOf } from "./expression.ts";

const scope = {
  setup: { url: "https://a.test", tags: ["vip"], empty: [], "odd-key": 1 },
  trigger: {
    headers: { "x-order-id": "o7" },
    body: {
      lines: [
        { price: 2, quantity: 3 },
        { price: 1, quantity: 4 },
      ],
      id: null,
    },
  },
  list: [{ a: 1 }, { a: 2 }],
};
const clock = { now: () => Date.UTC(2026, 0, 1), random: () => 0.25 };
const failure = async (text: string): Promise<ExpressionError> => {
  try {
    await evaluateValue(text, scope, clock);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${text} did not fail`);
};

describe("a value", () => {
  test("that is one expression keeps its type; text around it makes a string", async () => {
    expect(await evaluateValue("{{ trigger.body.lines }}", scope)).toEqual(scope.trigger.body.lines);
    expect(await evaluateValue(" {{ setup.url }}", scope)).toBe(" https://a.test");
    expect(await evaluateValue("{{ setup.url }}/{{ setup.tags }}?{{ nope.x }}", scope)).toBe('https://a.test/["vip"]?');
  });

  test("that is a plain path keeps a list of one, an empty list and null as they are", async () => {
    expect(await evaluateValue("{{ setup.tags }}", scope)).toEqual(["vip"]);
    expect(await evaluateValue("{{ setup.empty }}", scope)).toEqual([]);
    expect(await evaluateValue("{{ trigger.body.id }}", scope)).toBeNull();
    expect(await evaluateValue("{{ setup.`odd-key` }}", scope)).toBe(1);
    expect(await evaluateValue("{{ trigger.headers.'x-order-id' }}", scope)).toBe("o7");
  });

  test("that goes through a list maps over it, and is plain JSON", async () => {
    const value = await evaluateValue("{{ list.a }}", scope);
    expect(value).toEqual([1, 2]);
    expect(Object.keys(value as object)).toEqual(["0", "1"]);
    expect(await evaluateValue("{{ $sum(trigger.body.lines.(price * quantity)) }}", scope)).toBe(10);
  });

  test("leaves out what yields nothing", async () => {
    expect(await evaluateValue({ a: "{{ nope }}", b: ["{{ nope }}", 1], c: { d: "{{ nope.x }}" } }, scope)).toEqual({ b: [1], c: {} });
    expect(await evaluateValue("{{ nope }}", scope)).toBeUndefined();
  });

  test("gets time and chance from the caller alone", async () => {
    const value = {
      now: "{{ $now() }}",
      date: "{{ $now('[Y]') }}",
      ms: "{{ $millis() }}",
      dice: "{{ $random() }}",
      mixed: "{{ $shuffle([1..5]) }}",
    };
    const first = await evaluateValue(value, scope, clock);
    expect(first).toMatchObject({ now: "2026-01-01T00:00:00.000Z", date: "2026", ms: clock.now(), dice: 0.25 });
    expect(await evaluateValue(value, scope, clock)).toEqual(first);
  });
});

describe("an expression that is refused", () => {
  test.each([
    ["{{ 1 + }}", "syntax"],
    ["{{ }}", "syntax"],
    ["a {{ b", "syntax"],
    ["{{ $eval('1') }}", "syntax"],
    ["{{ ($f := function($x) { $f($x) }; $f(1)) }}", "timeout"],
    ["{{ ($f := function($x) { $f($x) + 1 }; $f(1)) }}", "depth"],
    ["{{ [1..1000000] }}", "size"],
    ["{{ $pad('a', 1000000) }}", "size"],
    ["{{ $count([1..50000][$ in [1..50000]]) }}", "timeout"],
    ["{{ $match($pad('', 40, 'a') & '!', /^(a+)+$/) }}", "regex"],
    ["{{ $match($pad('', 40, 'a') & '!', /^(a|a)*$/) }}", "regex"],
    ["{{ setup.url + 1 }}", "type"],
    ["{{ $error('no such thing') }}", "thrown"],
  ])("%s fails with %s, soon", async (text, code) => {
    const start = performance.now();
    expect((await failure(text)).code).toBe(code);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test("says where: the position counts in the text around it", async () => {
    expect((await failure("to {{ setup.url + 1 }}")).position).toBeGreaterThanOrEqual(6);
    expect(() => compileTemplate({ a: ["x {{ 1 + }}"] })).toThrow(ExpressionError);
  });

  test.each([
    "{{ constructor.constructor('return 1')() }}",
    "{{ __proto__ }}",
    "{{ setup.__proto__.x }}",
    "{{ list.constructor }}",
    "{{ setup.toString }}",
  ])("%s sees nothing but the scope's own properties", async (text) => {
    expect(await evaluateValue(text, scope).catch(() => undefined)).toBeUndefined();
  });

  test("cannot name a property that would change an object's prototype", () => {
    expect(() => compileTemplate(JSON.parse('{"__proto__": "{{ setup }}"}'))).toThrow(ExpressionError);
  });
});

test("the paths that a value reads are those of the scope, cut at two steps", () => {
  expect(
    readsOf({
      a: "{{ $count(trigger.tags[$ in $$.setup.tags]) }}",
      b: "x {{ search }}",
      c: "{{ $map(setup.x, function($v) { $v.name & setup.y }) }}",
    }).sort(),
  ).toEqual(["search", "setup.tags", "setup.x", "setup.y", "trigger.tags"]);
});

test("any JSON comes through a plain path unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(await evaluateValue("{{ trigger.value }}", { trigger: { value: plain } })).toEqual(plain);
    }),
  );
});

test("whatever the text, compiling it ends in a template or an ExpressionError", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        compileTemplate(`{{ ${text} }}`);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
      }
    }),
  );
});
