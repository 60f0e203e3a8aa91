import type { Deps, Reply } from "../../engine/deps.ts";
import { runBlock } from "../../engine/run-block.ts";
import { startOf } from "./drive-run.ts";
import type { Parts } from "./parts.ts";
import { veiledJournal } from "./veiled-journal.ts";

/**
 * What run `id` has answered its caller, made once more from what it has done: nothing is done again. Undefined where it has answered
 * nothing, or is not there.
 */
export async function replyOfRun(parts: Parts, id: string): Promise<Reply | undefined> {
  const row = parts.runs.read(id);
  if (!row) return undefined;
  const open = await parts.configs.open(row.config);
  let first: Reply | undefined;
  const deps: Deps = {
    now: () => parts.now(),
    random: () => 0,
    sleep: () => Promise.resolve(),
    after: () => () => undefined,
    perform: () => Promise.reject(new Error("what looks back does nothing")),
    respond: (reply) => {
      first ??= reply;
    },
    isSpent: () => true,
    isCanceled: () => first !== undefined,
  };
  await runBlock(startOf(parts, row, open, parts.now()), veiledJournal(parts.runs.journal(id), open.hidden), deps);
  return first;
}
