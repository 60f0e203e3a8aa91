import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeProvider } from "../../testing/fake-provider.ts";
import { makeMember } from "../../testing/member-client.ts";
import { AGAIN } from "./deliver.ts";
import type { News } from "./rpc.ts";

let member: Awaited<ReturnType<typeof makeMember>>;
beforeEach(async () => {
  member = await makeMember();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const notices = () => env.NOTICES.getByName(member.ws.id);
const news = (about: string): News => ({
  ...{ type: "account.expired", about, message: "Connect Crm again." },
  subject: { account: about, app: "crm", label: "North", owner: "user", user: "usr_1" },
});
const add = async (more: object = {}) =>
  (await member.api("POST", "notifications/webhooks", { url: "https://ops.example/in", ...more })).body;
const webhooks = async () => (await member.api("GET", "notifications/webhooks")).body.items;
const list = async (query = "") => (await member.api("GET", `notifications${query}`)).body;
/** Sends what is due, as the alarm does. */
const alarm = () => runDurableObjectAlarm(notices());
/** Lets `ms` pass for the object's deliveries. */
const pass = (ms: number) =>
  runInDurableObject(notices(), (_, { storage }) => storage.sql.exec("UPDATE delivery SET due = due - ? WHERE due IS NOT NULL", ms));

describe("members are told", () => {
  it("once, however often the same is said", async () => {
    for (let i = 0; i < 3; i++) await notices().tell(news("acc_1"));
    await notices().tell(news("acc_2"));
    const { items, unread } = await list();
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ type: "account.expired", message: "Connect Crm again.", read: false, resolvedAt: null });
    expect(unread).toBe(2);
  });

  it("again, where it had been mended in between", async () => {
    const restored: News = { ...news("acc_1"), type: "account.restored", message: "Connected again." };
    await notices().settle("acc_1", restored);
    expect((await list()).items).toEqual([]);
    await notices().tell(news("acc_1"));
    await notices().settle("acc_1", restored);
    await notices().tell(news("acc_1"));
    const { items } = await list();
    expect(items.map(({ type, resolvedAt }: { type: string; resolvedAt: string | null }) => [type, resolvedAt === null])).toEqual([
      ["account.expired", true],
      ["account.restored", false],
      ["account.expired", false],
    ]);
  });

  it("each for themselves: what one has read is new to another", async () => {
    await notices().tell(news("acc_1"));
    await notices().tell(news("acc_2"));
    const oldest = (await list()).items[1].id;
    expect((await member.api("POST", "notifications/read", { through: oldest })).status).toBe(204);
    expect(await list()).toMatchObject({ unread: 1, items: [{ read: false }, { read: true }] });
    expect((await list("?unread=true")).items).toHaveLength(1);
    expect((await member.api("POST", "notifications/read", { through: "" })).status).toBe(204);
    await member.api("POST", "notifications/read", {});
    await member.api("POST", "notifications/read", { through: oldest });
    expect((await list()).unread).toBe(0);
    expect(await notices().list("mem_other", { limit: 10 })).toMatchObject({ unread: 2 });
  });

  it("page by page, without a gap while more come", async () => {
    for (let i = 0; i < 5; i++) await notices().tell(news(`acc_${i}`));
    const first = await list("?limit=2");
    await notices().tell(news("acc_9"));
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    const accounts = [...first.items, ...second.items].map(({ subject }: { subject: { account: string } }) => subject.account);
    expect(accounts).toEqual(["acc_4", "acc_3", "acc_2", "acc_1"]);
    expect((await member.api("GET", "notifications?cursor=bm9uZQ")).status).toBe(400);
  });
});

describe("a webhook for notifications", () => {
  it("is sent what it wants, signed so that the library of Standard Webhooks agrees", async () => {
    const { secret } = await add();
    await add({ url: "https://other.example/", types: ["account.restored"] });
    const seen = fakeProvider(() => new Response(null, { status: 204 }));
    await notices().tell(news("acc_1"));
    await alarm();
    expect(seen.map(({ url }) => url)).toEqual(["https://ops.example/in"]);
    const [call] = seen;
    const headers = Object.fromEntries(call?.headers ?? []);
    const sent = new Webhook(secret).verify(call?.body ?? "", headers) as { type: string; data: object };
    const [notice] = (await list()).items;
    expect(sent).toMatchObject({ type: "account.expired", timestamp: notice.at, data: { id: notice.id, subject: { account: "acc_1" } } });
    expect(headers["webhook-id"]).toBe(notice.id);
    expect(() => new Webhook(secret).verify(`${call?.body} `, headers)).toThrow();
    expect((await webhooks())[0].lastDelivery).toMatchObject({ ok: true, status: 204, attempts: 1, nextAt: null });
  });

  it("that fails is tried again with the same id, then given up, and members are told", async () => {
    await add();
    const seen = fakeProvider(() => new Response("no", { status: 500 }));
    await notices().tell(news("acc_1"));
    await alarm();
    expect((await webhooks())[0].lastDelivery).toMatchObject({ ok: false, status: 500, attempts: 1, nextAt: expect.any(String) });
    for (const wait of AGAIN) {
      await pass(wait);
      await alarm();
    }
    expect(seen).toHaveLength(AGAIN.length + 1);
    expect(new Set(seen.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
    expect(await webhooks()).toMatchObject([{ enabled: false, reason: "The receiver answered 500." }]);
    expect((await list()).items[0]).toMatchObject({ type: "webhook.stopped", message: expect.stringContaining("ops.example") });
    const id = (await webhooks())[0].id;
    expect((await member.api("PATCH", `notifications/webhooks/${id}`, { enabled: true })).body).toMatchObject({
      enabled: true,
      reason: null,
    });
    expect((await list()).items[0].resolvedAt).not.toBeNull();
  });

  it("that is gone (410) is asked no more, and one that redirects is not followed", async () => {
    await add();
    await add({ url: "https://moved.example/" });
    const seen = fakeProvider(({ url }) =>
      url.startsWith("https://ops") ? new Response(null, { status: 410 }) : Response.redirect("https://elsewhere.example/", 307),
    );
    await notices().tell(news("acc_1"));
    await alarm();
    expect(seen.map(({ url }) => new URL(url).host).sort()).toEqual(["moved.example", "ops.example"]);
    const [gone, moved] = await webhooks();
    expect(gone).toMatchObject({ enabled: false, lastDelivery: { status: 410, nextAt: null } });
    expect(moved.lastDelivery).toMatchObject({ ok: false, status: 307, message: expect.stringContaining("redirects") });
  });

  it.each([
    "http://ops.example/",
    "https://127.0.0.1/",
    "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/",
    "https://user:word@ops.example/",
    "http://edge.test/v1/flows",
    "javascript:alert(1)",
    "https://ops.example:22/",
  ])("is not at %s", async (url) => {
    const refused = await member.api("POST", "notifications/webhooks", { url });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "url", message: expect.any(String) }] } });
  });

  it("can be tried, and says what came back", async () => {
    const { id } = await add();
    const seen = fakeProvider(() => new Response(null, { status: 404 }));
    const tried = await member.api("POST", `notifications/webhooks/${id}/test`);
    expect(tried.body).toMatchObject({ ok: false, status: 404, message: "The receiver answered 404." });
    expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ type: "test" });
    expect((await list()).items).toEqual([]);
  });

  it("shows its secret once, keeps it sealed, and is gone when it is removed", async () => {
    const { id, secret } = await add();
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(JSON.stringify(await webhooks())).not.toContain("whsec_");
    const rows = await runInDurableObject(notices(), (_, { storage }) => storage.sql.exec("SELECT * FROM webhook").toArray());
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
    await notices().tell(news("acc_1"));
    expect((await member.api("DELETE", `notifications/webhooks/${id}`)).status).toBe(204);
    const seen = fakeProvider(() => new Response(null, { status: 204 }));
    await alarm();
    expect(seen).toEqual([]);
    expect(await webhooks()).toEqual([]);
  });

  it("has nine neighbours at most", async () => {
    for (let i = 0; i < 10; i++) expect((await add({ url: `https://ops.example/${i}` })).id).toMatch(/^nwh_/);
    expect(await member.api("POST", "notifications/webhooks", { url: "https://ops.example/" })).toMatchObject({ status: 409 });
  });
});
