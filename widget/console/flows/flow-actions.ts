import { at, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { createFlow, type FlowInfo } from "./flow-api.ts";
import { say } from "./words.ts";

/** Makes a copy that knows where it came from, and goes there. */
export async function forkFlow(from: HTMLElement, { key, name }: FlowInfo): Promise<void> {
  await attempt(
    from,
    async () => {
      const copy = await workspace<{ key: string }>(`flows/${at(key)}/fork`, { method: "POST", body: {} });
      go(hrefOf(`/flows/${at(copy.key)}`));
    },
    say("forked", { name }),
  );
}

/** Keeps the flow's file among the workspace's templates. */
export async function saveTemplate(from: HTMLElement, { key, name }: FlowInfo): Promise<void> {
  await attempt(from, () => workspace("templates", { method: "POST", body: { flow: key } }), say("templateSaved", { name }));
}

/** Stores a file as a new flow's draft; answers its key, or undefined where it was refused (and said so). */
export async function storeDropped(from: HTMLElement, file: File): Promise<string | undefined> {
  let key: string | undefined;
  await attempt(from, async () => {
    if (file.size > 1_000_000 || !/\.(ya?ml|json)$/i.test(file.name)) throw new Error(say("notAFile"));
    const text = await file.text();
    ({ key } = await createFlow(text));
    notify(from, { text: say("added", { name: key }) });
  });
  return key;
}
