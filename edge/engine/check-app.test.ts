import { describe, expect, it } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { checkApp } from "./check-app.ts";

const read = (text: string): AppFile => {
  const result = readFile(text, AppFile);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
};

describe("an app file", () => {
  it("is told what it names that is not there, and what cannot be evaluated", () => {
    const app = read(`inlay: 1
key: a
name: A
test: { query: nobody }
queries:
  one: { input: [{ key: id, type: text }], request: { path: "/x/{{ input.ids }}", query: { q: "{{ $$$( }}" } } }
  two: { request: { path: /a, url: https://a.example/b, body: { x: 1 } } }
triggers: { t: { poll: { query: three, id: "{{ item.id }}" } }, u: {}, v: { webhook: { subscribe: { request: { path: /s } }, unsubscribe: { request: { path: "/s/{{ subscription.id }}" } } } } }
`);
    expect(checkApp(app).map(({ code, path }) => `${path} ${code}`)).toEqual([
      "test.query unknown_query",
      "queries.one.request.path unknown_input",
      "queries.one.request.query.q expression_syntax",
      "queries.two.request.url two_addresses",
      "queries.two.request.body body_of_get",
      "triggers.t.poll.query unknown_query",
      "triggers.u no_source",
      "triggers.v.webhook.subscribe no_subscription_id",
    ]);
  });
});
