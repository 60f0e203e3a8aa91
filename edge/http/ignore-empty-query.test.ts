import { Hono } from "hono";
import { expect, test } from "vitest";
import { ignoreEmptyQuery } from "./ignore-empty-query.ts";

const app = new Hono().use(ignoreEmptyQuery as never).get("/", (c) => c.json(c.req.queries()));
const read = async (query: string) => (await app.request(`/${query}`)).json();

test("what nobody has filled in is not there, and all else is as it was", async () => {
  expect(await read("?status=&search=x")).toEqual({ search: ["x"] });
  expect(await read("?a=1&b=&a=2&c=&")).toEqual({ a: ["1", "2"] });
  expect(await read("?a=b%20c+d&e==&f=")).toEqual({ a: ["b c d"], e: ["="] });
  expect(await read("?a&b=")).toEqual({ a: [""] });
  expect(await read("?")).toEqual({});
});

test("an address full of them costs no more than another", async () => {
  const before = performance.now();
  await read(`?${Array.from({ length: 2_600 }, (_, i) => `a${i}=`).join("&")}`);
  await read(`?${"?".repeat(16_000)}`);
  expect(performance.now() - before).toBeLessThan(60);
});
