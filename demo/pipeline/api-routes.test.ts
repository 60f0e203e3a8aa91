import { afterEach, expect, test } from "vitest";
import { readJson } from "../testing/read-json.ts";
import type { Contact } from "./contact.ts";
import { type PipelineFixture, pipelineFixture } from "./testing/pipeline-fixture.ts";

interface ContactPage {
  contacts: Contact[];
  next_cursor: string | null;
}

let pipeline: PipelineFixture | undefined;
const start = async (...options: Parameters<typeof pipelineFixture>) => {
  pipeline = await pipelineFixture(...options);
  return pipeline;
};
afterEach(() => pipeline?.close());

const patch = (changes: unknown, key?: string): RequestInit => ({
  method: "PATCH",
  body: JSON.stringify(changes),
  headers: key ? { "Idempotency-Key": key } : {},
});

test("pages through every contact once, oldest change first", async () => {
  const { api } = await start({ requestsPerSecond: 1000 });
  const seen: Contact[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: ContactPage = await readJson(api(`/contacts?limit=100&cursor=${cursor}`));
    seen.push(...page.contacts);
    cursor = page.next_cursor;
  }
  expect(seen.length).toBeGreaterThan(500);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  expect(seen.map(({ updated_at }) => updated_at)).toEqual(seen.map(({ updated_at }) => updated_at).toSorted());
  expect(seen.filter(({ email }) => email === null)).toEqual([]);
  expect(new Set(seen.flatMap(({ tags }) => tags))).toEqual(new Set(["vip", "partner", "lead", "newsletter", "customer", "event 2026"]));
});

test("filters by time of change and by tag, and says which parameter is wrong", async () => {
  const { api } = await start();
  await api("/contacts/c_7", patch({ phone: "+49 30 1" }));
  const since = new Date(Date.now() - 60_000).toISOString();
  const recent = await readJson<ContactPage>(api(`/contacts?updated_after=${since}`));
  expect(recent.contacts.map(({ id }) => id)).toEqual(["c_7"]);
  const vips = await readJson<ContactPage>(api("/contacts?tag=vip&limit=10"));
  expect(vips.contacts.every(({ tags }) => tags.includes("vip"))).toBe(true);
  for (const [query, error] of [
    ["limit=0", "invalid_limit"],
    ["limit=ten", "invalid_limit"],
    ["cursor=!!", "invalid_cursor"],
    ["updated_after=yesterday", "invalid_updated_after"],
  ]) {
    const answer = await api(`/contacts?${query}`);
    expect(answer.status).toBe(400);
    expect((await readJson<{ error: string }>(answer)).error).toBe(error);
  }
});

test("the companies do not see each other's contacts", async () => {
  const { api, connect } = await start();
  const { access_token } = await connect("grace");
  expect((await api("/contacts/c_1")).status).toBe(200);
  expect((await api("/contacts/c_1", {}, access_token)).status).toBe(404);
  expect((await api("/contacts/c_1", patch({ name: "Mine now" }), access_token)).status).toBe(404);
  const { contacts } = await readJson<ContactPage>(api("/contacts", {}, access_token));
  expect(contacts[0]?.id).toBe("c_5001");
});

test("lists tags that contain a text, and the fields with the custom ones", async () => {
  const { api } = await start();
  const { tags } = await readJson<{ tags: { name: string }[] }>(api("/tags?q=e"));
  expect(tags.map(({ name }) => name)).toEqual(
    ["customer", "event 2026", "lead", "newsletter", "partner"].filter((name) => name.includes("e")),
  );
  const { fields } = await readJson<{ fields: unknown[] }>(api("/fields"));
  expect(fields).toContainEqual({ key: "birthday", name: "Birthday", type: "date", example: "1985-12-10" });
});

test("changes a contact once for one Idempotency-Key and refuses the key for another request", async () => {
  const { api } = await start();
  const first = await (await api("/contacts/c_2", patch({ name: "Alan Turing" }, "k1"))).json();
  expect(first).toMatchObject({ first_name: "Alan", last_name: "Turing" });
  await api("/contacts/c_2", patch({ name: "Someone Else" }));
  const replay = await api("/contacts/c_2", patch({ name: "Alan Turing" }, "k1"));
  expect(replay.headers.get("Idempotent-Replayed")).toBe("true");
  expect(await replay.json()).toEqual(first);
  expect((await readJson<Contact>(api("/contacts/c_2"))).name).toBe("Someone Else");
  expect((await api("/contacts/c_2", patch({ name: "Third" }, "k1"))).status).toBe(422);
});

test("names every field that is wrong and changes none of them", async () => {
  const { api } = await start();
  const answer = await api("/contacts/c_3", patch({ name: "", email: "nowhere", tags: "vip", shoe: 44, city: "Rome" }));
  expect(answer.status).toBe(400);
  expect((await readJson<{ errors: { field: string }[] }>(answer)).errors.map(({ field }) => field).toSorted()).toEqual([
    "email",
    "name",
    "shoe",
    "tags",
  ]);
  expect((await readJson<Contact>(api("/contacts/c_3"))).city).not.toBe("Rome");
});

test("answers 409 for an address that another contact has", async () => {
  const { api } = await start();
  const { email } = await readJson<Contact>(api("/contacts/c_4"));
  expect((await api("/contacts/c_5", patch({ email: email?.toUpperCase() }))).status).toBe(409);
});

test("answers 429 with Retry-After when the bucket is empty, and lets in again after it", async () => {
  let clock = 0;
  const { api } = await start({ now: () => clock });
  const statuses = (await Promise.all(Array.from({ length: 25 }, () => api("/me")))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  const refused = await api("/me");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("Retry-After")).toBe("1");
  clock += 1000;
  expect((await api("/me")).status).toBe(200);
});

test("asks for a token and tells where one is", async () => {
  const { url } = await start();
  const answer = await fetch(`${url}/v1/me`);
  expect(answer.status).toBe(401);
  expect((await readJson<{ message: string }>(answer)).message).toContain("Settings → API");
});
