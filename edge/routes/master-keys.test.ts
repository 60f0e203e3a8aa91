import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../app.ts";
import type { Env } from "../env.ts";
import { isTransient } from "../http/is-transient.ts";
import { createWorkspaceKey, masterKeyIdOf, openText, openWorkspaceKey, sealText } from "../security/seal.ts";

/** The tests' deployment is in the middle of a rotation: it has the newest key and an older one. */
const [newKey = "", oldKey = ""] = env.INLAY_MASTER_KEY.split(",");
const OLD = { INLAY_MASTER_KEY: oldKey };
const BOTH = { INLAY_MASTER_KEY: env.INLAY_MASTER_KEY };
const NEW = { INLAY_MASTER_KEY: newKey };
const GONE = { INLAY_MASTER_KEY: `kc:${btoa("c".repeat(32))}` };
const MANY = 130;
const owner = { owner: "acc_1", field: "token" };

/** The deployment as it is configured with `settings`. */
async function ask(settings: Partial<Env>, method: string, path: string, token = env.INLAY_BOOTSTRAP_TOKEN) {
  const context = createExecutionContext();
  const request = new Request(`http://edge.test${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const response = await app.fetch(request, { ...env, ...settings }, context);
  const body = (await response.json()) as Record<string, never>;
  await waitOnExecutionContext(context);
  return { status: response.status, body };
}
const dekOf = async (id: string) =>
  (await env.DB.prepare("SELECT dek FROM workspaces WHERE id = ?").bind(id).first<{ dek: string }>())?.dek ?? "";
const rotate = (settings: Partial<Env>) => ask(settings, "POST", "/v1/workspaces/keys/rotate");

/** What each workspace has sealed, before anything is rotated. */
let sealed: Map<string, string>;
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM workspaces").run();
  sealed = new Map();
  const rows = await Promise.all(
    Array.from({ length: MANY }, async (_, i) => {
      const id = `ws_rotate${i}`;
      const dek = await createWorkspaceKey(OLD, id);
      sealed.set(id, await sealText(await openWorkspaceKey(OLD, id, dek), owner, `secret of ${id}`));
      return env.DB.prepare("INSERT INTO workspaces (id, name, dek, created_at) VALUES (?, 'x', ?, 0)").bind(id, dek);
    }),
  );
  await env.DB.batch(rows);
});
/** Every workspace's secret opens, as it would at its next use. */
async function expectAllOpen(settings: { INLAY_MASTER_KEY: string }) {
  for (const [id, text] of sealed)
    expect(await openText(await openWorkspaceKey(settings, id, await dekOf(id)), owner, text)).toBe(`secret of ${id}`);
}

describe("rotation of the master key", () => {
  it("wraps every workspace's key anew, while all that is sealed stays readable, and then needs the old key no more", async () => {
    expect((await ask(BOTH, "GET", "/v1/workspaces/keys")).body).toEqual({
      newest: "k1",
      keys: [
        { id: "k1", setting: "INLAY_MASTER_KEY", workspaces: 0 },
        { id: "k0", setting: "INLAY_MASTER_KEY", workspaces: MANY },
      ],
      missing: [],
    });
    const left: number[] = [];
    for (let i = 0; i < 10 && left.at(-1) !== 0; i++) {
      const { status, body } = await rotate(BOTH);
      expect(status).toBe(200);
      left.push(body.left ?? -1);
      await expectAllOpen(BOTH);
    }
    expect(left).toEqual([30, 0]);
    await expectAllOpen(NEW);
    expect((await ask(NEW, "GET", "/v1/workspaces/keys")).body).toMatchObject({ newest: "k1", missing: [] });
    expect((await rotate(NEW)).body).toEqual({ newest: "k1", rewrapped: 0, left: 0 });
  });

  it("opens everything for those who read meanwhile, and disturbs nobody who rotates at the same time", async () => {
    const reading = (async () => {
      for (let i = 0; i < 150; i++) {
        const id = `ws_rotate${(i * 7) % MANY}`;
        const text = await openText(await openWorkspaceKey(BOTH, id, await dekOf(id)), owner, sealed.get(id) ?? "");
        expect(text).toBe(`secret of ${id}`);
      }
    })();
    const answers = await Promise.all([rotate(BOTH), rotate(BOTH), rotate(BOTH)]);
    await reading;
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    while ((await rotate(BOTH)).body.left);
    await expectAllOpen(NEW);
  });

  it("refuses in words where a workspace needs a key that is not there, and changes nothing", async () => {
    const lost = await createWorkspaceKey(GONE, "ws_rotate0");
    await env.DB.prepare("UPDATE workspaces SET dek = ? WHERE id = 'ws_rotate0'").bind(lost).run();
    const { status, body } = await rotate(BOTH);
    expect({ status, detail: body.detail }).toEqual({
      status: 409,
      detail: expect.stringMatching(/lacks the key “kc”.*ws_rotate0.*nothing was changed/),
    });
    expect(masterKeyIdOf(await dekOf("ws_rotate1"))).toBe("k0");
    expect((await ask(BOTH, "GET", "/v1/workspaces/keys")).body.missing).toEqual([{ id: "kc", workspaces: 1, first: "ws_rotate0" }]);
    expect((await rotate(NEW)).body.detail).toMatch(/“k[0c]”/);
  });

  it("is told in each workspace's audit log", async () => {
    await rotate(BOTH);
    const id = "ws_rotate0";
    await env.DB.prepare("UPDATE workspaces SET dek = ? WHERE id = ?")
      .bind(await createWorkspaceKey(env, id), id)
      .run();
    const [entry] = await env.AUDITS.getByName(id).list({ limit: 1 });
    expect(entry).toMatchObject({ action: "workspace.key_rotated", target: id });
    expect(JSON.parse(entry?.body ?? "{}")).toMatchObject({ actor: { type: "operator" }, before: "k0", after: "k1" });
  });

  it("answers 503, not a fault, where an older deployment meets a key that is new", async () => {
    while ((await rotate(BOTH)).body.left);
    const error = await openWorkspaceKey(OLD, "ws_rotate1", await dekOf("ws_rotate1")).catch((one: unknown) => one);
    expect(isTransient(error)).toBe(true);
  });
});
