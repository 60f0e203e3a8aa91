import type { FlowFile } from "../../shared/flow/flow-file.ts";

interface Usable {
  app: string;
  auth: string;
  status: "connected" | "expired" | "revoked" | "error";
  owner: "user" | "workspace";
  key: string | null;
}

/**
 * The accounts that count, by slot: in slots of the workspace its own account (the one that the slot names, else the oldest that works,
 * else the oldest), whatever was sent; in all others what was sent, but never an account of the workspace.
 */
export function slotAccounts(flow: FlowFile, known: Record<string, Usable>, sent: Record<string, string>): Record<string, string> {
  const isWorkspaces = (id: string) => Object.hasOwn(known, id) && known[id]?.owner === "workspace";
  const kept = Object.entries(sent).filter(([slot, id]) => flow.accounts[slot]?.owner !== "workspace" && !isWorkspaces(id));
  const chosen = Object.entries(flow.accounts).flatMap(([slot, { app, auth, owner, account }]) => {
    if (owner !== "workspace") return [];
    const able = Object.entries(known).filter(
      ([, one]) =>
        one.owner === "workspace" &&
        one.app === app &&
        (!auth || auth.includes(one.auth)) &&
        (account === undefined || one.key === account),
    );
    const [id] = able.find(([, { status }]) => status === "connected") ?? able[0] ?? [];
    return id === undefined ? [] : [[slot, id] as const];
  });
  return Object.fromEntries([...kept, ...chosen]);
}
