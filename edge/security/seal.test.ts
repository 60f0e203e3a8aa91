import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../db/new-id.ts";
import {
  createWorkspaceKey,
  listMasterKeys,
  type MasterKeySettings,
  masterKeyFault,
  masterKeyIdOf,
  openSecret,
  openText,
  openWorkspaceKey,
  rewrapWorkspaceKey,
  SealBrokenError,
  SettingMissingError,
  sealSecret,
  sealText,
} from "./seal.ts";

const K1 = `k1:${btoa("a".repeat(32))}`;
const K2 = `k2:${btoa("b".repeat(32))}`;
const old = { INLAY_MASTER_KEY: K1 };
const both = { INLAY_MASTER_KEY: `${K2}, ${K1}` };
const owner = { owner: "acc_1", field: "accessToken" };

const keyOf = async (workspace: string) => openWorkspaceKey(old, workspace, await createWorkspaceKey(old, workspace));

describe("a sealed text", () => {
  it("opens where it was made, and never looks the same twice", async () => {
    const key = await keyOf("ws_A");
    const [one, two] = [await sealText(key, owner, "s3cret ✓"), await sealText(key, owner, "s3cret ✓")];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v1\.[\w-]+\.[\w-]{16}\.[\w-]+$/);
    expect(one).not.toContain("s3cret");
    expect(await openText(key, owner, one)).toBe("s3cret ✓");
  });

  it("opens for no other owner, field or workspace", async () => {
    const key = await keyOf("ws_A");
    const sealed = await sealText(key, owner, "s3cret");
    await expect(openText(key, { ...owner, owner: "acc_2" }, sealed)).rejects.toThrow(SealBrokenError);
    await expect(openText(key, { ...owner, field: "refreshToken" }, sealed)).rejects.toThrow(SealBrokenError);
    await expect(openText({ ...key, workspace: "ws_B" }, owner, sealed)).rejects.toThrow(SealBrokenError);
    await expect(openText(await keyOf("ws_A"), owner, sealed)).rejects.toThrow(SealBrokenError);
  });

  it("does not open once any character of it is changed", async () => {
    const key = await keyOf("ws_A");
    const sealed = await sealText(key, owner, "s3cret");
    for (let i = 0; i < sealed.length - 1; i++) {
      const flipped = sealed.slice(0, i) + (sealed[i] === "A" ? "B" : "A") + sealed.slice(i + 1);
      await expect(openText(key, owner, flipped)).rejects.toThrow(SealBrokenError);
    }
  });
});

describe("a workspace's key", () => {
  it("cannot be moved to another workspace", async () => {
    const wrapped = await createWorkspaceKey(old, "ws_A");
    await expect(openWorkspaceKey(old, "ws_B", wrapped)).rejects.toThrow(SealBrokenError);
  });

  it("survives the rotation of the master key without new data", async () => {
    const wrapped = await createWorkspaceKey(old, "ws_A");
    const sealed = await sealText(await openWorkspaceKey(old, "ws_A", wrapped), owner, "s3cret");
    expect(await openText(await openWorkspaceKey(both, "ws_A", wrapped), owner, sealed)).toBe("s3cret");
    const rewrapped = await rewrapWorkspaceKey(both, "ws_A", wrapped);
    const onlyNew = { INLAY_MASTER_KEY: K2 };
    expect(await openText(await openWorkspaceKey(onlyNew, "ws_A", rewrapped), owner, sealed)).toBe("s3cret");
    await expect(openWorkspaceKey(onlyNew, "ws_A", wrapped)).rejects.toThrow(SettingMissingError);
  });
});

describe("the master key", () => {
  it.each([
    ["", /not set/],
    ["k1", /cannot be read/],
    [`k1:${btoa("short")}`, /cannot be read/],
    ["k1:%%%", /cannot be read/],
  ])("is named as missing or unreadable: “%s”", async (value, message) => {
    expect(masterKeyFault({ INLAY_MASTER_KEY: value })).toMatch(message);
    await expect(createWorkspaceKey({ INLAY_MASTER_KEY: value }, "ws_A")).rejects.toThrow(SettingMissingError);
  });

  it("may stand in settings of its own, the highest number newest, so that a rotation needs to know no older one", async () => {
    const wrapped = await createWorkspaceKey(old, "ws_A");
    const onlyNew: MasterKeySettings & Record<string, string> = { INLAY_MASTER_KEY_2: K2 };
    const added = { ...old, ...onlyNew };
    expect(listMasterKeys(added)).toEqual([
      { id: "k2", setting: "INLAY_MASTER_KEY_2" },
      { id: "k1", setting: "INLAY_MASTER_KEY" },
    ]);
    const rewrapped = await rewrapWorkspaceKey(added, "ws_A", wrapped);
    expect(masterKeyIdOf(rewrapped)).toBe("k2");
    expect((await openWorkspaceKey(onlyNew, "ws_A", rewrapped)).id).toBe((await openWorkspaceKey(old, "ws_A", wrapped)).id);
  });

  it("is refused where two have one id", () => {
    expect(masterKeyFault({ INLAY_MASTER_KEY: `${K1},k1:${btoa("c".repeat(32))}` })).toMatch(/second key with the id “k1”/);
  });

  it("is fine when it holds 32 bytes", () => expect(masterKeyFault(both)).toBeUndefined());
});

describe("a secret of a workspace", () => {
  it("opens under its own name alone", async () => {
    const workspace = newId("ws");
    const dek = await createWorkspaceKey(env, workspace);
    await env.DB.prepare("INSERT INTO workspaces (id, name, dek, created_at) VALUES (?, 'x', ?, 0)").bind(workspace, dek).run();
    const sealed = await sealSecret(env, workspace, "secret/A", "value");
    expect(await openSecret(env, workspace, "secret/A", sealed)).toBe("value");
    await expect(openSecret(env, workspace, "secret/B", sealed)).rejects.toThrow(SealBrokenError);
    await expect(sealSecret(env, "ws_none", "secret/A", "value")).rejects.toThrow(/no workspace/);
  });
});
