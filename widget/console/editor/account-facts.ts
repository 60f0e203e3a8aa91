import { parse } from "yaml";

/** An account slot as a flow's file has it; `account`: the key of the workspace's account that it names. */
export interface AccountFact {
  slot: string;
  app: string;
  label: string;
  owner: "user" | "workspace";
  account: string | undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const words = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** The slots in the file's order; none where it cannot be read. */
export function readAccountSlots(source: string): AccountFact[] {
  let file: unknown;
  try {
    file = parse(source, { logLevel: "silent" });
  } catch {
    return [];
  }
  if (!isRecord(file) || !isRecord(file.accounts)) return [];
  return Object.entries(file.accounts).flatMap(([slot, one]) => {
    const app = isRecord(one) ? words(one.app) : undefined;
    if (!isRecord(one) || app === undefined) return [];
    return [
      { slot, app, label: words(one.label) ?? slot, owner: one.owner === "workspace" ? "workspace" : "user", account: words(one.account) },
    ];
  });
}
