// Where attachments' bytes stand. The row is written after the bytes and removed before them: what is listed is there to be read.
import type { AttachmentRow } from "../db/attachments.ts";
import type { Env } from "../env.ts";

type Place = Pick<AttachmentRow, "workspace" | "flow" | "id">;
const keyOf = ({ workspace, flow, id }: Place) => `${workspace}/${flow}/${id}`;
/** Keys that the bucket removes at once. */
const MANY = 1_000;

export async function putFile(env: Env, place: Place, bytes: Uint8Array, type: string): Promise<void> {
  await env.FILES.put(keyOf(place), bytes, { httpMetadata: { contentType: type } });
}

/** The file's bytes; null where the bucket has lost them. */
export const readFile = async (env: Env, place: Place): Promise<ReadableStream | null> => (await env.FILES.get(keyOf(place)))?.body ?? null;

export async function removeFile(env: Env, place: Place): Promise<void> {
  await env.FILES.delete(keyOf(place));
}

/** Removes everything that was ever attached to a flow, listed or not. `flow` is `flows.id`. */
export async function removeFilesOf(env: Env, workspace: string, flow: string): Promise<void> {
  for (;;) {
    const { objects, truncated } = await env.FILES.list({ prefix: `${workspace}/${flow}/`, limit: MANY });
    if (objects.length) await env.FILES.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}
