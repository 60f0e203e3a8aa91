// Sealing of what must stay secret at rest: AES-256-GCM under a key of the workspace, which the master key wraps. Who owns a text and
// which field it is goes in as additional data, so that a sealed text opens nowhere but where it was made.
import { base64url } from "jose";
import type { Env } from "../env.ts";

/** The Worker lacks a setting without which it must not answer; `message` names it and says what to put there. */
export class SettingMissingError extends Error {
  override readonly name = "SettingMissingError";
}

/** A sealed text that does not open: changed, moved to another owner, or sealed under a key that is gone. */
export class SealBrokenError extends Error {
  override readonly name = "SealBrokenError";
}

/** A workspace's data key, ready for use. `id` stands in each text sealed with it. */
export interface WorkspaceKey {
  workspace: string;
  id: string;
  key: CryptoKey;
  /** 32 bytes derived from it for the codes of the audit log's chain; they open nothing. */
  chain: Uint8Array<ArrayBuffer>;
}

/** What a text is bound to: the thing that owns it (`acc_…`, `secret`, `values`) and the field of it. */
export interface SealOwner {
  owner: string;
  field: string;
}

interface MasterKey {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** The setting that holds it. */
  setting: string;
}

/** The settings with master keys: `INLAY_MASTER_KEY`, and behind a rotation `INLAY_MASTER_KEY_2` and so on, the highest number newest. */
export interface MasterKeySettings {
  INLAY_MASTER_KEY?: string;
}

/** What is wrong with `INLAY_MASTER_KEY`, in words, or undefined. Cheap: every request may ask. */
export function masterKeyFault(env: MasterKeySettings): string | undefined {
  try {
    masterKeys(env);
    return undefined;
  } catch (error) {
    if (error instanceof SettingMissingError) return error.message;
    throw error;
  }
}

/** A fresh data key for `workspace`, wrapped by the newest master key: what `workspaces.dek` holds. */
export async function createWorkspaceKey(env: MasterKeySettings, workspace: string): Promise<string> {
  return wrap(env, workspace, crypto.getRandomValues(new Uint8Array(32)));
}

/** Unwraps a workspace's key. Throws `SettingMissingError` where its master key is not configured, `SealBrokenError` where it was changed. */
export async function openWorkspaceKey(env: MasterKeySettings, workspace: string, wrapped: string): Promise<WorkspaceKey> {
  const bytes = await unwrap(env, workspace, wrapped);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { workspace, id: base64url.encode(digest.subarray(0, 6)), key: await importKey(bytes), chain: await deriveBytes(bytes, "audit") };
}

/** The same data key under the newest master key: rotation re-wraps and rewrites no data. */
export async function rewrapWorkspaceKey(env: MasterKeySettings, workspace: string, wrapped: string): Promise<string> {
  return wrap(env, workspace, await unwrap(env, workspace, wrapped));
}

/** Seals `text` for `owner`: `v1.KEY.IV.CIPHERTEXT`. */
export async function sealText(key: WorkspaceKey, owner: SealOwner, text: string): Promise<string> {
  return encrypt(key.key, key.id, [key.workspace, owner.owner, owner.field], new TextEncoder().encode(text));
}

/** Opens what {@link sealText} made for the same workspace, owner and field. Throws `SealBrokenError` for anything else. */
export async function openText(key: WorkspaceKey, owner: SealOwner, sealed: string): Promise<string> {
  if (partsOf(sealed).id !== key.id) throw new SealBrokenError(`sealed under another key than that of ${key.workspace}`);
  return new TextDecoder().decode(await decrypt(key.key, [key.workspace, owner.owner, owner.field], sealed));
}

async function wrap(env: MasterKeySettings, workspace: string, bytes: Uint8Array): Promise<string> {
  const [newest] = masterKeys(env);
  return encrypt(await importKey(newest.bytes), newest.id, [workspace, "workspace", "dek"], bytes);
}

async function unwrap(env: MasterKeySettings, workspace: string, wrapped: string): Promise<Uint8Array<ArrayBuffer>> {
  const { id } = partsOf(wrapped);
  const master = masterKeys(env).find((one) => one.id === id);
  if (!master)
    throw new SettingMissingError(
      `INLAY_MASTER_KEY lacks the key “${id}” that ${workspace} was sealed with: put it back, behind the newest`,
    );
  return decrypt(await importKey(master.bytes), [workspace, "workspace", "dek"], wrapped);
}

/** Which master keys are configured, newest first, by id and the setting that holds each. Throws `SettingMissingError` where none is. */
export const listMasterKeys = (env: MasterKeySettings): { id: string; setting: string }[] =>
  masterKeys(env).map(({ id, setting }) => ({ id, setting }));

/** The id of the master key that `wrapped` needs. */
export const masterKeyIdOf = (wrapped: string): string => partsOf(wrapped).id;

type MasterKeys = [MasterKey, ...MasterKey[]];
/** By the settings' own object, which an isolate keeps. */
const readKeys = new WeakMap<object, { from: string; keys: MasterKeys }>();

function masterKeys(env: MasterKeySettings): MasterKeys {
  const settings = Object.entries(env).flatMap(([name, value]: [string, unknown]) => {
    const match = /^INLAY_MASTER_KEY(?:_(\d{1,4}))?$/.exec(name);
    return match && typeof value === "string" && value.trim() ? [{ name, value, age: Number(match[1] ?? 1) }] : [];
  });
  const from = settings.map(({ name, value }) => `${name}=${value}`).join("\n");
  const known = readKeys.get(env);
  if (known?.from === from) return known.keys;
  settings.sort((a, b) => b.age - a.age);
  const [newest, ...older] = settings.flatMap(({ name, value }) => readMasterKeys(name, value));
  if (!newest) throw new SettingMissingError("INLAY_MASTER_KEY is not set: set it to ID:BASE64 of 32 random bytes");
  const twice = older.find(({ id }, index) => id === newest.id || older.findIndex((one) => one.id === id) !== index);
  if (twice) throw new SettingMissingError(`${twice.setting} holds a second key with the id “${twice.id}”: give each its own id`);
  const keys: MasterKeys = [newest, ...older];
  readKeys.set(env, { from, keys });
  return keys;
}

function readMasterKeys(setting: string, value: string): MasterKey[] {
  const entries = value.split(",").map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry): MasterKey => {
    const [id = "", encoded = ""] = entry.split(":");
    const bytes = /^[\w-]{1,32}$/.test(id) ? decodeBase64(encoded) : undefined;
    if (bytes?.length !== 32)
      throw new SettingMissingError(`${setting} cannot be read: write ID:BASE64 of 32 random bytes, newest first, comma separated`);
    return { id, bytes, setting };
  });
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(base64url.decode(text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")));
  } catch {
    return undefined;
  }
}

const importKey = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
const additionalData = (parts: string[]) => new TextEncoder().encode(JSON.stringify(["inlay.v1", ...parts]));

/** 32 bytes for one purpose (HKDF, RFC 5869). */
async function deriveBytes(bytes: Uint8Array<ArrayBuffer>, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const source = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(`inlay.v1 ${purpose}`);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, source, 256));
}

async function encrypt(key: CryptoKey, id: string, bound: string[], bytes: Uint8Array): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: additionalData(bound) }, key, bytes);
  return ["v1", id, base64url.encode(iv), base64url.encode(new Uint8Array(sealed))].join(".");
}

async function decrypt(key: CryptoKey, bound: string[], sealed: string): Promise<Uint8Array<ArrayBuffer>> {
  const { iv, ciphertext } = partsOf(sealed);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: additionalData(bound) }, key, ciphertext));
  } catch {
    throw new SealBrokenError(`a sealed text of ${bound[0]} does not open: it was changed, or belongs elsewhere`);
  }
}

function partsOf(sealed: string): { id: string; iv: Uint8Array<ArrayBuffer>; ciphertext: Uint8Array<ArrayBuffer> } {
  const [version, id, iv, ciphertext, more] = sealed.split(".");
  const bytes = [iv, ciphertext].map((part) => decodeBase64(part ?? ""));
  const [ivBytes, textBytes] = bytes;
  if (version !== "v1" || !id || !ivBytes || !textBytes || ivBytes.length !== 12 || more !== undefined)
    throw new SealBrokenError("this is no sealed text");
  return { id, iv: ivBytes, ciphertext: textBytes };
}

const KEEP = 300_000;
const KEPT_KEYS = 200;
const kept = new Map<string, { key: WorkspaceKey; until: number }>();

/** The key of `workspace`, from D1, kept by this isolate for five minutes. Throws where the workspace is unknown. */
export async function workspaceKey(env: Pick<Env, "DB"> & MasterKeySettings, workspace: string): Promise<WorkspaceKey> {
  const known = kept.get(workspace);
  if (known && known.until > Date.now()) return known.key;
  const row = await env.DB.prepare("SELECT dek FROM workspaces WHERE id = ?").bind(workspace).first<{ dek: string }>();
  if (!row) throw new SealBrokenError(`there is no workspace ${workspace}`);
  const key = await openWorkspaceKey(env, workspace, row.dek);
  if (kept.size >= KEPT_KEYS) kept.clear();
  kept.set(workspace, { key, until: Date.now() + KEEP });
  return key;
}

/** Seals a secret of `workspace` under its key. `name` says whose and which (`secret/CLIENT_SECRET`, `setup/FIELD`): it opens under no other. */
export async function sealSecret(env: Pick<Env, "DB"> & MasterKeySettings, workspace: string, name: string, text: string): Promise<string> {
  return sealText(await workspaceKey(env, workspace), { owner: "workspace", field: name }, text);
}

/** Opens what {@link sealSecret} made for the same workspace and name. Throws `SealBrokenError` for anything else. */
export async function openSecret(
  env: Pick<Env, "DB"> & MasterKeySettings,
  workspace: string,
  name: string,
  sealed: string,
): Promise<string> {
  return openText(await workspaceKey(env, workspace), { owner: "workspace", field: name }, sealed);
}
