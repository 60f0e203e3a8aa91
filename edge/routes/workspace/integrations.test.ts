import { beforeAll, describe, expect, it, vi } from "vitest";
import { makeMember } from "../../testing/member-client.ts";

let { api, asUser } = {} as Awaited<ReturnType<typeof makeMember>>;
let ada: Awaited<ReturnType<typeof asUser>>;
let bob: typeof ada;
const made: Record<string, string> = {};

const flow = (key: string, more = "") => `inlay: 1
key: ${key}
name: ${key}
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: greeting, type: text, label: Greeting${more} }
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: say, value: hello }
`;

beforeAll(async () => {
  ({ api, asUser } = await makeMember());
  for (const key of ["first", "second"]) {
    await api("POST", "flows", flow(key));
    await api("POST", `flows/${key}/versions`, {});
  }
  [ada, bob] = [await asUser("ada"), await asUser("bob")];
  const make = async (who: typeof ada, key: string, name: string) => {
    made[name] = (await who.call("POST", "/v1/integrations", { flow: key, name, accounts: {}, values: {} })).body.id;
  };
  await make(ada, "first", "a1");
  await make(ada, "second", "a2");
  await make(bob, "first", "b1");
});

const names = async (query: string) =>
  (await api("GET", `integrations?${query}`)).body.items.map(({ name }: { name: string }) => name).sort();

describe("members", () => {
  it("find integrations by flow, user and status, page by page", async () => {
    expect(await names("")).toEqual(["a1", "a2", "b1"]);
    expect(await names("flow=first")).toEqual(["a1", "b1"]);
    expect(await names(`user=${ada.user}`)).toEqual(["a1", "a2"]);
    expect(await names("user=ada")).toEqual(["a1", "a2"]);
    expect(await names("user=nobody")).toEqual([]);
    expect(await names("status=disabled")).toEqual([]);
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const page = (await api("GET", `integrations?limit=1${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...page.items.map(({ name }: { name: string }) => name));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen.sort()).toEqual(["a1", "a2", "b1"]);
  });

  it("see of each what ran last, and its tasks", async () => {
    const { run } = (await api("POST", `integrations/${made.b1}/blocks/go/run`, {})).body;
    const of = async (name: string) =>
      (await api("GET", "integrations")).body.items.find(({ id }: { id: string }) => id === made[name]) as {
        lastRun: unknown;
        tasks: number;
      };
    await vi.waitFor(async () => expect(await of("b1")).toMatchObject({ lastRun: { id: run, status: "succeeded" }, tasks: 0 }), 10_000);
    expect(await of("a1")).toMatchObject({ lastRun: null, tasks: 0 });
  });

  it("read one with whose it is, switch it off and on, and rename it; its user sees that", async () => {
    expect((await api("GET", `integrations/${made.a1}`)).body).toMatchObject({
      name: "a1",
      status: "enabled",
      user: { externalId: "ada" },
    });
    expect((await api("PATCH", `integrations/${made.a1}`, { enabled: false, name: "a1 off" })).body.status).toBe("disabled");
    expect(await names("status=disabled")).toEqual(["a1 off"]);
    expect((await ada.call("GET", `/v1/integrations/${made.a1}`)).body).toMatchObject({ name: "a1 off", status: "disabled" });
    expect((await api("POST", `integrations/${made.a1}/blocks/go/run`, {})).status).toBe(409);
    await api("PATCH", `integrations/${made.a1}`, { enabled: true });
    expect(await names("status=enabled")).toEqual(["a1 off", "a2", "b1"]);
  });

  it("change nothing that its user has filled in", async () => {
    await api("PATCH", `integrations/${made.a1}`, { values: { greeting: "changed" } });
    expect((await ada.call("GET", `/v1/integrations/${made.a1}`)).body.values.greeting).toBeUndefined();
  });

  it("run a block, and are told of one that is not there", async () => {
    const started = await api("POST", `integrations/${made.a2}/blocks/go/run`, {});
    expect([started.status, started.body.run]).toEqual([202, expect.stringMatching(/^run_/)]);
    expect((await api("POST", `integrations/${made.a2}/blocks/none/run`, {})).status).toBe(404);
  });

  it("upgrade one, where the newer form asks nothing more", async () => {
    await api("POST", "flows", flow("second", ", placeholder: Hi"));
    await api("POST", "flows/second/versions", {});
    expect((await api("POST", `integrations/${made.a2}/upgrade`, {})).body.version).toBe(2);
    await api("POST", "flows", flow("second", ", required: true"));
    await api("POST", "flows/second/versions", {});
    expect(await api("POST", `integrations/${made.a2}/upgrade`, {})).toMatchObject({ status: 422, body: { code: "invalid" } });
  });

  it("remove one for good", async () => {
    expect((await api("DELETE", `integrations/${made.b1}`)).status).toBe(204);
    expect((await api("GET", `integrations/${made.b1}`)).status).toBe(404);
    expect((await bob.call("GET", `/v1/integrations/${made.b1}`)).status).toBe(404);
  });

  it("find users by a part of what they are known by", async () => {
    const found = async (search: string) =>
      (await api("GET", `users?search=${encodeURIComponent(search)}`)).body.items.map(
        ({ externalId }: { externalId: string }) => externalId,
      );
    expect(await found("AD")).toEqual(["ada"]);
    expect(await found("nobody")).toEqual([]);
    expect(await found("100%_")).toEqual([]);
    expect((await api("GET", "users/ada")).body).toMatchObject({ id: ada.user, externalId: "ada" });
    expect((await api("GET", "users/usr_none")).status).toBe(404);
  });
});
