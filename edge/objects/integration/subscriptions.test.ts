import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { configured, fakeOutside, makeConfig, type OutsideCall } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** An app that names a hook by what it is about, as GitHub does. */
const REPOS = `
inlay: 1
key: repos
name: Repos
baseUrl: https://repos.test
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
triggers:
  pushed:
    input: [{ key: repo, type: text }]
    webhook:
      subscribe: { request: { method: POST, path: "/{{ input.repo }}/hooks", body: { url: "{{ hook.url }}" } }, id: "{{ body.id }}" }
      unsubscribe: { request: { method: DELETE, path: "/{{ input.repo }}/hooks/{{ subscription.id }}" } }
`;
const FLOW = `
accounts: { r: { app: repos } }
setup: { pages: [{ key: p, title: P, fields: [{ key: repo, type: text }] }] }
blocks:
  - { key: pushed, name: Pushed, trigger: { app_event: r.pushed, with: { repo: "{{ setup.repo }}" } }, steps: [{ key: v, value: 1 }] }
`;
const MINUTE = 60_000;

async function makeRepos(file = REPOS) {
  const workspace = await makeWorkspace();
  const id = await workspace.account(await workspace.user("ada"), "repos", { auth: "token" });
  const app = readFile(file, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(id).establish(
    { id, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token: "good" } },
  );
  const config = makeConfig(FLOW, { workspace: workspace.id, accounts: { r: id }, values: { repo: "one" }, appFiles: [file] });
  return { ...(await configured(config)), config };
}

const linesOf = (calls: OutsideCall[]) => calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
function fakeHooks(statusOfDelete = () => 204) {
  let made = 0;
  return fakeOutside(({ method }) => (method === "POST" ? { body: { id: made++ } } : { status: statusOfDelete() }));
}
const passes = (minutes: number) => {
  const later = Date.now() + minutes * MINUTE;
  vi.spyOn(Date, "now").mockImplementation(() => later);
};

test("a subscription is ended with what it was made with, whatever the integration's values are by then", async () => {
  const calls = fakeHooks();
  const { object, config } = await makeRepos();
  await object.configure({ ...config, values: { repo: "two" } }, "updated");
  await object.configure({ ...config, values: { repo: "two" }, enabled: false }, "disabled");
  expect(linesOf(calls)).toEqual(["POST /one/hooks", "POST /two/hooks", "DELETE /one/hooks/0", "DELETE /two/hooks/1"]);
});

test("a subscription to something else is begun before the former is ended, also where both have one id, each within its own", async () => {
  const calls = fakeOutside(({ method }) => (method === "POST" ? { body: { id: 1 } } : { status: 204 }));
  const { object, config } = await makeRepos();
  await object.configure({ ...config, values: { repo: "two" } }, "updated");
  expect(linesOf(calls)).toEqual(["POST /one/hooks", "POST /two/hooks", "DELETE /one/hooks/1"]);
});

test("one that the app takes no second of, or would end with the former, is begun after it", async () => {
  let made = 0;
  const refusesSecond = fakeOutside(({ method }, index) =>
    method === "POST" ? (index === 1 ? { status: 422 } : { body: { id: made++ } }) : { status: 204 },
  );
  const one = await makeRepos();
  expect((await one.object.configure({ ...one.config, values: { repo: "two" } }, "updated")).attention).toEqual([]);
  expect(linesOf(refusesSecond)).toEqual(["POST /one/hooks", "POST /two/hooks", "DELETE /one/hooks/0", "POST /two/hooks"]);
  vi.restoreAllMocks();

  const calls = fakeHooks();
  const both = await makeRepos(REPOS.replace("/{{ input.repo }}/hooks/{{ subscription.id }}", "/hooks?url={{ hook.url }}"));
  await both.object.configure({ ...both.config, values: { repo: "two" } }, "updated");
  expect(linesOf(calls)).toEqual(["POST /one/hooks", "DELETE /hooks", "POST /two/hooks"]);
});

test("one that cannot be begun, since the app cannot be reached, is asked for once, and the former is ended", async () => {
  let isDown = false;
  const calls = fakeOutside(({ method }) => (isDown ? { status: 503 } : method === "POST" ? { body: { id: 1 } } : { status: 204 }));
  const { object, config } = await makeRepos();
  isDown = true;
  const { attention } = await object.configure({ ...config, values: { repo: "two" } }, "updated");
  expect(attention).toMatchObject([{ code: "subscribe_failed" }]);
  expect(linesOf(calls)).toEqual(["POST /one/hooks", "POST /two/hooks", "DELETE /one/hooks/1"]);
  isDown = false;
  passes(6);
  await runDurableObjectAlarm(object);
  expect(linesOf(calls).slice(3)).toEqual(["DELETE /one/hooks/1", "POST /two/hooks"]);
  expect((await object.describe()).attention).toEqual([]);
});

test("a version without the block, and without its app, ends the subscription", async () => {
  const calls = fakeHooks();
  const { object, config } = await makeRepos();
  const { flow } = makeConfig("blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: v, value: 1 }] }]");
  await object.configure({ ...config, version: 2, flow, apps: {}, accounts: {} }, "upgraded");
  expect(linesOf(calls)).toEqual(["POST /one/hooks", "DELETE /one/hooks/0"]);
});

test("an app that cannot be reached is asked to end a subscription until it does, for a day", async () => {
  let status = 503;
  const calls = fakeHooks(() => status);
  const { object, config } = await makeRepos();
  await object.configure({ ...config, enabled: false }, "disabled");
  await object.configure({ ...config, values: { repo: "two" } }, "enabled");
  const DELETE = "DELETE /one/hooks/0";
  expect(linesOf(calls)).toEqual(["POST /one/hooks", DELETE, "POST /two/hooks"]);
  passes(6);
  await runDurableObjectAlarm(object);
  expect(linesOf(calls).slice(3)).toEqual([DELETE]);
  status = 204;
  passes(6);
  await runDurableObjectAlarm(object);
  passes(24 * 60);
  await runDurableObjectAlarm(object);
  expect(linesOf(calls).slice(3)).toEqual([DELETE, DELETE]);
});

test("an app that could not be reached is soon asked again to begin one", async () => {
  let isDown = true;
  const calls = fakeOutside(() => (isDown ? { status: 503 } : { body: { id: 7 } }));
  const { object, state } = await makeRepos();
  expect(state.attention).toMatchObject([{ code: "subscribe_failed" }]);
  isDown = false;
  passes(6);
  await runDurableObjectAlarm(object);
  expect(linesOf(calls)).toEqual(["POST /one/hooks", "POST /one/hooks"]);
  expect((await object.describe()).attention).toEqual([]);
});
