import type { Attention } from "../../../shared/api/integration.ts";
import { catalogue } from "../../db/catalogue.ts";
import { noteAttention } from "../../db/integrations.ts";
import { logFault } from "../../security/log-line.ts";
import { readAttention } from "./describe.ts";
import type { Parts } from "./parts.ts";

const TOLD = "told";

/** What counts as a change: words may differ from one failure to the next. */
const markOf = (attention: readonly Attention[]) =>
  JSON.stringify([...new Set(attention.map(({ code, block, account, field }) => [code, block, account, field].join(" ")))].sort());

/** Remembers that whoever asked has been given `attention`, and will see to the catalogue. */
export function rememberTold(parts: Parts, attention: readonly Attention[]): void {
  const mark = markOf(attention);
  if ((parts.meta.get(TOLD) ?? "[]") !== mark) parts.meta.set(TOLD, mark);
}

/** Tells the catalogue, and the user's open streams, where something else needs attention than at the last time. Never rejects. */
export async function tellAttention(parts: Parts): Promise<void> {
  const config = parts.configs.current;
  if (!config) return;
  const attention = readAttention(parts);
  if ((parts.meta.get(TOLD) ?? "[]") === markOf(attention)) return;
  const { id, workspace, user, flow, enabled } = config;
  const status = enabled ? (attention.length ? ("needs_attention" as const) : ("enabled" as const)) : ("disabled" as const);
  try {
    await noteAttention(catalogue(parts.env), { workspace, id }, attention);
    rememberTold(parts, attention);
    await parts.env.LEDGERS.getByName(workspace).publish([
      { user: user.ref, message: { type: "integration", integration: { id, flow: flow.key, status } } },
    ]);
  } catch (error) {
    // Told again with the next due time.
    logFault("attention", { integration: id, error });
  }
}
