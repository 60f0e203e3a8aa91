import { env, exports } from "cloudflare:workers";
import { exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { Run } from "../../../shared/api/run.ts";
import { createApiToken } from "../../db/tokens.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";
import { BATCHES_KEPT } from "./ledger-store.ts";

let ws: TestWorkspace;
let ada: string;
let grace: string;
beforeAll(async () => {
  ws = await makeWorkspace();
  [ada, grace] = [await ws.user("ada"), await ws.user("grace")];
});

const run = (id: string, status: Run["status"], more: Partial<Run> = {}): Run => ({
  ...{ id, integration: `int_${id.split("_")[1]}`, flow: "copy", version: 1, block: "go", trigger: { type: "manual" }, status, tasks: 0 },
  ...{ acceptedAt: "2026-01-01T00:00:00.000Z", startedAt: null, endedAt: null },
  ...more,
});
const ledger = () => env.LEDGERS.getByName(ws.id);
const publish = (user: string | null, ...runs: Run[]) =>
  ledger().publish(runs.map((one) => ({ user, message: { type: "run", run: one } })));

async function publicJwk(): Promise<object> {
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { kty, crv, x, y };
}

interface Event {
  id: string;
  event: string;
  data: { run?: Run };
}

/** Opens the stream over HTTP. `next` resolves with the next event; it never resolves where none comes. */
async function open(sub: string, { lastEventId, life }: { lastEventId?: string; life?: number } = {}) {
  const token = await ws.token({ sub, ...(life === undefined ? {} : { life }) });
  return openAs(token, "/v1/stream", lastEventId);
}

async function openAs(token: string, path: string, lastEventId?: string) {
  const response = await exports.default.fetch(
    new Request(`http://edge.test${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) },
    }),
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const block = async (): Promise<string | undefined> => {
    while (!text.includes("\n\n")) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf("\n\n");
    const found = text.slice(0, end);
    text = text.slice(end + 2);
    return found;
  };
  const next = async (): Promise<Event | undefined> => {
    for (let found = await block(); found !== undefined; found = await block()) {
      const lines = Object.fromEntries(
        found.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
      if (lines.data) return { id: lines.id ?? "", event: lines.event ?? "", data: JSON.parse(lines.data) };
    }
    return undefined;
  };
  return { response, opened: await block(), next, close: () => reader.cancel() };
}

describe("the live stream", () => {
  it("tells a user their own changes, in order, with ids that grow", async () => {
    const stream = await open("ada");
    expect(stream.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(stream.response.headers.get("access-control-allow-origin")).toBe("*");
    await publish(grace, run("run_g_1", "succeeded"));
    await publish(ada, run("run_a_1", "running"), run("run_a_1", "succeeded"));
    await ledger().publish([{ user: null, message: { type: "flow", flow: { key: "copy" } } }]);
    const [first, second, third] = [await stream.next(), await stream.next(), await stream.next()];
    expect([first?.event, first?.data.run?.id, first?.data.run?.status]).toEqual(["run", "run_a_1", "running"]);
    expect(second?.data.run?.status).toBe("succeeded");
    expect(third).toMatchObject({ event: "flow", data: { flow: { key: "copy" } } });
    expect(Number(second?.id)).toBeGreaterThan(Number(first?.id));
    await stream.close();
  });

  it("goes on where the reader had come to", async () => {
    const stream = await open("ada");
    await publish(ada, run("run_a_2", "running"));
    const last = (await stream.next())?.id ?? "";
    await stream.close();
    await publish(ada, run("run_a_2", "succeeded"), run("run_a_3", "queued"));
    await publish(grace, run("run_g_2", "queued"));
    const resumed = await open("ada", { lastEventId: last });
    expect(resumed.opened).toContain(`id: ${last}\n`);
    expect((await resumed.next())?.data.run).toMatchObject({ id: "run_a_2", status: "succeeded" });
    expect((await resumed.next())?.data.run).toMatchObject({ id: "run_a_3", status: "queued" });
    await resumed.close();
  });

  it("begins with what has happened since the reader began to read", async () => {
    await publish(ada, run("run_a_4", "running"));
    const { promise: later, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 300);
    await later;
    const began = Date.now();
    await publish(ada, run("run_a_4", "succeeded"));
    const token = await ws.token({ sub: "ada" });
    const stream = await openAs(token, `/v1/stream?age=${Date.now() - began + 50}`);
    expect((await stream.next())?.data.run).toMatchObject({ id: "run_a_4", status: "succeeded" });
    await stream.close();
    const last = await openAs(token, "/v1/stream?age=soon");
    await publish(ada, run("run_a_5", "queued"));
    expect((await last.next())?.data.run).toMatchObject({ id: "run_a_5" });
    await last.close();
  });

  it("begins anew for a reader that comes with an id of another time", async () => {
    const stream = await open("ada", { lastEventId: "999999999" });
    await publish(ada, run("run_a_9", "queued"));
    expect((await stream.next())?.data.run?.id).toBe("run_a_9");
    await stream.close();
  });

  it("says nothing twice when an outbox sends a run again", async () => {
    const stream = await open("ada");
    await publish(ada, run("run_a_4", "running"));
    await publish(ada, run("run_a_4", "running"));
    await publish(ada, run("run_a_5", "running"));
    expect([(await stream.next())?.data.run?.id, (await stream.next())?.data.run?.id]).toEqual(["run_a_4", "run_a_5"]);
    await stream.close();
  });

  it("tells what a run of a real integration does, at once", async () => {
    await ws.flow(
      "inlay: 1\nkey: live\nname: Live\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }]",
    );
    const authorization = `Bearer ${await ws.token({ sub: "ada" })}`;
    const post = (path: string, body: object) =>
      exports.default.fetch(
        new Request(`http://edge.test${path}`, {
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      );
    const stream = await open("ada");
    const { id } = (await (await post("/v1/integrations", { flow: "live" })).json()) as { id: string };
    expect(await stream.next()).toMatchObject({ event: "integration", data: { integration: { id, flow: "live", status: "enabled" } } });
    const started = Date.now();
    await post(`/v1/integrations/${id}/blocks/go/run`, {});
    let event = await stream.next();
    while (event?.data.run?.status !== "succeeded") event = await stream.next();
    expect(event.data.run.integration).toBe(id);
    expect(Date.now() - started).toBeLessThan(2_000);
    await stream.close();
  });

  it("tells members of all users' changes, and what kind of thing somebody has changed", async () => {
    const { token } = await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null });
    const [members, user] = [await openAs(token, "/v1/workspace/stream"), await open("ada")];
    await publish(grace, run("run_g_7", "queued"));
    expect((await members.next())?.data.run?.id).toBe("run_g_7");
    const made = await edgeClient(token)("POST", "/v1/workspace/folders", { name: "Sales" });
    expect(made.status).toBe(201);
    expect(await members.next()).toEqual({ id: "", event: "change", data: { change: { kind: "folder" } } });
    await publish(ada, run("run_a_7", "queued"));
    expect((await user.next())?.data.run?.id).toBe("run_a_7");
    await Promise.all([members.close(), user.close()]);
  });

  it("ends at once where an API token or a signing key is revoked; users go on listening where it is the token", async () => {
    const admin = await createApiToken(ws.db, ws.id, { name: "admin", scopes: ["admin"], expiresAt: null });
    const gone = await createApiToken(ws.db, ws.id, { name: "gone", scopes: ["read"], expiresAt: null });
    const as = edgeClient(admin.token);
    const [members, user] = [await openAs(gone.token, "/v1/workspace/stream"), await open("ada")];
    const { items } = (await as("GET", "/v1/workspace/tokens")).body as { items: { id: string; name: string }[] };
    expect((await as("DELETE", `/v1/workspace/tokens/${items.find(({ name }) => name === "gone")?.id}`)).status).toBe(204);
    let event = await members.next();
    while (event) event = await members.next();
    await publish(ada, run("run_a_8", "queued"));
    expect((await user.next())?.data.run?.id).toBe("run_a_8");
    await as("PUT", "/v1/workspace/keys/other", { alg: "ES256", publicJwk: await publicJwk() });
    expect((await as("DELETE", "/v1/workspace/keys/other")).status).toBe(204);
    expect(await user.next()).toBeUndefined();
  });

  it("ends with the token", async () => {
    const stream = await open("ada", { life: 1 });
    expect(await stream.next()).toBeUndefined();
  });

  it("keeps the last messages only", async () => {
    const own = env.LEDGERS.getByName("ledger-of-one-test");
    for (let i = 0; i < BATCHES_KEPT + 20; i++)
      await own.publish([{ user: ada, message: { type: "run" as const, run: run(`run_x_${i}`, "queued") } }]);
    const response = await own.fetch(
      new Request("https://ledger/stream", {
        headers: { "x-inlay-user": ada, "x-inlay-expires": String(Date.now() + 200), "last-event-id": "0" },
      }),
    );
    const text = await response.text();
    expect(text.match(/event: run/g)).toHaveLength(BATCHES_KEPT);
    expect(text).not.toContain('"run_x_19"');
  });
});

describe("the index of runs", () => {
  it("lists a workspace's runs, newest first, filtered and in pages", async () => {
    const own = env.LEDGERS.getByName("index-of-one-test");
    const now = Date.now();
    const day = (index: number) => new Date(now - (10 - index) * 86_400_000).toISOString();
    const entries = Array.from({ length: 5 }, (_, i) => ({
      user: i % 2 ? ada : grace,
      message: {
        type: "run" as const,
        run: run(`run_i_${i}`, i === 4 ? "failed" : "succeeded", { acceptedAt: day(i + 1) }),
      },
    }));
    await own.publish(entries);
    const ids = async (filter: object) => (await own.listRuns({ limit: 10, ...filter })).items.map(({ id }) => id);
    expect(await ids({})).toEqual(["run_i_4", "run_i_3", "run_i_2", "run_i_1", "run_i_0"]);
    expect(await ids({ user: ada })).toEqual(["run_i_3", "run_i_1"]);
    expect(await ids({ status: "failed" })).toEqual(["run_i_4"]);
    expect(await ids({ from: day(2), to: day(4) })).toEqual(["run_i_2", "run_i_1"]);
    const first = await own.listRuns({ limit: 2 });
    const [acceptedAt, id] = JSON.parse(first.nextCursor ?? "[]");
    expect(await ids({ limit: 10, after: { acceptedAt, id } })).toEqual(["run_i_2", "run_i_1", "run_i_0"]);
  });
});
