import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { makeWorkspace } from "../../testing/test-workspace.ts";
import type { AuditChange } from "./rpc.ts";

let id: string;
const log = () => env.AUDITS.getByName(id);
const from = { address: null, agent: null, request: null };
const change = (action: string, more: Partial<AuditChange> = {}): AuditChange => ({
  actor: { type: "token", id: "tok_1", name: "CI" },
  ...{ action, target: "t", from },
  ...more,
});
/** What somebody with the database in hand does: past the triggers. */
const tamper = (...statements: string[]) =>
  runInDurableObject(log(), (_, state) => {
    for (const one of ["DROP TRIGGER entry_stays", "DROP TRIGGER entry_remains", ...statements]) state.storage.sql.exec(one);
  });

beforeEach(async () => {
  ({ id } = await makeWorkspace());
  await log().append(id, [
    change("a.one"),
    change("b.two", { after: { name: "x" } }),
    change("a.three", { actor: { type: "user", id: "usr_1", name: "ada" } }),
  ]);
});

describe("an audit log", () => {
  it("holds as it was written", async () => {
    const check = await log().verify(id, 0, 100);
    expect(check).toMatchObject({ ok: true, checked: 3, next: null, head: { seq: 3 } });
    expect(check.broken).toBeUndefined();
  });

  it("is not forked by fifty that write at once", async () => {
    const numbers = await Promise.all(Array.from({ length: 50 }, (_, i) => log().append(id, [change(`c.${i}`)])));
    expect(new Set(numbers).size).toBe(50);
    expect(Math.max(...numbers)).toBe(53);
    expect(await log().verify(id, 0, 100)).toMatchObject({ ok: true, checked: 53 });
  });

  it("refuses to change or delete an entry", async () => {
    const attempt = (sql: string) =>
      runInDurableObject(log(), (_, state) => expect(() => state.storage.sql.exec(sql)).toThrow(/only grows/));
    await attempt("UPDATE entry SET action = 'x' WHERE seq = 2");
    await attempt("DELETE FROM entry WHERE seq = 2");
    await attempt("DELETE FROM entry");
  });

  it.each([
    ["its action", "UPDATE entry SET action = 'b.none' WHERE seq = 2"],
    ["its time", "UPDATE entry SET at = at - 1 WHERE seq = 2"],
    ["whose it was", "UPDATE entry SET actor = 'usr_9' WHERE seq = 2"],
    ["what it says", `UPDATE entry SET body = replace(body, '"x"', '"y"') WHERE seq = 2`],
    ["its code", "UPDATE entry SET mac = (SELECT mac FROM entry WHERE seq = 1) WHERE seq = 2"],
  ])("names the entry of which somebody changed %s", async (_, sql) => {
    await tamper(sql);
    expect(await log().verify(id, 0, 100)).toMatchObject({ ok: false, checked: 1, broken: { seq: 2, reason: "changed" } });
    expect(await log().verify(id, 1, 100)).toMatchObject({ ok: false, broken: { seq: 2 } });
  });

  it("names an entry that was taken out, also where the others have moved up", async () => {
    await tamper("DELETE FROM entry WHERE seq = 2");
    expect(await log().verify(id, 0, 100)).toMatchObject({ ok: false, broken: { seq: 2, reason: "missing" } });
    await runInDurableObject(log(), (_, state) => state.storage.sql.exec("UPDATE entry SET seq = 2 WHERE seq = 3"));
    expect(await log().verify(id, 0, 100)).toMatchObject({ ok: false, broken: { seq: 2, reason: "changed" } });
  });

  it("does not hold under the key of another workspace", async () => {
    const other = await makeWorkspace();
    expect(await log().verify(other.id, 0, 100)).toMatchObject({ ok: false, broken: { seq: 1 } });
  });

  it("is checked page by page", async () => {
    const first = await log().verify(id, 0, 2);
    expect(first).toMatchObject({ ok: true, checked: 2, next: 2 });
    expect(await log().verify(id, first.next ?? 0, 2)).toMatchObject({ ok: true, checked: 1, next: null, head: { seq: 3 } });
    expect(await log().verify(id, 9, 2)).toMatchObject({ ok: false, broken: { seq: 9, reason: "missing" } });
  });

  it("is listed newest first, filtered and in pages", async () => {
    const numbers = async (filter: object) => (await log().list({ limit: 10, ...filter })).map(({ seq }) => seq);
    expect(await numbers({})).toEqual([3, 2, 1]);
    expect(await numbers({ action: "a." })).toEqual([3, 1]);
    expect(await numbers({ action: "a.one" })).toEqual([1]);
    expect(await numbers({ actor: "usr_1" })).toEqual([3]);
    expect(await numbers({ target: "other" })).toEqual([]);
    expect(await numbers({ limit: 1, below: 3 })).toEqual([2]);
    expect(await numbers({ from: Date.now() + 1_000 })).toEqual([]);
    expect(await numbers({ to: Date.now() + 1_000 })).toHaveLength(3);
  });
});
