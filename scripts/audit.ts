import { CommandError } from "./edge-access.ts";
import type { WorkspaceAccess } from "./inlay/workspace-access.ts";

interface Check {
  ok: boolean;
  checked: number;
  next: number | null;
  head: { seq: number; mac: string };
  broken?: { seq: number; reason: "changed" | "missing"; at: string | null; action: string | null; target: string | null };
}

interface Wish {
  head?: string | undefined;
  json?: boolean | undefined;
}

/**
 * Checks the whole audit log of a workspace, and that it still holds `head` (`NUMBER:CODE`, as an earlier check printed it). Throws
 * `CommandError`, which names the entry, where one was changed or is missing.
 */
export async function verifyAudit(access: WorkspaceAccess, { head, json }: Wish): Promise<void> {
  const read = (after: number) => access.json<Check>(`/audit/verify?after=${after}`);
  const [number, code] = head?.split(":") ?? [];
  if (head !== undefined && !(Number(number) > 0 && code)) throw new CommandError("--head is NUMBER:CODE, as an earlier check printed it.");
  let check = await read(0);
  let checked = check.checked;
  while (check.ok && check.next !== null) {
    check = await read(check.next);
    checked += check.checked;
  }
  if (check.broken) {
    const { seq, reason, at, action, target } = check.broken;
    const what = action === null ? "" : ` It now reads: ${at} ${action} ${target}.`;
    throw new CommandError(`Entry ${seq} ${reason === "missing" ? "is missing" : "was changed"}; the ${checked} before it hold.${what}`);
  }
  if (head !== undefined) {
    const { items } = await access.json<{ items: { seq: number; mac: string }[] }>(`/audit?limit=1&seq=${number}`);
    if (items[0]?.mac !== code)
      throw new CommandError(`The log no longer holds entry ${number} as it was: it was cut off there, or begun anew.`);
  }
  if (json) console.log(JSON.stringify({ checked, head: `${check.head.seq}:${check.head.mac}` }, null, 2));
  else console.log(`${checked} entries hold. Keep this, to notice if the log's end is cut off: --head ${check.head.seq}:${check.head.mac}`);
}
