import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { BIN_LIFE } from "../../db/flow-bin.ts";
import { sweep } from "../../http/sweep.ts";
import { makeMember } from "../../testing/member-client.ts";

let { api, asUser } = {} as Awaited<ReturnType<typeof makeMember>>;
beforeAll(async () => {
  ({ api, asUser } = await makeMember());
});

const flow = (key: string) => `# Kept
inlay: 1
key: ${key}
name: Hello
blocks:
  - key: nightly
    name: Nightly
    trigger: { schedule: { cron: "0 3 * * *" } }
    steps: [{ key: say, value: hello }]
`;
const publish = async (key: string) => {
  await api("POST", "flows", flow(key));
  await api("POST", `flows/${key}/versions`, {});
};

describe("a copy of a flow", () => {
  it("keeps the file with its schedules and comments under another key and name, and is not published", async () => {
    await publish("first");
    expect(await api("POST", "flows/first/fork", {})).toMatchObject({ status: 201, body: { key: "first-copy" } });
    expect(await api("POST", "flows/first/clone", {})).toMatchObject({ status: 201, body: { key: "first-copy-2" } });
    expect((await api("GET", "flows/first-copy/file")).body).toBe(flow("first-copy").replace("Hello", "Hello (copy)"));
    expect((await api("GET", "flows/first-copy")).body).toMatchObject({ version: null, forkedFrom: "first@1" });
    expect((await api("GET", "flows/first-copy-2")).body).toMatchObject({ version: null, forkedFrom: null });
    expect(await api("POST", "flows/first/clone", { key: "mine", name: "Mine: own" })).toMatchObject({ body: { key: "mine" } });
    expect((await api("GET", "flows/mine")).body.name).toBe("Mine: own");
    expect(await api("POST", "flows/first/clone", { key: "mine" })).toMatchObject({ status: 409, body: { code: "already_exists" } });
  });

  it("uses the accounts of the workspace that were asked for, and refuses one for a slot of users", async () => {
    const accounts = "accounts:\n  crm: { app: crm, owner: workspace }\n  mail: { app: mail }\n";
    const app = (key: string) =>
      `inlay: 1\nkey: ${key}\nname: ${key}\nbaseUrl: https://${key}.example\nauth: [{ key: none, type: none }]\nqueries: {}\n`;
    for (const key of ["crm", "mail"]) await api("POST", "apps", app(key));
    expect(await api("POST", "flows", `${flow("owned")}${accounts}`)).toMatchObject({ status: 200 });
    expect(await api("POST", "flows/owned/clone", { key: "other", accounts: { crm: "second" } })).toMatchObject({ status: 201 });
    expect((await api("GET", "flows/other/file")).body).toContain("crm: { account: second, app: crm, owner: workspace }");
    expect(await api("POST", "flows/owned/clone", { accounts: { mail: "second" } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "accounts.mail" }] },
    });
  });
});

describe("the recycle bin", () => {
  it("takes a flow whose name was typed, switches its integrations off, and brings both back", async () => {
    await publish("gone");
    const ada = await asUser("ada");
    const { id } = (await ada.call("POST", "/v1/integrations", { flow: "gone" })).body;
    expect((await api("GET", "flows?search=gone")).body.items).toMatchObject([{ integrations: 1, enabled: 1, attention: 0 }]);
    await env.DB.prepare("UPDATE integrations SET attention = '[{}]' WHERE id = ?").bind(id).run();
    expect((await api("GET", "flows?health=attention")).body.items).toMatchObject([{ key: "gone", attention: 1 }]);
    expect((await api("GET", "flows?health=ok")).body.items.some(({ key }: { key: string }) => key === "gone")).toBe(false);
    const off = (await ada.call("POST", "/v1/integrations", { flow: "gone", enable: false })).body.id;
    expect((await api("GET", "flows/gone/fallout")).body).toMatchObject({ integrations: 2, enabled: 1, users: 1, versions: 1 });
    expect(await api("DELETE", "flows/gone")).toMatchObject({ status: 422 });
    expect(await api("DELETE", "flows/gone?confirm=Hello")).toMatchObject({ status: 204 });
    expect((await ada.call("GET", `/v1/integrations/${id}`)).body.status).toBe("disabled");
    expect(await ada.call("PATCH", `/v1/integrations/${id}`, { enabled: true })).toMatchObject({ status: 410 });
    expect(await api("GET", "flows/gone")).toMatchObject({ status: 404 });
    expect(await api("POST", "flows", flow("gone"))).toMatchObject({ status: 409 });
    expect((await api("GET", "bin")).body.items).toMatchObject([{ key: "gone", integrations: 2 }]);
    expect(await api("POST", "bin/gone/restore")).toMatchObject({ status: 200, body: { published: 1 } });
    expect((await ada.call("GET", `/v1/integrations/${id}`)).body.status).toBe("enabled");
    expect((await ada.call("GET", `/v1/integrations/${off}`)).body.status).toBe("disabled");
    expect((await api("GET", "bin")).body.items).toEqual([]);
  });

  it("lets go for good what is sent away, and what has been in it for 30 days", async () => {
    await publish("away");
    await publish("old");
    const ada = await asUser("ada");
    const { id } = (await ada.call("POST", "/v1/integrations", { flow: "away" })).body;
    await api("DELETE", "flows/away?confirm=Hello");
    await api("DELETE", "flows/old?confirm=Hello");
    expect(await api("DELETE", "bin/away")).toMatchObject({ status: 422 });
    expect(await api("DELETE", "bin/away?confirm=Hello")).toMatchObject({ status: 204 });
    expect(await ada.call("GET", `/v1/integrations/${id}`)).toMatchObject({ status: 404 });
    expect((await api("GET", "bin")).body.items).toMatchObject([{ key: "old" }]);
    await sweep(env, Date.now() + BIN_LIFE - 60_000);
    expect((await api("GET", "bin")).body.items).toHaveLength(1);
    await sweep(env, Date.now() + BIN_LIFE + 60_000);
    expect((await api("GET", "bin")).body.items).toEqual([]);
    expect(await api("POST", "flows", flow("old"))).toMatchObject({ status: 200 });
  });
});
