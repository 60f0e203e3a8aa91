import { expect, test } from "vitest";
import { evaluateValue } from "./expression.ts";
import { ExpressionError } from "./expression-error.ts";
import { checkFrom, mapFields } from "./map-fields.ts";

const contact = { name: "Ada", address: { city: "London" }, "a.b": 1, tags: ["x"] };

test("a mapping takes fields by name, by the way to them, and by expression; what is not there is left out", async () => {
  const pairs = [
    { from: "name", to: "NAME" },
    { from: "address.city", to: "CITY" },
    { from: "a.b", to: "DOTTED" },
    { from: "{{ $uppercase(item.name) & '!' }}", to: "LOUD" },
    { from: "{{ item.tags }}", to: "TAGS" },
    { from: "phone", to: "PHONE" },
    { from: "constructor", to: "C" },
    { from: "{{ setup.secret }}", to: "S" },
  ];
  expect(await mapFields(pairs, contact)).toEqual({ NAME: "Ada", CITY: "London", DOTTED: 1, LOUD: "ADA!", TAGS: ["x"] });
});

test("$mapFields applies one in an expression, also to each of many and where there is one pair alone", async () => {
  const scope = { setup: { fields: [{ from: "{{ item.n + 1 }}", to: "m" }] }, trigger: [{ n: 1 }, { n: 2 }] };
  expect(await evaluateValue("{{ $mapFields(setup.fields, trigger[0]) }}", scope)).toEqual({ m: 2 });
  expect(await evaluateValue("{{ $map(trigger, function($one) { $mapFields(setup.fields, $one) }) }}", scope)).toEqual([
    { m: 2 },
    { m: 3 },
  ]);
  expect(await evaluateValue("{{ $mapFields(setup.none, trigger[0]) }}", scope)).toEqual({});
});

test("what a user wrote shares the budget of the expression that applies it", async () => {
  const pairs = [{ from: "{{ $sum([1..10000].($ * 2)) }}", to: "m" }];
  const one = evaluateValue("{{ $mapFields(pairs, {}) }}", { pairs });
  expect(await one).toEqual({ m: 100_010_000 });
  const many = evaluateValue("{{ $map([1..50], function($n) { $mapFields(pairs, {}) }) }}", { pairs });
  await expect(many).rejects.toMatchObject({ code: "timeout" });
});

test("an expression that cannot be read is found before it is kept", async () => {
  expect(checkFrom("{{ item.name & }}")).toMatch(/./);
  expect(checkFrom("{{ item.name }}")).toBeUndefined();
  await expect(mapFields([{ from: "{{ $error('no') }}", to: "x" }], {})).rejects.toThrow(ExpressionError);
});
